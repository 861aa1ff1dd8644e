"""What the schema says of answers, held against the answers."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from accounts.tests.baker_recipes import editor
from accounts.tokens import token_pair
from blogs.tests.baker_recipes import finished_post

pytestmark = pytest.mark.django_db


def operations(api: APIClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation."""
    paths = api.get("/openapi.json").json()["paths"]
    return [(method, path, operation) for path, methods in paths.items() for method, operation in methods.items()]


def body_for(operation: dict[str, Any], refresh_token: str) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if operation["operationId"] in ("refresh", "logout"):
        return {"refresh_token": refresh_token}
    return next(iter(content["examples"].values()))["value"] if content else None


def test_without_its_database_an_operation_is_503_where_the_schema_says_so_and_nowhere_else(api, as_user):
    described = operations(api)
    user, post = editor.make(), finished_post.make()
    client, refresh_token = as_user(user), token_pair(user)["refresh_token"]

    def refuse(*args: Any) -> None:
        raise OperationalError("could not connect")

    with connection.execute_wrapper(refuse):
        for method, path, operation in described:
            body = body_for(operation, refresh_token)
            answer = getattr(client, method)(path.format(id=post.pk, number=1), body)

            assert (answer.status_code == 503) == ("503" in operation["responses"]), path
            assert ("Retry-After" in answer) == (answer.status_code == 503)


def test_a_body_is_413_and_415_where_the_schema_says_so_and_nowhere_else(api, as_user):
    client = as_user(editor.make())

    for method, path, operation in operations(api):
        if method != "get":
            address = path.format(id=finished_post.make().pk, number=1)
            too_long = client.generic(method, address, b" " * (2**20 + 1), content_type="application/json")
            assert (too_long.status_code, "413" in operation["responses"]) == (413, True), path
            another_kind = client.generic(method, address, b"<a/>", content_type="text/xml")
            assert (another_kind.status_code == 415) == ("415" in operation["responses"]), path
