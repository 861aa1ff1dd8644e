"""Adds to the API's description how each operation may refuse, as problems with examples, and all answers' headers."""

from typing import Any

from blogsite.api.problems import CONTENT_TYPE, DATABASE_AWAY, problem

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
BY_TOKEN = {"login", "refresh", "logout"}  # refuse tokens and passwords that come in the body
THROTTLED = {"register", "login", "create_blog", "update_blog", "regenerate_blog"}
QUEUED = {"create_blog", "update_blog", "regenerate_blog"}
WITHOUT_DATABASE = {"healthz", "metrics"}  # the figures say by themselves that it is away
DECIDED = {"cancel_blog", "accept_generation", "discard_generation"}
VERSIONED = {"get_blog", "create_blog"}  # and whatever takes If-Match


def header(schema: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {"description": description, "required": required, "schema": {"type": schema}}


HEADERS = {
    "X-Request-ID": header("string", "Names this request in our log: yours, if it was a plain word.", required=True),
    "WWW-Authenticate": header("string", "How to send a token.", required=True),
    "ETag": header("string", "Names this version of the post, for If-None-Match and If-Match.", required=True),
    "Location": header("string", "Where the post is.", required=True),
    "Link": header("string", 'Where the next page is, with `rel="next"` (RFC 8288); not on the last one.'),
    "Retry-After": header("integer", "Seconds after which to ask again; with a post or a generation, while it runs."),
    "Cache-Control": header("string", "`no-cache` while the post is being written."),
    "Idempotency-Replayed": header("string", "`true` on an answer that was stored under the Idempotency-Key."),
}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular's."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in sorted(refusals(path, method, operation)):
                operation["responses"].setdefault(str(status), described(status, operation["operationId"]))
    return result


def add_headers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular's, to come after `add_problems`."""
    result["components"]["headers"] = HEADERS
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                names = headers_of(operation, int(status))
                answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return result


def headers_of(operation: dict[str, Any], status: int) -> list[str]:
    """Return the names of the headers that an answer has or may have."""
    name, parameters = operation["operationId"], parameters_of(operation)
    has_key = ("header", "Idempotency-Key") in parameters
    shows_post = status in (200, 201, 202, 304) and (name in VERSIONED or ("header", "If-Match") in parameters)
    shows_running = shows_post and name != "cancel_blog"  # after which nothing runs
    rules = {
        "X-Request-ID": True,
        "WWW-Authenticate": status == 401,
        "ETag": shows_post,
        "Location": (name, status) == ("create_blog", 201),
        "Link": status == 200 and name.startswith("list_"),
        "Retry-After": shows_running
        or status in (429, 503)
        or (status == 409 and has_key)
        or (name, status) == ("get_generation", 200),
        "Cache-Control": shows_running,
        "Idempotency-Replayed": has_key and status < 300,
    }
    return [sent for sent, holds in rules.items() if holds]


def parameters_of(operation: dict[str, Any]) -> set[tuple[str, str]]:
    return {(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", ())}


def refusals(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    """Return the statuses by which an operation may refuse, as its own description implies them."""
    name = operation["operationId"]
    parameters = parameters_of(operation)
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
    return {
        "description": example["title"],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
