"""The product's own form: throughput, the time from POST to the first call, and a long queue."""

import http.client
import json
import random
import time
from statistics import median
from typing import Any

from accounts.tokens import token_pair
from blogsite.benchmarks.generation import backlog, load
from blogsite.benchmarks.generation.size import MARGIN, MODEL_CALLS, Size
from blogsite.benchmarks.harness.deployment import HOST, Deployment
from blogsite.benchmarks.harness.postgres import PostgresServer

SPREAD = 0.6  # of a streamed call: the rest is the time to its first token
GAPS = (0.25, 0.75)  # seconds between a post's end and the next request; random, to be out of step with the queue


def measure(deployment: Deployment, server: PostgresServer | None, size: Size) -> dict[str, Any]:
    """Return all results of the product; the model takes half of a post's latency for each of its two calls."""
    worker = deployment.start_worker().pid
    results = pickup(deployment, size.pickups)
    deployment.model.control(reset=True, always={"delay": size.latency / MODEL_CALLS, "spread": SPREAD})
    results |= load.run(deployment, worker, server.port if server else None, size)
    if size.queue_depth:
        deployment.model.control(reset=True, always={"delay": backlog.CALL})
        results["backlog"] = backlog.measure(worker, server, size)
    return results


def pickup(deployment: Deployment, samples: int) -> dict[str, Any]:
    """Measure on the idle service, one post at a time, from sending the POST to the arrival of its first call."""
    sent = [request_when_idle(deployment) for _ in range(samples)]
    arrivals = sorted(call["arrived"] for call in deployment.model.calls())
    waits = sorted(1000 * (min(at for at in arrivals if at > moment) - moment) for moment in sent)
    return {
        "pickup_median_ms": round(median(waits)),
        "pickup_p99_ms": round(waits[-(-99 * len(waits) // 100) - 1]),  # nearest rank: of 40 samples the largest
        "pickups": samples,
    }


def request_when_idle(deployment: Deployment) -> float:
    """Have one post written over HTTP; return the Unix time of its request in seconds."""
    load.wait_until_finished(MARGIN)
    time.sleep(random.uniform(*GAPS))
    body = json.dumps({"title": load.TITLE, "content": load.BRIEF})
    token = token_pair(load.owner())["access_token"]
    connection = http.client.HTTPConnection(HOST, deployment.port, timeout=10)
    connection.connect()
    sent = time.time()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/blogs", body, headers)
    status = connection.getresponse().status
    connection.close()
    if status != http.client.CREATED:
        raise RuntimeError(f"POST /api/v1/blogs was answered {status}")
    load.wait_until_finished(MARGIN)
    return sent
