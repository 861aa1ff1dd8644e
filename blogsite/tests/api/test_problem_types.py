"""Every kind of problem has a name, a title and a page; every page belongs to a kind."""

import re
from pathlib import Path
from typing import Any

import pytest
from rest_framework.exceptions import APIException

from accounts.refusals import Refusal
from accounts.tests.baker_recipes import writer
from blogs.refusals import QueueFull
from blogs.signals import before_generation_requested
from blogs.tests.baker_recipes import finished_post
from blogsite import urls
from blogsite.api.problem_examples import subclasses
from blogsite.api.problem_types import PROBLEM_TYPES
from blogsite.api.problems import USUAL
from blogsite.middleware.headers import OWN_FILES
from blogsite.testing.up_process import ROOMS, ROOT

JSON = {"headers": {"Accept": "application/json"}}


def refusals() -> list[type[Any]]:
    assert urls.urlpatterns  # they are imported with the views
    errors = [error for error in subclasses(APIException) if isinstance(getattr(error, "problem", None), str)]
    return [
        *errors,
        *(refusal for refusal in subclasses(Refusal) if ".tests." not in refusal.__module__),
    ]


def test_every_refusal_has_a_page_with_its_status():
    named = {(refusal.problem, status_of(refusal)) for refusal in refusals()}

    assert {("queue-full", 503), ("request-still-running", 409), ("state-conflict", 409)} < named
    assert [(name, status) for name, status in named if PROBLEM_TYPES[name].status != status] == []


def status_of(refusal: type[Any]) -> int:
    return refusal.status if issubclass(refusal, Refusal) else refusal.status_code


def test_the_usual_kind_of_a_status_has_this_status():
    assert [name for status, name in USUAL.items() if PROBLEM_TYPES[name].status != status] == []


def test_every_page_belongs_to_a_kind_that_something_answers_with():
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if is_source(path)]
    named = set(re.findall(r'"([a-z-]+)"', "".join(path.read_text() for path in sources)))
    used = {*USUAL.values(), *(refusal.problem for refusal in refusals()), *named}

    assert set(PROBLEM_TYPES) <= used


def is_source(path: Path) -> bool:
    return "tests" not in path.parts and path.name != "problem_types.py"


def test_titles_are_different_and_short():
    titles = [kind.title for kind in PROBLEM_TYPES.values()]

    assert len(titles) == len(set(titles))
    assert max(map(len, titles)) <= 30


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_a_page_says_what_happened_and_what_to_do(client, name):
    kind, page, data = PROBLEM_TYPES[name], client.get(f"/problems/{name}"), client.get(f"/problems/{name}", **JSON)

    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page["Content-Security-Policy"] == OWN_FILES
    assert f"<h1>{kind.title}</h1>" in page.content.decode()
    assert page.context["meaning"] == kind.meaning
    assert data.json() == {
        "type": f"/problems/{name}",
        "status": kind.status,
        "title": kind.title,
        "meaning": kind.meaning,
        "advice": kind.advice,
    }
    assert "Accept" in page["Vary"]
    assert "Accept" in data["Vary"]


def test_the_index_links_to_every_page(client):
    page = client.get("/problems").content.decode()

    assert re.findall(r'<dt><a href="/problems/([a-z-]+)"', page) == list(PROBLEM_TYPES)
    assert [one["type"] for one in client.get("/problems", **JSON).json()["problems"]] == [
        f"/problems/{name}" for name in PROBLEM_TYPES
    ]
    assert client.get("/").json()["links"]["problems"] == "/problems"


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html", "text/plain", "text/html,application/json;q=0.9", "", "application/json," * 1_000]
)
def test_whoever_does_not_ask_for_json_gets_a_page(client, accept):
    assert client.get("/problems/not-found", headers={"Accept": accept})["Content-Type"].startswith("text/html")


def test_an_unknown_page_is_not_found_and_none_can_be_changed(client):
    unknown = client.get("/problems/none", **JSON)

    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    for address in ("/problems", "/problems/not-found", "/"):
        refused = client.post(address)
        assert (refused.status_code, refused.json()["type"]) == (405, "/problems/method-not-allowed")
        assert refused["Allow"] == "GET, HEAD, OPTIONS"


def full(**kwargs: Any) -> None:
    raise QueueFull(wait=7)


KEY = {"headers": {"Idempotency-Key": "k"}}
REQUESTS: dict[str, Any] = {
    "malformed-request": lambda api, post: api.generic("POST", "/api/v1/blogs", b"{", content_type="application/json"),
    "invalid-input": lambda api, post: api.post("/api/v1/blogs", {}),
    "not-found": lambda api, post: api.get("/api/v1/blogs/999999"),
    "not-allowed": lambda api, post: api.delete(f"/api/v1/blogs/{finished_post.make().pk}"),
    "method-not-allowed": lambda api, post: api.delete("/api/v1/blogs"),
    "state-conflict": lambda api, post: api.post(f"/api/v1/blogs/{post.pk}/cancel"),
    "precondition-failed": lambda api, post: api.delete(f"/api/v1/blogs/{post.pk}", headers={"If-Match": '"1-0"'}),
    "body-too-large": lambda api, post: api.post("/api/v1/blogs", {"title": "a" * 2**20}),
    "unsupported-media-type": lambda api, post: api.generic("POST", "/api/v1/blogs", b"<a/>", content_type="text/xml"),
    "idempotency-key-reused": lambda api, post: [
        api.post("/api/v1/blogs", {"title": title}, **KEY) for title in ("One", "Two")
    ][-1],
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_names_its_kind(as_user, name):
    post = finished_post.make()
    kind = PROBLEM_TYPES[name]

    answer = REQUESTS[name](as_user(post.owner), post)

    said = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (kind.status, "application/problem+json")
    assert (said["type"], said["title"], said["status"]) == (f"/problems/{name}", kind.title, kind.status)


@pytest.mark.django_db
def test_nobody_a_full_queue_and_too_many_requests_have_names_too(api, as_user, settings):
    assert api.get("/api/v1/me").json()["type"] == "/problems/credentials-not-accepted"

    client = as_user(writer.make())
    before_generation_requested.connect(full)
    try:
        assert client.post("/api/v1/blogs", {"title": "Bread"}).json()["type"] == "/problems/queue-full"
    finally:
        before_generation_requested.disconnect(full)

    settings.THROTTLES = settings.THROTTLES | {"create": (1, 86400)}
    answers = [client.post("/api/v1/blogs", {"title": "Bread"}) for _ in range(2)]
    assert answers[-1].json()["type"] == "/problems/too-many-requests"


@pytest.mark.django_db
def test_the_schema_shows_the_kinds_that_each_operation_answers_with(api):
    paths = api.get("/openapi.json").json()["paths"]
    seen = set()
    for methods in paths.values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status < "400":
                    continue
                for name, example in answer["content"]["application/problem+json"]["examples"].items():
                    kind, value = PROBLEM_TYPES[name], example["value"]
                    assert (str(kind.status), kind.status) == (status, value["status"])
                    assert (value["type"], value["title"]) == (f"/problems/{name}", kind.title)
                    assert f"[{kind.title}](/problems/{name})" in answer["description"]
                    seen.add(name)

    assert {"invalid-input", "queue-full", "state-conflict", "request-still-running", "credentials-not-accepted"} < seen
