"""The log: one line for each step of a generation."""

import pytest

from accounts.tests.baker_recipes import writer
from blogsite.testing.posts import owner_of, request_post
from generation.queue.transitions import cancel
from generation.tests.baker_recipes import abandoned
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)


def steps_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.name == "blogsite.generation"]
    return [line.split()[0].removeprefix("step=") for line in lines]


def test_the_workers_log_names_the_http_request(model_server, as_user, caplog):
    as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}, headers={"X-Request-ID": "req-4711"})

    write_due()

    assert steps_in(caplog) == ["requested", "fetched", "landed"]
    assert {record.request_id for record in caplog.records if record.name == "blogsite.generation"} == {"req-4711"}


def test_the_log_has_a_step_for_what_people_end(caplog):
    post = request_post()
    post.rewrite(title="Rye", brief="rye", requested_by=owner_of(post))
    cancel(post)

    assert steps_in(caplog) == ["requested", "superseded", "requested", "cancelled"]


def test_the_log_names_the_worker_of_another_host_that_a_generation_was_taken_from(model_server, caplog):
    abandoned.make(worker="elsewhere:7")

    write_due()

    assert steps_in(caplog) == ["fetched", "landed"]
    assert "lost_by=elsewhere:7" in caplog.text
