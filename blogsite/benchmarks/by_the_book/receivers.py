"""Replaces the product's receiver: a task for each post instead of a row."""

from collections.abc import Sequence
from typing import Any

from django_q.tasks import async_task

from blogs.models import BlogPost
from blogsite.benchmarks.by_the_book.tasks import write_post, write_posts


def enqueue_task(post: BlogPost, **kwargs: Any) -> None:
    """Queue a task for the post, in the transaction that holds its row."""
    async_task(write_post, post.pk)


def enqueue_batch(pks: Sequence[int], threads: int) -> None:
    """Queue one task that writes all these posts, `threads` of them at a time."""
    async_task(write_posts, pks, threads)
