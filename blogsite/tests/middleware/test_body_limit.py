"""Answers to bodies that are not read: no view runs."""

import gzip

import pytest

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogsite.middleware.body_limit import FAULT, REFUSALS


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 408, 411, 413, 503])
def test_a_body_that_was_not_read_is_refused_with_a_problem(as_user, status):
    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}, **{FAULT: status})

    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.has_header("Retry-After") == (status == 503)
    assert not BlogPost.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "identity, deflate"])
def test_a_compressed_body_is_415_and_says_what_to_send(as_user, encoding):
    body = gzip.compress(b'{"title": "Bread"}')

    answer = as_user(writer.make()).generic(
        "POST", "/api/v1/blogs", body, "application/json", headers={"Content-Encoding": encoding}
    )

    assert (answer.status_code, answer.json()["detail"]) == (415, REFUSALS[415][0])
    assert answer["Accept-Encoding"] == "identity"
    assert not BlogPost.objects.exists()


@pytest.mark.django_db
def test_a_body_that_says_it_is_not_compressed_is_read(as_user):
    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}, headers={"Content-Encoding": "Identity"})

    assert answer.status_code == 201
