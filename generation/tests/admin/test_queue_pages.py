"""The house style, and Django-Q2's pages: read-only, since edits there would bypass the state of the posts."""

import pytest
from django.urls import reverse
from django_q.models import OrmQ, Success
from model_bakery import baker

from generation.models import HouseStyle
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["ormq", "failure", "success", "schedule"])
def test_the_pages_of_the_queue_have_no_actions_and_no_add_form(editor_client, model):
    waiting.make().post.request_generation()

    html = editor_client.get(reverse(f"admin:django_q_{model}_changelist")).content.decode()

    assert '<select name="action"' not in html
    assert editor_client.get(f"/admin/django_q/{model}/add/").status_code == 403


def test_a_queued_task_cannot_be_edited_or_deleted(editor_client):
    waiting.make().post.request_generation()
    task = OrmQ.objects.get()

    assert editor_client.get(reverse("admin:django_q_ormq_change", args=[task.pk])).status_code == 200
    assert editor_client.post(reverse("admin:django_q_ormq_delete", args=[task.pk]), {"post": "yes"}).status_code == 403
    assert editor_client.post(reverse("admin:django_q_ormq_change", args=[task.pk]), {"key": "x"}).status_code == 403


def test_a_finished_task_cannot_be_resubmitted(editor_client):
    task = baker.make(Success, func="generation.tasks.generate_blog_content", args=(1,), kwargs={}, success=True)
    address = reverse("admin:django_q_success_changelist")

    editor_client.post(address, {"action": "resubmit_task", "_selected_action": [task.pk]})

    assert not OrmQ.objects.exists()


def test_the_site_has_one_house_style_that_can_be_edited(editor_client):
    add, listed = reverse("admin:generation_housestyle_add"), reverse("admin:generation_housestyle_changelist")

    editor_client.post(add, {"text": "British spelling."})
    style = HouseStyle.objects.get()

    assert HouseStyle.current() == "British spelling."
    assert editor_client.get(listed).status_code == 200
    assert editor_client.post(add, {"text": "Another."}).status_code == 403
    address = reverse("admin:generation_housestyle_change", args=[style.pk])
    assert editor_client.post(address, {"text": "x" * 4001}).status_code == 200
    editor_client.post(address, {"text": "American spelling."})
    assert HouseStyle.current() == "American spelling."
