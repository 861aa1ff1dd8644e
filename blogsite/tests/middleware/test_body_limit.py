"""Answers to bodies that are not read: no view runs."""

import gzip
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost
from blogsite.api.problems import BODY_TOO_LARGE
from blogsite.middleware.body_limit import FAULT, FORM_TOO_LARGE, REFUSALS
from blogsite.testing.browsers import logged_in

OPTIONS = {"length": "standard", "tone": "neutral", "audience": "general", "language": "auto", "brief": ""}


def post_form(client: Client, fields: dict[str, str]) -> Any:
    return client.post("/admin/blogs/blogpost/add/", urlencode(fields), "application/x-www-form-urlencoded")


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


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["a", "中", "🍅"])
def test_a_form_may_have_the_longest_text_whatever_its_letters(character, settings):
    client = logged_in(editor.make(email="chief@example.com"))
    text = character * settings.TEXT_MAX

    answer = post_form(client, {"title": "Bread", "content": text} | OPTIONS)

    assert answer.status_code == 302
    assert BlogPost.objects.get().content == text


@pytest.mark.django_db
def test_a_form_that_is_too_large_is_a_page_that_says_how_long_a_text_may_be(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.BODY_MAX

    answer = post_form(logged_in(editor.make()), {"content": "x" * settings.BODY_MAX})

    html = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert FORM_TOO_LARGE.format(settings.TEXT_MAX) in html
    assert not BlogPost.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/api/v1/blogs", "application/json"),
        ("/api/v1/login", "application/x-www-form-urlencoded"),
        ("/admin/blogs/blogpost/add/", "application/json"),
    ],
)
def test_any_other_body_has_its_own_limit(api, settings, path, content_type):
    answer = api.generic(
        "POST", path, b"x" * (settings.BODY_MAX + 1), content_type, headers={"Accept": "*/*;q=0.1, application/json"}
    )

    assert (answer.status_code, answer.json()["detail"]) == (413, BODY_TOO_LARGE.format(settings.BODY_MAX))
