"""The faults: each function breaks one thing in a running deployment."""

import os
import signal
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import psutil
from django.db import DatabaseError, connection, transaction
from django_q.models import OrmQ

from accounts.models import User
from blogs.models import BlogPost
from blogsite.benchmarks.faults.scene import Fault, NothingHit, Scene
from blogsite.benchmarks.faults.silences import SILENCES
from blogsite.benchmarks.faults.victims import cluster, holders, kill, writer
from generation.models import Generation

POISON_DEATHS = 3


def busy_worker(scene: Scene) -> None:
    kill(scene, [writer(scene)])


def queue_worker(scene: Scene) -> None:
    kill(scene, [cluster(scene)[2]])


def monitor(scene: Scene) -> None:
    kill(scene, [cluster(scene)[-2]])


def pusher(scene: Scene) -> None:
    kill(scene, [cluster(scene)[-1]])


def sentinel(scene: Scene) -> None:
    kill(scene, [cluster(scene)[1]])


def main_process(scene: Scene) -> None:
    kill(scene, [cluster(scene)[0]])


def whole_session(scene: Scene) -> None:
    kill(scene, cluster(scene))


def worker_command(scene: Scene) -> None:
    kill(scene, [psutil.Process(scene.random.choice([w for w in scene.deployment.workers if w.alive]).pid)])


def web(scene: Scene) -> None:
    process = psutil.Process(scene.deployment.web.pid)
    for victim in (process, *process.children(recursive=True)):
        victim.kill()


def model_server(scene: Scene) -> None:
    scene.keep_calls()
    scene.deployment.model.process.end(grace=0)
    time.sleep(1)
    scene.deployment.model.start()


def host_cut_off(scene: Scene) -> None:
    """Cut one of two hosts off from the database for longer than a lease."""
    if scene.relay is None:
        raise NothingHit("there is one host only")
    scene.relay.cut()
    threading.Timer(scene.lease * 1.5, scene.relay.restore).start()


def rollback(scene: Scene) -> None:
    """Request a post and roll back after its wake-up."""
    owner = User.objects.earliest("id")
    with suppress(ZeroDivisionError), transaction.atomic():
        BlogPost(owner=owner, title="Never requested").submit(requested_by=owner)
        raise ZeroDivisionError


def doubled_wakeups(scene: Scene) -> None:
    rows = list(OrmQ.objects.all()[:50])
    OrmQ.objects.bulk_create([OrmQ(key=row.key, payload=row.payload, lock=row.lock) for row in rows])


def lost_wakeups(scene: Scene) -> None:
    OrmQ.objects.all().delete()


def reordered_wakeups(scene: Scene) -> None:
    rows = list(OrmQ.objects.all()[:50])
    payloads = [row.payload for row in rows]
    scene.random.shuffle(payloads)
    for row, payload in zip(rows, payloads, strict=True):
        OrmQ.objects.filter(pk=row.pk).update(payload=payload)


def backlog(scene: Scene) -> None:
    for _ in range(scene.capacity * 2):
        scene.people[0].submit()


def poison(scene: Scene) -> None:
    """Kill every worker process that fetches a certain post, up to the deaths after which it is given up."""
    post = scene.random.choice(scene.memory.posts)

    def kill_holders() -> None:
        deaths, end = 0, time.monotonic() + scene.lease * 4
        while deaths < POISON_DEATHS and time.monotonic() < end:
            with suppress(NothingHit, DatabaseError, psutil.NoSuchProcess, OSError):
                kill(scene, holders(scene, Generation.objects.held().filter(post_id=post, deaths=deaths)))
                deaths += 1
            time.sleep(0.1)
        connection.close()

    with suppress(BlogPost.DoesNotExist):
        scene.memory.live.pop(post, None)
        BlogPost.objects.get(pk=post).request_generation()
    threading.Thread(target=kill_holders, daemon=True).start()


def misbehave(times: int = 3, **behaviour: object) -> Fault:
    """Return a fault: the model server answers its next calls with this behaviour."""

    def fault(scene: Scene) -> None:
        scene.deployment.model.control(answer=behaviour, times=times)

    return fault


def limited_until_a_date(scene: Scene) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    scene.deployment.model.control(answer={"status": 429, "retry_after": moment})


def sigterm(scene: Scene) -> None:
    """Stop a worker gracefully; it is restarted as by a service manager."""
    worker = scene.random.choice([worker for worker in scene.deployment.workers if worker.alive])
    os.kill(worker.pid, signal.SIGTERM)


OF_PROCESSES: dict[str, Fault] = {
    "busy worker killed": busy_worker,
    "first worker killed": queue_worker,
    "monitor killed": monitor,
    "pusher killed": pusher,
    "sentinel killed": sentinel,
    "main process killed": main_process,
    "whole session killed": whole_session,
    "worker command killed": worker_command,
    "worker stopped": sigterm,
    "web killed": web,
    "model server killed": model_server,
    "one host cut off": host_cut_off,
}
OF_MESSAGES: dict[str, Fault] = {
    "wake-ups doubled": doubled_wakeups,
    "wake-ups lost": lost_wakeups,
    "wake-ups reordered": reordered_wakeups,
    "rollback after the wake-up": rollback,
    "backlog": backlog,
    "poison post": poison,
}
OF_THE_MODEL: dict[str, Fault] = {
    "429, seconds": misbehave(status=429, retry_after=2),
    "429, date": limited_until_a_date,
    "429, zero": misbehave(status=429, retry_after=0),
    "429, no Retry-After": misbehave(times=1, status=429),
    "500s": misbehave(status=500, times=8),
    "hanging": misbehave(fault="hang"),
    "slow body": misbehave(drip=0.05),
    "reset mid-body": misbehave(fault="reset"),
    "cut mid-body": misbehave(fault="cut"),
    "broken JSON": misbehave(fault="broken_body"),
    "oversized": misbehave(fault="oversized", times=1),
    "endless": misbehave(fault="endless", times=1),
    "a line without an end": misbehave(fault="one_line", times=1),
    "empty": misbehave(text=""),
    "refusing": misbehave(times=1, refusal="I will not write that."),
    "401": misbehave(times=1, status=401),
    "404": misbehave(times=1, status=404),
}
EVERY = OF_PROCESSES | SILENCES | OF_MESSAGES | OF_THE_MODEL
# For the by-the-book form, which has no leases and one host.
NOT_BY_THE_BOOK = {
    "busy worker killed", "worker frozen", "worker frozen for good", "row held", "one host cut off", "poison post",
    "worker stopped", "backlog",
}  # fmt: skip
BY_THE_BOOK = {name: fault for name, fault in EVERY.items() if name not in NOT_BY_THE_BOOK}
