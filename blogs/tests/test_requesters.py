"""Who may not request posts gets a clear answer at every door, and changes nothing."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from accounts.registration import AwaitingApproval
from accounts.tests.baker_recipes import editor, writer
from accounts.verification import AddressNotVerified
from blogs.models import BlogPost
from blogs.tests.admin.test_post import save
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.posts import owner_of
from generation.models import Generation

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:blogs_blogpost_changelist"), reverse("admin:blogs_blogpost_add")


@pytest.fixture(params=["not approved", "not verified"])
def refusal(request, settings):
    """Make users wait for something; return the refusal that they get."""
    if request.param == "not approved":
        return AwaitingApproval
    settings.VERIFY_EMAIL = True
    return AddressNotVerified


@pytest.fixture
def waiting_editor(refusal):
    return editor.make(is_approved=refusal is not AwaitingApproval, verified_at=None)


def unchanged(post: BlogPost) -> bool:
    live = BlogPost.objects.values().get(pk=post.pk)
    return live == {name: getattr(post, name) for name in live} and not Generation.objects.exists()


def messages(client) -> str:
    _, _, rest = client.get(LIST).content.decode().partition('<ul class="messagelist">')
    return str(rest.partition("</ul>")[0])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/api/v1/blogs", {"title": "Rye"}),
        ("put", "/api/v1/blogs/{}", {"title": "Rye", "content": "dough"}),
        ("post", "/api/v1/blogs/{}/regenerate", {}),
    ],
)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "again"}])
def test_the_api_refuses_each_request_for_a_text(as_user, waiting_editor, refusal, method, path, body, key):
    post = finished_post.make(owner=waiting_editor)
    client = as_user(waiting_editor)

    answer = getattr(client, method)(path.format(post.pk), body, headers=key)

    assert (answer.status_code, answer.json()["type"]) == (403, f"/problems/{refusal.problem}")
    assert answer.json()["detail"] == refusal.detail
    assert unchanged(post)
    assert BlogPost.objects.count() == 1
    User.objects.update(is_approved=True, verified_at="2026-01-01T00:00:00Z")
    assert getattr(client, method)(path.format(post.pk), body, headers=key).status_code in (201, 202)


def test_a_persons_own_text_needs_no_permission_to_request(as_user, waiting_editor):
    post = finished_post.make(owner=waiting_editor)

    answer = as_user(waiting_editor).patch(f"/api/v1/blogs/{post.pk}", {"content": "My own words."})

    assert answer.status_code == 200


def test_a_new_post_in_the_admin_stays_in_its_form(waiting_editor, refusal):
    form = {"title": "Rye", "brief": "dough of old", "owner": waiting_editor.pk, **BlogPost().options}

    answer = logged_in(waiting_editor).post(ADD, form)

    assert answer.status_code == 200
    assert refusal.detail in answer.content.decode()
    assert "dough of old" in answer.content.decode()
    assert not BlogPost.objects.exists()


def test_a_changed_brief_in_the_admin_stays_in_its_form(waiting_editor, refusal):
    post = finished_post.make()

    answer = save(logged_in(waiting_editor), post, brief="dough of old")

    assert refusal.detail in answer.content.decode()
    assert "dough of old" in answer.content.decode()
    assert unchanged(post)


def test_a_text_can_be_edited_in_the_admin(waiting_editor):
    post = finished_post.make()

    assert save(logged_in(waiting_editor), post, content="My own words.").status_code == 302
    assert BlogPost.objects.get().content == "My own words."


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_the_button_of_a_post_says_why_nothing_happens(waiting_editor, refusal, accept):
    post, client = finished_post.make(), logged_in(waiting_editor)

    answer = client.post(reverse("admin:generation_regenerate", args=[post.pk]), headers={"Accept": accept})

    if accept == "application/json":
        assert (answer.status_code, answer.json()) == (403, {"detail": refusal.detail})
    else:
        assert answer["Location"] == reverse("admin:blogs_blogpost_change", args=[post.pk])
        assert refusal.detail in messages(client)
    assert unchanged(post)


@pytest.mark.parametrize("action", ["regenerate", "retry_failed"])
@pytest.mark.parametrize("confirmed", [True, False])
def test_bulk_actions_say_why_nothing_happens(waiting_editor, refusal, action, confirmed):
    post, client = failed_post.make(), logged_in(waiting_editor)
    run = {"after": 0, "until": post.pk, "total": 1, "done": 0} if confirmed else {}

    client.post(LIST, {"action": action, "_selected_action": [post.pk], "index": 0, **run})

    assert refusal.detail in messages(client)
    assert unchanged(post)


def test_bulk_cancelling_is_no_request(waiting_editor, refusal):
    post = BlogPost(owner=writer.make(verified_at="2026-01-01T00:00:00Z"), title="Rye")
    post.submit(requested_by=owner_of(post))
    client = logged_in(waiting_editor)

    page = client.post(LIST, {"action": "cancel", "_selected_action": [post.pk], "index": 0})

    assert page.status_code == 200
    assert refusal.detail not in messages(client)


def test_commands_request_for_the_site(waiting_editor):
    post = finished_post.make(owner=waiting_editor)

    call_command("regenerate_posts", "--id", str(post.pk), stdout=StringIO())

    assert Generation.objects.get().post == post
