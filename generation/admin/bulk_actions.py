"""Bulk actions on generations: regenerate or cancel many posts, after a page with what that is likely to cost."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.registration import require_may_request
from blogs.admin.bulk import BulkPanel, Kind
from blogs.models import RUNNING, BlogPost, Status, has_persons_text, is_of_deactivated_owner
from generation.forecast import forecast, groups_of
from generation.llm.providers import configured_provider
from generation.queue import transitions
from generation.reporting.estimates import estimates
from generation.reporting.formatting import dollars

AS_CHOSEN = "As chosen for each post"
MAY_SEE_ALL = "generation.view_spending"
REPLACE_HUMAN = "Replace texts that people wrote"


def request_generation(post: BlogPost, user: User, *, model: str = "", **choice: Any) -> None:
    post.request_generation(requested_by=user, urgent=False, model=model or None, **choice)


def cancel(post: BlogPost, user: User, **choice: Any) -> None:
    transitions.cancel(post)


REGENERATE = Kind(
    "regenerate",
    "Regenerate selected posts",
    "Regenerate these posts?",
    Q(status__in=(Status.COMPLETED, Status.FAILED)) & ~is_of_deactivated_owner(),
    "All selected posts are already queued or in progress, or their owners are deactivated.",
    "Posts queued for regeneration",
    request_generation,
)
RETRY = Kind(
    "retry_failed",
    "Retry selected failed posts",
    "Retry these failed posts?",
    Q(status=Status.FAILED) & ~is_of_deactivated_owner(),
    "None of the selected posts has failed, or their owners are deactivated.",
    "Posts queued for regeneration",
    request_generation,
)
CANCEL = Kind(
    "cancel",
    "Cancel generation of selected posts",
    "Cancel the generation of these posts?",
    Q(status__in=RUNNING),
    "None of the selected posts is queued or in progress.",
    "Generations cancelled",
    cancel,
)


class Choice(forms.Form):
    """What a person may choose for all posts of a run."""

    model = forms.ChoiceField(required=False)
    # Not by default: who presses the button often stays to see the posts, and flex may keep them waiting.
    economy = forms.BooleanField(required=False)
    # Who selects many posts has not read them all.
    replace_human = forms.BooleanField(required=False, label=REPLACE_HUMAN)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        model: Any = self.fields["model"]
        model.choices = [("", AS_CHOSEN), *((name, name) for name in settings.MODELS)]


class GenerationBulkPanel(BulkPanel):
    kinds = (REGENERATE, RETRY, CANCEL)
    template = "generation/bulk_confirmation.html"
    choice = Choice

    def details(self, user: User, posts: QuerySet[BlogPost], kind: Kind) -> dict[str, Any]:
        """Return what the model is likely to cost, and what budgets have room for.

        Raises:
            Refusal: the user may not request posts.
        """
        if kind == CANCEL:
            return {}
        require_may_request(user)
        persons = Count("pk", filter=has_persons_text())
        by_model = list(posts.order_by().values("model").annotate(posts=Count("pk"), persons=persons))
        expected = estimates({row["model"]: row["posts"] for row in by_model})
        room = forecast(groups_of(posts), user)
        return {
            "budgets": room.lines(with_shared=user.has_perm(MAY_SEE_ALL)),
            "too_little": room.warning,
            "estimates": [(estimate, dollars(estimate.cost)) for estimate in expected],
            "persons": sum(row["persons"] for row in by_model),
            "has_models": len(settings.MODELS) > 1,
            "has_economy": configured_provider(economy=True).service_tier,
        }
