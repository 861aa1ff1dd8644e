"""Columns of a post in the admin; pages and their live updates render them alike."""

from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blogs.admin.panels import Panel
from blogs.models import RUNNING, STAGES, BlogPost, Progress, Status

DASH = SafeString("-")


def live(post: BlogPost, panels: Iterable[Panel]) -> dict[str, SafeString]:
    """Return the columns of the list that change while a post is written."""
    return {"state": state_in_list(post), "review": review(post, panels), "changed": changed(post)}


def review(post: BlogPost, panels: Iterable[Panel]) -> SafeString:
    """Return the labels of what there is to decide about a post."""
    return format_html_join(" ", "{}", ((label,) for panel in panels if (label := panel.labels(post)))) or DASH


def label(name: str, text: str) -> SafeString:
    return format_html('<span class="review-label {}">{}</span>', name, text)


def state(post: BlogPost) -> SafeString:
    """Return the status, and how far the writer is; the data attributes are for the script of the live updates."""
    label = format_html('<span class="status-label {}">{}</span>', post.status, Status(post.status).label)
    running = "yes" if post.status in RUNNING else "no"
    return format_html(
        '<span class="state" data-post="{}" data-running="{}">{}{}</span>', post.pk, running, label, progress(post)
    )


def state_in_list(post: BlogPost) -> SafeString:
    """Return the status with the code and the public message of a failure, as the list shows it."""
    return format_html("{}{}", state(post), failure_summary(post))


def progress(post: BlogPost) -> SafeString | str:
    if post.status not in RUNNING or not post.progress:
        return ""
    label, done, total = progress_label(post.progress), post.progress["done"], post.progress["total"]
    if total < 2:
        return format_html(' <span class="quiet">{}</span>', label)
    return format_html(
        ' <span class="quiet">{}</span> <progress max="{}" value="{}" aria-label="{}"></progress>',
        label,
        total,
        done,
        label,
    )


def progress_label(progress: Progress) -> str:
    stage, done, total = progress["stage"], progress["done"], progress["total"]
    label = STAGES.get(stage, stage).lower()
    return f"{label}, part {min(done + 1, total)} of {total}" if total > 1 else label


def failure_summary(post: BlogPost) -> SafeString | str:
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
