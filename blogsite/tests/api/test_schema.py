"""What the schema says of answers, held against the answers."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from accounts.tests.baker_recipes import editor, writer
from accounts.tokens import token_pair
from blogs.tests.baker_recipes import finished_post

pytestmark = pytest.mark.django_db

HEADERS = {
    "X-Request-ID", "WWW-Authenticate", "ETag", "Location", "Link", "Retry-After", "Cache-Control",
    "Idempotency-Replayed",
}  # fmt: skip


def operations(api: APIClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation."""
    paths = api.get("/openapi.json").json()["paths"]
    return [(method, path, operation) for path, methods in paths.items() for method, operation in methods.items()]


def answers_of_a_life(client: APIClient, stranger: APIClient) -> list[tuple[str, Any]]:
    """Let a post be asked for, read, changed and stopped; return the operations' names with their answers."""
    key, body = {"Idempotency-Key": "k1"}, {"title": "Bread"}
    created = client.post("/api/v1/blogs", body, headers=key)
    address = created["Location"]
    return [
        ("create_blog", created),
        ("create_blog", client.post("/api/v1/blogs", body, headers=key)),
        ("create_blog", stranger.post("/api/v1/blogs", body)),
        ("get_blog", stranger.get(address)),
        ("get_blog", stranger.get(address, headers={"If-None-Match": created["ETag"]})),
        ("get_generation", client.get(f"{address}/generations/1")),
        ("edit_blog", client.patch(address, {"content": "My text."})),
        ("restore_revision", client.post(f"{address}/revisions/1/restore")),
        ("list_revisions", client.get(f"{address}/revisions?limit=1")),
        ("regenerate_blog", client.post(f"{address}/regenerate", headers={"Idempotency-Key": "k2"})),
        ("list_generations", client.get(f"{address}/generations?limit=1")),
        ("cancel_blog", client.post(f"{address}/cancel")),
        ("create_blog", client.post("/api/v1/blogs", body)),
        ("list_blogs", stranger.get("/api/v1/blogs?limit=1")),
        ("login", stranger.post("/api/v1/login", {"email": "nobody@example.com", "password": "wrong"})),
        ("delete_blog", client.delete(address)),
        ("get_blog", stranger.get(address)),
        ("metrics", stranger.get("/metrics")),
    ]


def test_an_answer_has_the_headers_that_the_schema_names_and_no_others(api, as_user):
    schema = api.get("/openapi.json").json()
    described = {operation["operationId"]: operation["responses"] for _, _, operation in operations(api)}
    required = {name for name, header in schema["components"]["headers"].items() if header["required"]}
    seen = set()

    for name, answer in answers_of_a_life(as_user(writer.make()), api):
        may_have = set(described[name][str(answer.status_code)]["headers"])
        has = HEADERS & set(answer.headers)
        assert required & may_have <= has <= may_have, (name, answer.status_code)
        seen |= has

    assert seen == set(schema["components"]["headers"]) == HEADERS


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
