"""Answers to bodies that the web server could not read: no view runs."""

import pytest

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogsite.middleware.body_limit import FAULT


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 408, 411, 413, 503])
def test_a_body_that_was_not_read_is_refused_with_a_problem(as_user, status):
    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}, **{FAULT: status})

    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.has_header("Retry-After") == (status == 503)
    assert not BlogPost.objects.exists()
