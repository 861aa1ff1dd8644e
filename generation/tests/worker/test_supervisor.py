"""`manage.py worker` with its real qcluster: killed, stopped and restarted."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import connection

from blogs.models import BlogPost, Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import request_post
from blogsite.testing.workers import TIMEOUT, database_url, eventually
from generation.models import Generation, State
from generation.processes.child import ChildProcess
from generation.worker.supervisor import NO_LEASE, RESTARTING, WORKER_DIED

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


def is_finished(post: BlogPost) -> bool:
    post.refresh_from_db()
    return post.status == Status.COMPLETED


def family(worker: ChildProcess) -> list[psutil.Process]:
    return [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that are still running; a zombie is not."""
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def cluster(worker: ChildProcess) -> tuple[psutil.Process, psutil.Process, list[psutil.Process]]:
    """Return the cluster's main process, its sentinel, and the sentinel's children: workers, monitor and pusher."""
    main = psutil.Process(worker.pid).children()[0]
    sentinel = main.children()[0]
    return main, sentinel, sorted(sentinel.children(), key=lambda process: process.pid)


def slowly(model_server: Any, delay: float) -> None:
    model_server.always(Behaviour(delay=delay))


def test_a_post_is_written_by_a_real_cluster(start_worker, model_server):
    start_worker()

    post = request_post()

    eventually(lambda: is_finished(post))
    assert "## " in post.content


def test_posts_that_were_queued_before_a_worker_came_are_written_even_if_their_wake_ups_are_lost(start_worker):
    from django_q.models import OrmQ

    posts = [request_post(), request_post()]
    OrmQ.objects.all().delete()

    start_worker()

    eventually(lambda: all(is_finished(post) for post in posts))


def test_sigterm_leaves_no_process_no_lease_and_no_attempt(start_worker, model_server):
    worker = start_worker()
    slowly(model_server, 30)
    post = request_post()
    model_server.wait_until(lambda calls: len(calls) == 1)
    processes = family(worker)

    os.kill(worker.pid, signal.SIGTERM)

    eventually(lambda: worker.exit_code == 0)
    assert living(processes) == []
    generation = Generation.objects.get()
    assert (generation.status, generation.attempts, generation.token) == (State.PENDING, 0, None)
    post.refresh_from_db()
    assert post.status == Status.PENDING
    assert "Traceback" not in "\n".join(worker.last_lines)


def test_sigterm_to_the_whole_group_is_as_graceful(start_worker, model_server):
    worker = start_worker()
    slowly(model_server, 30)
    request_post()
    model_server.wait_until(lambda calls: len(calls) == 1)
    processes = family(worker)

    for process in processes:
        process.terminate()

    eventually(lambda: worker.exit_code == 0)
    assert living(processes) == []
    assert Generation.objects.get().attempts == 0


@contextmanager
def away(table: str) -> Iterator[None]:
    """Have every statement on a table fail."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")


VICTIMS = {
    "main": lambda main, sentinel, children: main,
    "sentinel": lambda main, sentinel, children: sentinel,
    "idle worker": lambda main, sentinel, children: children[0],
    "other worker": lambda main, sentinel, children: children[1],
    "monitor": lambda main, sentinel, children: children[2],
    "pusher": lambda main, sentinel, children: children[3],
}


@pytest.mark.parametrize("victim", VICTIMS)
def test_writing_goes_on_whichever_idle_process_is_killed(start_worker, victim):
    worker = start_worker()

    VICTIMS[victim](*cluster(worker)).kill()

    post = request_post()
    eventually(lambda: is_finished(post))
    assert Generation.objects.get().attempts == 1


def test_a_cluster_that_starts_slowly_is_left_to_start(start_worker):
    worker = start_worker(wait=False)
    eventually(lambda: psutil.Process(worker.pid).children())
    [main] = psutil.Process(worker.pid).children()
    main.suspend()
    post = request_post()

    time.sleep(12)  # more than a cluster that is ready may leave due posts
    main.resume()

    eventually(lambda: is_finished(post))
    assert RESTARTING.removesuffix("%s") not in "\n".join(worker.last_lines)


def test_a_worker_starts_though_the_database_cannot_say_who_else_is_there(start_worker):
    with away("generation_workerseen"):
        start_worker()

    post = request_post()

    eventually(lambda: is_finished(post))


def test_a_cluster_that_leaves_due_posts_is_restarted_and_says_why(start_worker):
    worker = start_worker()
    for process in cluster(worker)[2][:2]:
        process.suspend()
    post = request_post()

    eventually(lambda: is_finished(post))
    assert RESTARTING % NO_LEASE in "\n".join(worker.last_lines)


def test_the_sdk_is_loaded_once_for_all_workers(start_worker):
    """Its parts are mapped by the process that the workers were forked from, before any of them has work."""
    main, sentinel, children = cluster(start_worker())

    for process in (main, sentinel, *children):
        assert any("pydantic_core" in mapped.path for mapped in process.memory_maps())


def test_what_is_written_goes_on_when_the_queue_cannot_be_read(start_worker, model_server):
    worker = start_worker()
    _, _, [*_, pusher] = cluster(worker)
    model_server.answer(Behaviour(delay=15))
    post = request_post()
    model_server.wait_until(lambda calls: len(calls) == 1)

    with away("django_q_ormq"):
        eventually(lambda: not living([pusher]))  # it ends in order, after 10 seconds

    eventually(lambda: is_finished(post))
    generation = Generation.objects.get()
    assert (generation.attempts, generation.deaths, generation.calls) == (1, 0, len(model_server.calls))


def test_a_worker_killed_at_work_costs_its_call_and_no_more(start_worker, model_server):
    worker = start_worker()
    slowly(model_server, 2)
    post = request_post()
    model_server.wait_until(lambda calls: len(calls) == 1)
    name = Generation.objects.get().worker

    psutil.Process(int(name.rpartition(":")[2])).kill()

    eventually(lambda: is_finished(post))
    generation = Generation.objects.get()
    assert WORKER_DIED % name in "\n".join(worker.last_lines)
    assert (generation.attempts, generation.deaths) == (2, 1)
    assert len(model_server.calls) == generation.calls + 1
    assert worker.alive


def test_a_killed_command_leaves_no_process_and_its_posts_to_the_next(start_worker, model_server):
    worker = start_worker()
    slowly(model_server, 2)
    post = request_post()
    model_server.wait_until(lambda calls: len(calls) == 1)
    processes = family(worker)

    os.kill(worker.pid, signal.SIGKILL)
    with suppress(psutil.TimeoutExpired):
        psutil.wait_procs(processes, timeout=TIMEOUT)

    assert living(processes) == []
    start_worker()
    eventually(lambda: is_finished(post))


def test_many_signals_to_stop_are_one(start_worker):
    main, *_ = cluster(start_worker())

    with suppress(psutil.NoSuchProcess):
        for _ in range(3000):  # so close that some meet in the handler
            main.send_signal(signal.SIGTERM)
    with suppress(psutil.TimeoutExpired):
        main.wait(TIMEOUT)

    assert living([main]) == []


def test_the_web_server_never_imports_the_sdk():
    code = "import blogsite.wsgi, sys; assert not {'openai', 'xllamacpp'} & set(sys.modules)"

    subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=True)


def test_a_worker_whose_output_nobody_reads_goes_on(start_worker, model_server):
    """More lines than a pipe holds come from its processes, and its own output is read by nobody."""
    environment = os.environ | {"DATABASE_URL": database_url(), "OPENAI_BASE_URL": model_server.url}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert worker.stdout is not None
    fcntl.fcntl(worker.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
    try:
        for _ in range(25):
            posts = [request_post("x" * 200) for _ in range(2)]
            eventually(lambda: all(is_finished(post) for post in posts))  # noqa: B023
    finally:
        worker.terminate()
        worker.communicate(timeout=TIMEOUT)
