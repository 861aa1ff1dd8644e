"""A request that a budget, a limit or the queue has no room for: each door says so, and nothing is changed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost
from blogs.refusals import BudgetExhausted, PostsExhausted, QueueFull, QueueShareFull
from blogs.tests.admin.test_post import save
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from generation.budgets.accounts import SITE, account_of
from generation.budgets.changes import Change, settle
from generation.budgets.money import dollars
from generation.budgets.periods import today
from generation.models import Budget, Generation

pytestmark = pytest.mark.django_db
ADD = reverse("admin:blogs_blogpost_add")
POSTS = "/api/v1/blogs"


@pytest.fixture
def paid(settings: Any) -> Any:
    """Have a model with a price write, and no limit but those that a test sets."""
    settings.OPENAI_API_KEY = "a-key"
    settings.BUDGETS = dict.fromkeys(("BUDGET_USER_DAY", "BUDGET_SITE_DAY"))
    return settings


def no_money(settings: Any, user: User) -> None:
    settings.BUDGETS = {**settings.BUDGETS, "BUDGET_USER_DAY": Decimal("0.000001")}


def no_money_of_the_site(settings: Any, user: User) -> None:
    settings.BUDGETS = {**settings.BUDGETS, "BUDGET_SITE_DAY": Decimal("0.000001")}


def no_posts(settings: Any, user: User) -> None:
    settings.POSTS_USER_DAY = 0


def no_share(settings: Any, user: User) -> None:
    settings.QUEUE_USER_LIMIT = 0


def no_queue(settings: Any, user: User) -> None:
    settings.GENERATION_QUEUE_LIMIT = 0


REASONS = {
    no_money: BudgetExhausted,
    no_money_of_the_site: BudgetExhausted,
    no_posts: PostsExhausted,
    no_share: QueueShareFull,
    no_queue: QueueFull,
}


@dataclass
class Trial:
    """A user who has a finished post, and whose next request is refused for a reason."""

    refusal: type[Any]
    user: User
    post: BlogPost

    def __post_init__(self) -> None:
        self.before = self.rows()

    def rows(self) -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (BlogPost, Generation, Budget)]

    @property
    def changed_nothing(self) -> bool:
        return self.rows() == self.before


@pytest.fixture(params=REASONS, ids=lambda reason: reason.__name__)
def trial(request: pytest.FixtureRequest, paid: Any) -> Trial:
    user = editor.make()
    post = finished_post.make(owner=user)
    request.param(paid, user)
    return Trial(REASONS[request.param], user, post)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", POSTS, {"title": "Rye"}),
        ("put", f"{POSTS}/{{}}", {"title": "Rye", "content": "dough"}),
        ("post", f"{POSTS}/{{}}/regenerate", {}),
    ],
)
def test_the_api_names_the_reason_and_stores_no_answer(as_user, paid, trial, method, path, body):
    client, key = as_user(trial.user), {"Idempotency-Key": "k"}

    answer = getattr(client, method)(path.format(trial.post.pk), body, headers=key)

    kind = trial.refusal
    assert (answer.status_code, answer.json()["type"]) == (kind.status, f"/problems/{kind.problem}")
    assert ("Retry-After" in answer) == (kind.status in (429, 503))
    assert trial.changed_nothing
    paid.BUDGETS = dict.fromkeys(paid.BUDGETS)
    paid.POSTS_USER_DAY, paid.QUEUE_USER_LIMIT, paid.GENERATION_QUEUE_LIMIT = None, 9, 9
    assert getattr(client, method)(path.format(trial.post.pk), body, headers=key).status_code in (201, 202)


def test_a_new_post_in_the_admin_stays_in_its_form(trial):
    form = {"title": "Rye", "brief": "dough of old", "owner": trial.user.pk, **BlogPost().options}

    answer = logged_in(trial.user).post(ADD, form)

    said = answer.context["adminform"].form.non_field_errors()
    assert (answer.status_code, len(said)) == (200, 1)
    assert "dough of old" in answer.content.decode()
    assert trial.changed_nothing


def test_a_changed_brief_in_the_admin_stays_in_its_form_with_the_text(trial):
    answer = save(logged_in(trial.user), trial.post, brief="dough of old", content="My own words.")

    html = answer.content.decode()
    assert (answer.status_code, len(answer.context["adminform"].form.non_field_errors())) == (200, 1)
    assert "dough of old" in html
    assert "My own words." in html
    assert trial.changed_nothing


def test_a_text_of_ones_own_costs_nothing_in_the_admin(trial):
    assert save(logged_in(trial.user), trial.post, content="My own words.").status_code == 302
    assert BlogPost.objects.get(pk=trial.post.pk).content == "My own words."


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_the_button_of_a_post_says_why_nothing_happens(trial, accept):
    address = reverse("admin:generation_regenerate", args=[trial.post.pk])

    answer = logged_in(trial.user).post(address, headers={"Accept": accept}, follow=accept == "text/html")

    if accept == "application/json":
        assert (answer.status_code, list(answer.json())) == (trial.refusal.status, ["detail"])
    else:
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert trial.changed_nothing


@pytest.mark.parametrize("reason", [no_money, no_money_of_the_site])
def test_only_ones_own_figures_are_shown(as_user, paid, reason):
    user = writer.make(budget_day=None)
    as_user(user).post(POSTS, {"title": "Bread"})
    mine = Budget.objects.get(account=account_of(user.pk), kind=Budget.Kind.DAY)
    settle([Change(SITE, Budget.Kind.DAY, today(), spent=777)])
    reason(paid, user)

    said = as_user(user).post(POSTS, {"title": "Rye"}).json()

    limit = "0.000001" if reason is no_money else None
    figures = {"limit": limit, "spent": "0.000000", "reserved": str(dollars(mine.reserved))}
    assert said.items() >= figures.items()
    assert mine.reserved > 0
    assert said["resets_at"].endswith("T00:00:00Z")


def test_the_figures_of_a_refused_regeneration_still_hold_what_it_would_have_superseded(as_user, paid):
    user = writer.make()
    client = as_user(user)
    post = client.post(POSTS, {"title": "Bread"}).json()["blog"]["id"]
    held = Budget.objects.get(account=account_of(user.pk), kind=Budget.Kind.DAY).reserved
    no_money_of_the_site(paid, user)

    said = client.post(f"{POSTS}/{post}/regenerate").json()

    assert said["reserved"] == str(dollars(held))


def test_the_schema_shows_each_refusal(api):
    paths = api.get("/openapi.json").json()["paths"]
    requesting = [
        paths[POSTS]["post"],
        paths[f"{POSTS}/{{id}}"]["put"],
        paths[f"{POSTS}/{{id}}/regenerate"]["post"],
    ]

    for operation in requesting:
        for kind in (BudgetExhausted, PostsExhausted, QueueShareFull, QueueFull):
            content = operation["responses"][str(kind.status)]["content"]["application/problem+json"]
            assert kind.problem in content["examples"]
        exhausted = operation["responses"]["402"]["content"]["application/problem+json"]
        assert exhausted["schema"] == {"$ref": "#/components/schemas/BudgetProblem"}
        assert exhausted["examples"]["budget-exhausted"]["value"].keys() >= {"limit", "spent", "reserved", "resets_at"}
