"""The schema's responses and headers against real answers."""

from typing import Any

import jsonschema_rs
import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from accounts.links import new_address_token
from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from accounts.tokens import token_pair
from blogs.tests.baker_recipes import finished_post

pytestmark = pytest.mark.django_db

HEADERS = {
    "X-Request-ID", "WWW-Authenticate", "ETag", "Location", "Link", "Retry-After", "Cache-Control",
    "Idempotency-Replayed",
}  # fmt: skip


def operations(api: APIClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and schema of every operation."""
    paths = api.get("/openapi.json").json()["paths"]
    return [(method, path, operation) for path, methods in paths.items() for method, operation in methods.items()]


def lifecycle(client: APIClient, stranger: APIClient) -> list[tuple[str, Any]]:
    """Create, read, change and cancel a post; return the names of the operations with their answers."""
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


def test_answers_have_the_headers_of_the_schema_and_no_others(api, as_user):
    schema = api.get("/openapi.json").json()
    described = {operation["operationId"]: operation["responses"] for _, _, operation in operations(api)}
    required = {name for name, header in schema["components"]["headers"].items() if header["required"]}
    seen = set()

    for name, answer in lifecycle(as_user(writer.make()), api):
        may_have = set(described[name][str(answer.status_code)]["headers"])
        has = HEADERS & set(answer.headers)
        assert required & may_have <= has <= may_have, (name, answer.status_code)
        seen |= has

    assert seen == set(schema["components"]["headers"]) == HEADERS


def body_for(operation: dict[str, Any], user: User) -> Any:
    """Return the example of a body, with a token that is signed where one is expected."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if operation["operationId"] in ("refresh", "logout"):
        return {"refresh_token": token_pair(user)["refresh_token"]}
    if operation["operationId"] == "confirm_address":
        return {"token": new_address_token(user, "new@example.com")}
    return next(iter(content["examples"].values()))["value"] if content else None


def test_operations_are_503_without_a_database_where_the_schema_says_so(api, as_user):
    described = operations(api)
    user, post = editor.make(), finished_post.make()
    client = as_user(user)
    bodies = [body_for(operation, user) for _, _, operation in described]

    def refuse(*args: Any) -> None:
        raise OperationalError("could not connect")

    with connection.execute_wrapper(refuse):
        for (method, path, operation), body in zip(described, bodies, strict=True):
            answer = getattr(client, method)(path.format(id=post.pk, number=1), body)

            assert (answer.status_code == 503) == ("503" in operation["responses"]), path
            assert ("Retry-After" in answer) == (answer.status_code == 503)


def test_bodies_are_413_and_415_where_the_schema_says_so(api, as_user):
    for method, path, operation in operations(api):
        if method != "get":
            client = as_user(editor.make())  # the one before may have logged out everywhere
            address = path.format(id=finished_post.make().pk, number=1)
            too_long = client.generic(method, address, b" " * (2**20 + 1), content_type="application/json")
            assert (too_long.status_code, "413" in operation["responses"]) == (413, True), path
            another_kind = client.generic(method, address, b"<a/>", content_type="text/xml")
            assert (another_kind.status_code == 415) == ("415" in operation["responses"]), path


def test_operations_come_in_the_order_in_which_they_are_used(api):
    paths = api.get("/openapi.json").json()["paths"]
    accounts = [path for path, methods in paths.items() for one in methods.values() if one["tags"] == ["accounts"]]

    assert list(paths["/api/v1/blogs/{id}"]) == ["get", "put", "patch", "delete"]
    assert accounts.index("/api/v1/register") < accounts.index("/api/v1/login") < accounts.index("/api/v1/logout")


def test_every_tag_is_described(api):
    schema = api.get("/openapi.json").json()
    used = {tag for methods in schema["paths"].values() for operation in methods.values() for tag in operation["tags"]}

    assert used == {tag["name"] for tag in schema["tags"] if tag["description"]}


@pytest.mark.parametrize(("name", "field"), [("BriefRequest", "content"), ("PatchedEditRequest", "content")])
def test_an_empty_text_is_valid(api, name, field):
    schema = api.get("/openapi.json").json()["components"]["schemas"][name]["properties"][field]

    assert jsonschema_rs.is_valid(schema, "")
    assert not jsonschema_rs.is_valid(schema, "a\0b")


def test_every_example_is_true_to_its_schema(api):
    schema = api.get("/openapi.json").json()
    wrong = []
    for method, path, operation in operations(api):
        parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for where, content in ((where, content) for where, part in parts.items() for content in bodies(part)):
            described = {**content["schema"], "components": schema["components"]}
            for name, example in content["examples"].items():
                if not jsonschema_rs.is_valid(described, example["value"]):
                    wrong.append(f"{method} {path} {where}: {name}")

    assert wrong == []


def bodies(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the JSON bodies of a request or an answer."""
    return [content for kind, content in part.get("content", {}).items() if kind.endswith("json")]
