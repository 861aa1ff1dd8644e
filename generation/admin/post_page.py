"""A post's page in the admin: what the writer is doing, and the one step that helps when it has failed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from blogs.admin.live import LivePosts
from blogs.models import RUNNING, BlogPost, Status
from generation.failures import FailureCode, Remedy
from generation.llm.providers import configured_provider
from generation.queue import transitions

ASKED = "The post is being written anew."
CANCELLED, NOT_RUNNING = "The generation was cancelled.", "This post is not being written."


class WritingDesk(LivePosts):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/regenerate/", view(require_POST(self.regenerate_one)), name="generation_regenerate"),
            path("<int:pk>/cancel/", view(require_POST(self.cancel_one)), name="generation_cancel"),
            path("model/", view(require_safe(self.model_page)), name="generation_model"),
            *super().get_urls(),
        ]

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        may = self.has_change_permission(request, post)
        own = {"failure": failure(post) or setback(post), "advice": advice(post)}
        return super().slots(request, post) | own | {"actions": actions(post) if may else ""}

    def text_so_far(self, post: BlogPost) -> str:
        if post.status not in RUNNING:
            return ""
        return post.generations.newest_first().values_list("content", flat=True).first() or ""

    def regenerate_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            user: Any = request.user
            self.changeable(request, pk).request_generation(requested_by=user)
        return self.done(request, pk, ASKED)

    def cancel_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            cancelled = transitions.cancel(self.changeable(request, pk))
        return self.done(request, pk, CANCELLED if cancelled else NOT_RUNNING)

    def done(self, request: HttpRequest, pk: int, words: str) -> HttpResponse:
        """Tell a script what was done; a browser without one goes back to the post's page."""
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"detail": words})
        self.message_user(request, words)
        return HttpResponseRedirect(reverse("admin:blogs_blogpost_change", args=[pk]))

    def model_page(self, request: HttpRequest) -> HttpResponse:
        """Show which model is asked, and where that is set."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        codes = [FailureCode.PROVIDER_REJECTED, FailureCode.QUOTA_EXCEEDED]
        failed = self.get_queryset(request).filter(status=Status.FAILED, failure__code__in=codes)
        latest = failed.order_by("-updated_at").first()
        context = {
            **self.admin_site.each_context(request),
            "title": "The model that writes",
            "opts": self.opts,
            "media": self.media,
            "provider": configured_provider(),
            "failed": failed.count(),
            "latest": failure(latest) if latest else "",
        }
        return TemplateResponse(request, "generation/model.html", context)


def setback(post: BlogPost) -> SafeString | str:
    """Return why the last attempt failed and when the next one is due, of a post that waits for that."""
    if post.status != Status.PENDING:
        return ""
    waits = post.generations.newest_first().defer("brief", "content", "steps").first()
    if waits is None or waits.not_before is None:
        return ""
    return format_html(
        '<p><code>{}</code> {} Next attempt at <time datetime="{}">{}</time>.</p>',
        waits.failure_code,
        waits.failure_message,
        f"{waits.not_before:%Y-%m-%dT%H:%M:%SZ}",
        f"{waits.not_before:%H:%M:%S} UTC",
    )


def failure(post: BlogPost) -> SafeString | str:
    return format_html("<p><code>{}</code> {}</p>", post.failure["code"], why(post)) if post.failure else ""


def why(post: BlogPost) -> str:
    """Return why a post failed in the words that only its owner and editors may read."""
    newest = post.generations.newest_first().values_list("failure_message", flat=True).first()
    return newest or str((post.failure or {})["message"])


def advice(post: BlogPost) -> SafeString | str:
    if not post.failure:
        return ""
    return format_html("<p>{}</p>", FailureCode(post.failure["code"]).advice)


def actions(post: BlogPost) -> SafeString:
    """Return the button that makes the most sense now."""
    if post.status in RUNNING:
        return button("Stop writing", reverse("admin:generation_cancel", args=[post.pk]))
    regenerate = reverse("admin:generation_regenerate", args=[post.pk])
    if not post.failure:
        return button("Regenerate", regenerate)
    match FailureCode(post.failure["code"]).remedy:
        case Remedy.EDIT_BRIEF:
            return format_html('<a class="button" href="#{}">Edit the brief</a>', "id_brief")
        case Remedy.CHECK_MODEL:
            return format_html('<a class="button" href="{}">Check the key</a>', reverse("admin:generation_model"))
        case _:
            return button("Retry", regenerate)


def button(label: str, address: str) -> SafeString:
    return format_html('<button type="submit" class="button" formaction="{}">{}</button>', address, label)
