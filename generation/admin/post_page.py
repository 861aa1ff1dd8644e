"""Generation on a post's page in the admin: the text so far, why it failed, and the one button that helps."""

from typing import cast

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from blogs.admin.pages import current_user
from blogs.admin.panels import Panel
from blogs.models import RUNNING, BlogPost, Status
from blogs.options import has_model_choice, model_choices, not_offered
from blogs.roles import Action, has_permission
from generation.failures import FailureCode, Remedy
from generation.llm.providers import configured_provider, fallback_provider
from generation.queue import transitions

QUEUED, CANCELLED = "Regeneration queued.", "Generation cancelled."
NOT_RUNNING = "No generation is queued or in progress."
CANCEL, REGENERATE, RETRY = "Cancel generation", "Regenerate", "Retry"
EDIT_BRIEF, CHECK_MODEL = "Edit the brief", "Check the model settings"
FAILED_POSTS = "Posts that failed because of these settings or the account: {number:,}."


class GenerationPanel(Panel):
    def urls(self) -> list[URLPattern]:
        return [
            self.pages.url("<int:pk>/regenerate/", require_POST(self.regenerate), "generation_regenerate"),
            self.pages.url("<int:pk>/cancel/", require_POST(self.cancel), "generation_cancel"),
            self.pages.url("model/", require_safe(self.model), "generation_model"),
        ]

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        buttons = actions(post) if self.pages.may_change(request, post) else ""
        return {"failure": failure(post) or last_attempt(post), "advice": advice(post), "actions": buttons}

    def text_so_far(self, post: BlogPost) -> str:
        if post.status not in RUNNING:
            return ""
        return post.generations.newest_first().values_list("content", flat=True).first() or ""

    def regenerate(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = request.POST.get("model")
        with transaction.atomic():
            post, user = self.pages.lock(request, pk), cast(User, request.user)
            if model not in (None, "", post.model, *settings.MODELS):
                return self.done(request, pk, not_offered())
            post.request_generation(requested_by=user, model=model)
        return self.done(request, pk, QUEUED)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            cancelled = transitions.cancel(self.pages.lock(request, pk))
        return self.done(request, pk, CANCELLED if cancelled else NOT_RUNNING)

    def done(self, request: HttpRequest, pk: int, message: str) -> HttpResponse:
        """Answer a script in JSON; without one, redirect to the post's page."""
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"detail": message})
        self.pages.admin.message_user(request, message)
        return HttpResponseRedirect(reverse("admin:blogs_blogpost_change", args=[pk]))

    def model(self, request: HttpRequest) -> HttpResponse:
        """Show which model is configured, and where to change that."""
        post_admin = self.pages.admin
        if not has_permission(current_user(request), Action.CHANGE):
            raise PermissionDenied
        codes = [code for code in FailureCode if code.remedy == Remedy.CHECK_MODEL]
        failed = post_admin.get_queryset(request).filter(status=Status.FAILED, failure__code__in=codes)
        latest = failed.order_by("-updated_at").first()
        context = {
            **post_admin.admin_site.each_context(request),
            "title": "Model settings",
            "opts": post_admin.opts,
            "media": post_admin.media,
            "provider": configured_provider(),
            "fallback": fallback_provider(),
            "models": settings.MODELS,
            "failed": FAILED_POSTS.format(number=number) if (number := failed.count()) else "",
            "latest": failure(latest) if latest else "",
        }
        return TemplateResponse(request, "generation/model.html", context)


def last_attempt(post: BlogPost) -> SafeString | str:
    """Return why the last attempt failed and when the next one is due, while a post waits for a retry."""
    if post.status != Status.PENDING:
        return ""
    generation = post.generations.newest_first().defer("brief", "content", "steps").first()
    if generation is None or generation.not_before is None:
        return ""
    return format_html(
        '<p><code>{}</code> {} Next attempt at <time datetime="{}">{}</time>.</p>',
        generation.failure_code,
        generation.failure_for_staff,
        f"{generation.not_before:%Y-%m-%dT%H:%M:%SZ}",
        f"{generation.not_before:%H:%M:%S} UTC",
    )


def failure(post: BlogPost) -> SafeString | str:
    return format_html("<p><code>{}</code> {}</p>", post.failure["code"], private_message(post)) if post.failure else ""


def private_message(post: BlogPost) -> str:
    """Return why a post failed, as only its owner and editors may read it."""
    newest = post.generations.newest_first().only("failure_message", "failure_details").first()
    return (newest and newest.failure_for_staff) or str((post.failure or {})["message"])


def advice(post: BlogPost) -> SafeString | str:
    if not post.failure:
        return ""
    return format_html("<p>{}</p>", FailureCode(post.failure["code"]).advice)


def actions(post: BlogPost) -> SafeString:
    """Return the button that fits the state of the post; Retry too, for when a setting has been corrected."""
    if post.status in RUNNING:
        return button(CANCEL, reverse("admin:generation_cancel", args=[post.pk]))
    if not post.failure:
        return regenerate_button(REGENERATE, post)
    links = {
        Remedy.EDIT_BRIEF: ("#id_brief", EDIT_BRIEF),
        Remedy.CHECK_MODEL: (reverse("admin:generation_model"), CHECK_MODEL),
    }
    link = links.get(FailureCode(post.failure["code"]).remedy)
    first = format_html('<a class="button" href="{}">{}</a> ', *link) if link else ""
    return format_html("{}{}", first, regenerate_button(RETRY, post))


def regenerate_button(label: str, post: BlogPost) -> SafeString:
    """Return the button, after the choice of a model if there is one."""
    pressed = button(label, reverse("admin:generation_regenerate", args=[post.pk]))
    if not has_model_choice(post.model):
        return pressed
    choice = forms.Select({"aria-label": "Model"}, model_choices(post.model)).render("model", post.model)
    return format_html("{} {}", choice, pressed)


def button(label: str, address: str) -> SafeString:
    return format_html('<button type="submit" class="button" formaction="{}">{}</button>', address, label)
