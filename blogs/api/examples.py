"""Examples of posts and revisions for the API schema."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

POST: dict[str, Any] = {
    "id": 42,
    "title": "Growing tomatoes",
    "content": "## Pots\n\nTake big ones.",
    "owner_id": 7,
    "status": "in_progress",
    "failure": None,
    "progress": {"stage": "write", "done": 2, "total": 5},
    "revision": 1,
    "created_at": "2026-11-22T10:15:00.250000Z",
    "updated_at": "2026-11-22T10:15:04.500000Z",
    "released_at": "2026-11-22T10:15:00.250000Z",
    "ai_disclosure": "ai-autonomous",
}
TEXT: dict[str, Any] = {
    "number": 1,
    "source": "ai",
    "author_id": None,
    "title": "Growing tomatoes",
    "content": "## Pots\n\nTake big ones.",
    "created_at": "2026-11-22T10:15:00.250000Z",
}
OPTIONS = {"length": "standard", "tone": "friendly", "audience": "beginners", "language": "auto"}


OWN: dict[str, Any] = {
    **POST,
    "released_revision": 1,
    "publish_at": None,
    "brief_title": "Growing tomatoes",
    "brief": "big pots; morning water; shade at noon",
    **OPTIONS,
    "model": None,
}


def answer(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200", "201", "202"])


ONE = answer("A post that is being regenerated", {"blog": POST})
MANY = answer("The first page", {"blogs": [POST], "next": "/api/v1/blogs?limit=1&after=42"})
WRITTEN = answer("A post that is being regenerated", {"message": "Blog update is being processed.", "blog": OWN})
REVISION = answer("A generated text", {"revision": TEXT})
REVISIONS = answer("The only page", {"revisions": [TEXT], "next": None})
BRIEF = OpenApiExample(
    "A brief",
    value={"title": "Growing tomatoes", "content": "big pots; morning water; shade at noon"},
    request_only=True,
)
BRIEF_WITH_OPTIONS = OpenApiExample(
    "A brief with options",
    value={"title": "Growing tomatoes", "content": "big pots; morning water; shade at noon"} | OPTIONS,
    request_only=True,
)
DEFAULT_MODEL = OpenApiExample("With the default model", value={"model": None}, request_only=True)
OWN_TEXT = OpenApiExample(
    "Your own text",
    value={"title": "Growing tomatoes", "content": "## Pots\n\nTake big ones.", "regenerate": False},
    request_only=True,
)
EDIT = OpenApiExample(
    "A new text, the same title", value={"content": "## Pots\n\nTake bigger ones."}, request_only=True
)
OWN_WORDS = OpenApiExample(
    "Your own words",
    value={"title": "Growing tomatoes", "content": "## Pots\n\nTake big ones.", "generate": False},
    request_only=True,
)
DRAFT_EDIT = OpenApiExample(
    "Other notes and another tone", value={"brief": "big pots; evening water", "tone": "formal"}, request_only=True
)
PUBLISH = OpenApiExample("A revision that you read", value={"revision": 1}, request_only=True)
PUBLISH_LATER = OpenApiExample(
    "Later", value={"revision": 1, "publish_at": "2027-01-01T09:00:00+01:00"}, request_only=True
)
