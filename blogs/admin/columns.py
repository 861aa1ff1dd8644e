"""What the admin shows of a post, in the list and on its page; the same for a page and for its live updates."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blogs.models import RUNNING, BlogPost, Status

STAGES = {
    "wait": "waiting for a worker",
    "start": "starting",
    "plan": "planning",
    "write": "writing",
    "edit": "editing",
    "check": "checking",
}


def status_label(status: str, words: str) -> SafeString:
    return format_html('<span class="status-label {}">{}</span>', status, words)


def state(post: BlogPost) -> SafeString:
    """Return the status, and how far the writer is; the marks are for the script that keeps it up to date."""
    label = status_label(post.status, Status(post.status).label)
    running = "yes" if post.status in RUNNING else "no"
    return format_html(
        '<span class="state" data-post="{}" data-running="{}">{}{}</span>', post.pk, running, label, progress(post)
    )


def state_in_list(post: BlogPost) -> SafeString:
    """Return the status with what a list has room for: a failure's code and what everybody may read of it."""
    return format_html("{}{}", state(post), failure_in_short(post))


def progress(post: BlogPost) -> SafeString | str:
    if post.status not in RUNNING or not post.progress:
        return ""
    words, done, total = in_words(post.progress), post.progress["done"], post.progress["total"]
    if total < 2:
        return format_html(' <span class="quiet">{}</span>', words)
    return format_html(
        ' <span class="quiet">{}</span> <progress max="{}" value="{}" aria-label="{}"></progress>',
        words,
        total,
        done,
        words,
    )


def in_words(progress: dict[str, Any]) -> str:
    stage, done, total = progress["stage"], progress["done"], progress["total"]
    words = STAGES.get(stage, stage)
    return f"{words}, part {min(done + 1, total)} of {total}" if total > 1 else words


def failure_in_short(post: BlogPost) -> SafeString | str:
    if not post.failure:
        return ""
    return format_html(
        ' <code>{}</code><br><span class="quiet">{}</span>', post.failure["code"], post.failure["message"]
    )


def changed(post: BlogPost) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        post.updated_at.isoformat(timespec="seconds"),
        f"{post.updated_at:%Y-%m-%d %H:%M:%S}",
        naturaltime(post.updated_at),
    )
