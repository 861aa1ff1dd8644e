"""The API schema as clients fetch it."""

import pytest
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db


def test_the_schema_is_built_once(api, monkeypatch):
    first = api.get("/openapi.json", headers={"X-Request-ID": "mine"})
    monkeypatch.delattr(SchemaGenerator, "get_schema")

    second = api.get("/openapi.json?lang=de&version=2")

    assert (second.status_code, second.content, second["ETag"]) == (200, first.content, first["ETag"])
    assert b'"mine"' not in first.content


def test_a_client_that_has_the_schema_gets_304(api):
    tag = api.get("/openapi.json")["ETag"]

    answers = [api.get("/openapi.json", headers={"If-None-Match": header}) for header in (tag, f"W/{tag}", '"other"')]

    assert [answer.status_code for answer in answers] == [304, 304, 200]
    assert answers[0].content == b""
