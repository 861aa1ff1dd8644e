"""What is requested as a proposal ends as one, whatever happens to it on the way; the person's text stays live."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import fresh, owner_of
from blogsite.testing.workers import lose_process
from generation.admin.proposals import EDITED, PROPOSED_ONLY
from generation.models import Generation, State
from generation.queue import fetch, transitions
from generation.tests.worker.test_economy import pass_time
from generation.worker.executor import write_due
from generation.worker.identity import release_the_dead, worker_name

pytestmark = pytest.mark.django_db(transaction=True)
TITLE, TEXT = "My bread", "By hand."


@pytest.fixture
def post() -> BlogPost:
    """A post with a person's text, which an operator regenerates among many."""
    post: BlogPost = finished_post.make(revision=0, brief_title="Bread")
    post.add_revision("Bread", "By the model.", source=Revision.Source.AI)
    post.edit(title=TITLE, content=TEXT, author=owner_of(post))
    regenerate(post)
    return post


def regenerate(post: BlogPost, *more: str) -> None:
    call_command("regenerate_posts", "--id", str(post.pk), *more, stdout=StringIO())


def outcome(post: BlogPost) -> tuple[str, str | None, str]:
    """Return the landing and end of the newest generation, and the live text."""
    newest = post.generations.newest_first()[0]
    return newest.landing, newest.status, fresh(post).content


def nothing(post: BlogPost, server: object) -> None:
    pass


def fails_once(post: BlogPost, server: object) -> None:
    server.answer(Behaviour(status=503))  # type: ignore[attr-defined]
    write_due()
    assert post.generations.newest_first()[0].status == State.PENDING
    pass_time(minutes=5)


def loses_its_worker(post: BlogPost, server: object) -> None:
    assert fetch.fetch_due(1, worker_name())
    lose_process()
    release_the_dead()


def is_handed_back(post: BlogPost, server: object) -> None:
    (claim,) = fetch.fetch_due(1, worker_name())
    transitions.hand_back(claim)


def is_requested_again(post: BlogPost, server: object) -> None:
    fetch.fetch_due(1, worker_name())
    regenerate(post)


def is_cancelled_and_requested_again(post: BlogPost, server: object) -> None:
    transitions.cancel(post)
    regenerate(post)


def is_edited_again(post: BlogPost, server: object) -> None:
    post.edit(title=TITLE, content="Otherwise.", author=owner_of(post))
    post.edit(title=TITLE, content=TEXT, author=owner_of(post))


MISHAPS = [
    nothing,
    fails_once,
    loses_its_worker,
    is_handed_back,
    is_requested_again,
    is_cancelled_and_requested_again,
    is_edited_again,
]


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_bulk_request_proposes_whatever_happens_to_it(
    model_server, as_user, post, mishap: Callable[[BlogPost, object], None]
):
    mishap(post, model_server)

    write_due()

    assert outcome(post) == ("proposed", State.COMPLETED, TEXT)
    assert fresh(post).status == Status.COMPLETED
    assert post.revisions.filter(source=Revision.Source.AI).count() == 1
    shown = as_user(owner_of(post)).get(f"/api/v1/blogs/{post.pk}/generations").json()["generations"][0]
    assert (shown["landing"], shown["revision"]) == ("proposed", None)


def test_an_accepted_proposal_is_the_models_text_and_is_replaced_next_time(model_server, as_user, post):
    write_due()
    owner, number = as_user(owner_of(post)), post.generations.newest_first()[0].number
    assert owner.post(f"/api/v1/blogs/{post.pk}/generations/{number}/accept").status_code == 200

    regenerate(post)
    write_due()

    assert outcome(post)[:2] == ("landed", State.COMPLETED)


def test_the_owners_own_request_takes_the_place_of_the_bulk_request_and_replaces(model_server, as_user, post):
    assert as_user(owner_of(post)).post(f"/api/v1/blogs/{post.pk}/regenerate").status_code == 202

    write_due()

    landing, _, live = outcome(post)
    assert (landing, live == TEXT) == ("landed", False)
    assert list(post.generations.order_by("number").values_list("status", flat=True)) == [
        State.SUPERSEDED,
        State.COMPLETED,
    ]


def test_texts_that_people_wrote_are_replaced_if_that_is_said(model_server, post):
    regenerate(post, "--replace-human")

    write_due()

    assert outcome(post)[0] == "landed"


def test_the_admin_says_why_such_a_text_is_a_proposal(model_server, editor_client, post):
    write_due()
    number = Generation.objects.get().number

    page = editor_client.get(reverse("admin:generation_proposal", args=[post.pk, number]))
    history = editor_client.get(reverse("admin:blogs_blogpost_history", args=[post.pk]))

    for html in (page.content.decode(), history.content.decode()):
        assert PROPOSED_ONLY.replace("'", "&#x27;") in html
        assert EDITED not in html
