"""Adds to the API's description how each operation may refuse, as problems with examples."""

from typing import Any

from blogsite.problems import CONTENT_TYPE, DATABASE_AWAY, problem

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "What the status code means."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong here, in one sentence."},
        "errors": {
            "type": "object",
            "description": "Messages by field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "request_id": {"type": "string", "description": "Names this request in our log."},
    },
}
EXAMPLES: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("title: This field is required.", {"errors": {"title": ["This field is required."]}}),
    401: ("This access token is not valid or has expired. Log in again.", {}),
    403: ("Only the owner of this post and staff may change it.", {}),
    404: ("There is no such post.", {}),
    409: ("A request with this Idempotency-Key is still running. Try again in a moment.", {}),
    412: ("The post has changed since you read it. Read it again, then repeat your change.", {}),
    413: ("The body is larger than 1048576 bytes.", {}),
    415: ('Unsupported media type "text/xml" in request.', {}),
    422: ("This Idempotency-Key was used for another request. Take a new key.", {}),
    429: ("Request was throttled. Expected available in 12 seconds.", {}),
    503: (DATABASE_AWAY, {}),
}
QUEUE_FULL = "Too many posts are waiting to be written. Try again later."
WAITING = {429, 503}
BY_TOKEN = {"login", "refresh", "logout"}  # refuse tokens and passwords that come in the body
THROTTLED = {"register", "login", "create_blog", "update_blog", "regenerate_blog"}
QUEUED = {"create_blog", "update_blog", "regenerate_blog"}
WITHOUT_DATABASE = {"healthz", "metrics"}  # the figures say by themselves that it is away
DECIDED = {"cancel_blog", "accept_generation", "discard_generation"}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: see the module."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in sorted(refusals(path, method, operation)):
                operation["responses"].setdefault(str(status), described(status, operation["operationId"]))
    return result


def refusals(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    """Return the statuses by which an operation may refuse, as its own description implies them."""
    name = operation["operationId"]
    parameters = {(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", ())}
    needs_user = any(way for way in operation.get("security", ()))
    of_a_post = "{" in path
    rules = {
        400: "requestBody" in operation or any(place == "query" for place, _ in parameters),
        401: needs_user or name in BY_TOKEN,
        403: of_a_post and needs_user,
        404: of_a_post,
        409: ("header", "Idempotency-Key") in parameters or name in DECIDED,
        412: ("header", "If-Match") in parameters,
        413: method != "get",  # looked at before anybody asks whether a body is taken
        415: "requestBody" in operation,
        422: ("header", "Idempotency-Key") in parameters,
        429: name in THROTTLED,
        503: name not in WITHOUT_DATABASE,
    }
    rules[400] |= rules[422]
    return {status for status, holds in rules.items() if holds}


def described(status: int, name: str) -> dict[str, Any]:
    detail, members = EXAMPLES[status]
    if status == 503 and name in QUEUED:
        detail = QUEUE_FULL
    example = problem(status, detail, **members)
    answer: dict[str, Any] = {
        "description": example["title"],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status in WAITING:
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return answer
