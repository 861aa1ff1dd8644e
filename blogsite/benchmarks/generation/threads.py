"""The peer with threads inside a task: few tasks, each with its share of the posts and a pool of threads."""

from functools import partial
from typing import Any

from django.db import transaction

from blogs.models import BlogPost
from blogsite.benchmarks.by_the_book.receivers import enqueue_batch
from blogsite.benchmarks.generation import load, processes
from blogsite.benchmarks.generation.size import Size
from blogsite.benchmarks.harness.deployment import Deployment
from blogsite.benchmarks.harness.postgres import PostgresServer


def measure(deployment: Deployment, server: PostgresServer | None, size: Size) -> dict[str, Any]:
    """Return the results; one call a post, which takes the whole latency."""
    worker = processes.start_workers(deployment, size.workers)
    deployment.model.control(always={"delay": size.latency})
    return load.run(deployment, worker, server.port if server else None, size, partial(request, size))


def request(size: Size, count: int) -> None:
    """Request posts with a task for each worker, all in one transaction."""
    author = load.owner()
    with transaction.atomic():
        posts = [
            BlogPost(owner=author, title=load.TITLE, brief_title=load.TITLE, brief=load.BRIEF) for _ in range(count)
        ]
        pks = [post.pk for post in BlogPost.objects.bulk_create(posts)]
        for part in range(size.workers):
            enqueue_batch(pks[part :: size.workers], size.share)
