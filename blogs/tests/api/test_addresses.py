"""URLs and methods of posts."""

import pytest
from django.test import Client

from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db


def test_urls_are_accepted_with_a_trailing_slash(as_user):
    owner = writer.make()
    client = as_user(owner)

    answer = client.post("/api/v1/blogs/", {"title": "Bread"})

    pk = answer.json()["blog"]["id"]
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/blogs/{pk}")
    assert client.get(f"/api/v1/blogs/{pk}/").status_code == 200
    assert client.get("/api/v1/blogs/?limit=1").status_code == 200
    assert client.get("/api/v1/me/").status_code == 200
    assert Client().get("/docs/").status_code == 200


def test_a_method_that_is_not_offered_is_a_problem(api, as_user):
    answer = as_user(writer.make()).patch("/api/v1/blogs", {})

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
