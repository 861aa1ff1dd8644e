"""A background task as tutorials write it: get the row, call the model, save the row."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from openai import OpenAI

from blogs.models import BlogPost, Status

TOKENS_MAX = 2000

# Created before the cluster forks its workers: the cheapest way for the stock form.
client = OpenAI(api_key=settings.OPENAI_API_KEY, base_url=settings.OPENAI_BASE_URL or None)


def write_post(pk: int) -> None:
    """Write one post with one call.

    Raises:
        BlogPost.DoesNotExist: it was deleted.
        openai.OpenAIError: the call failed, after the SDK's own retries.
    """
    post = BlogPost.objects.get(pk=pk)
    post.status = Status.IN_PROGRESS
    post.save()
    brief = f'Write a blog post titled "{post.brief_title}" in Markdown, from these notes:\n\n{post.brief}'
    answer = client.chat.completions.create(
        model=settings.OPENAI_MODEL, max_tokens=TOKENS_MAX, messages=[{"role": "user", "content": brief}]
    )
    post.content = answer.choices[0].message.content or ""
    post.status = Status.COMPLETED
    post.save()


def write_posts(pks: Sequence[int], threads: int) -> None:
    """Write posts in one task, `threads` of them at a time."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(write_post, pks))
