"""Completes the API schema: the problems that each operation may answer with, and the headers of every answer."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.utils import OpenApiParameter

from accounts.authentication import ACCESS_REFUSED
from blogs.api import headers
from blogs.api.fast_reads import NoSuchPost
from blogs.api.idempotency import KeyReused, StillRunning
from blogs.api.permissions import MAY_NOT
from blogs.etags import PreconditionFailed
from blogs.roles import Action
from blogsite.api.problems import BODY_TOO_LARGE, CONTENT_TYPE, DATABASE_AWAY, problem

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The meaning of the status code."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong, in a sentence."},
        "errors": {
            "type": "object",
            "description": "Messages by field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "request_id": {"type": "string", "description": "Identifies this request in our log."},
    },
}
# The usual detail of each error; a view with another reason for one names it in its `responses`.
DETAILS: dict[int, str] = {
    400: "title: This field is required.",
    401: ACCESS_REFUSED,
    403: MAY_NOT[Action.CHANGE],
    404: NoSuchPost.default_detail,
    409: StillRunning.default_detail,
    412: PreconditionFailed.default_detail,
    413: BODY_TOO_LARGE.format(2**20),
    415: 'Unsupported media type "text/xml" in request.',
    422: KeyReused.default_detail,
    429: "Request was throttled. Expected available in 12 seconds.",
    503: DATABASE_AWAY,
}
X_REQUEST_ID = headers.response_header(
    "X-Request-ID",
    required=True,
    description="Identifies this request in our log. Yours is kept if it is at most 64 letters, digits or `._-`.",
)
WWW_AUTHENTICATE = headers.response_header("WWW-Authenticate", required=True, description="How to authenticate.")
HEADERS: tuple[OpenApiParameter, ...] = (
    X_REQUEST_ID,
    WWW_AUTHENTICATE,
    headers.ETAG,
    headers.LOCATION,
    headers.LINK,
    headers.RETRY_AFTER,
    headers.CACHE_CONTROL,
    headers.IDEMPOTENCY_REPLAYED,
)


class OperationSchema(AutoSchema):
    """Adds what follows from a view and its declared parameters; the view declares all else by `extend_schema`."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation:
            answers = operation["responses"]
            details = {int(status): answers.pop(status)["description"] for status in [*answers] if status >= "400"}
            for status in sorted(self.error_statuses(operation) | set(details)):
                answers[str(status)] = error_response(status, details.get(status, DETAILS[status]))
            for status, answer in answers.items():
                answer["headers"] = references(set(answer.pop("headers", ())) | implied(operation, int(status)))
        return operation

    def _get_request_body(self, direction: Any = "request") -> Any:
        """Describe the body of a DELETE too, if its view has one; drf-spectacular does so of other methods only."""
        method, self.method = self.method, "POST" if self.method == "DELETE" else self.method
        try:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        finally:
            self.method = method

    def error_statuses(self, operation: dict[str, Any]) -> set[int]:
        """Return the error statuses that any operation like this may answer with."""
        parameters = parameters_of(operation)
        has_key = headers.IDEMPOTENCY_KEY.name in parameters["header"]
        needs_user = any(operation.get("security", ()))
        rules = {
            400: "requestBody" in operation or bool(parameters["query"]) or has_key,
            401: needs_user,
            403: needs_user and bool(parameters["path"]),
            404: bool(parameters["path"]),
            409: has_key,
            412: headers.IF_MATCH.name in parameters["header"],
            413: self.method != "GET",  # checked before anything else, even if no body is expected
            415: "requestBody" in operation,
            422: has_key,
            429: bool(self.view.get_throttles()),
            503: getattr(self.view, "needs_database", True),
        }
        return {status for status, holds in rules.items() if holds}


def parameters_of(operation: dict[str, Any]) -> dict[str, set[str]]:
    """Return the names of the request's parameters by place: path, query, header."""
    names: dict[str, set[str]] = {"path": set(), "query": set(), "header": set()}
    for parameter in operation.get("parameters", ()):
        names[parameter["in"]].add(parameter["name"])
    return names


def implied(operation: dict[str, Any], status: int) -> set[str]:
    """Return the names of the headers that every answer with this status has or may have."""
    has_key = headers.IDEMPOTENCY_KEY.name in parameters_of(operation)["header"]
    says_when_to_retry = status in (429, 503) or (status == 409 and has_key)
    rules = {X_REQUEST_ID: True, WWW_AUTHENTICATE: status == 401, headers.RETRY_AFTER: says_when_to_retry}
    return {header.name for header, holds in rules.items() if holds}


def references(names: set[str]) -> dict[str, dict[str, str]]:
    return {header.name: {"$ref": f"#/components/headers/{header.name}"} for header in HEADERS if header.name in names}


def error_response(status: int, detail: str) -> dict[str, Any]:
    """Describe an answer that is a problem with this detail."""
    members = {"errors": {"title": ["This field is required."]}} if status == 400 else {}
    example = problem(status, detail, **members)
    return {
        "description": example["title"],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular's: add what the answers of all operations refer to."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    result["components"]["headers"] = {
        header.name: {
            "description": header.description,
            "required": header.required,
            "schema": build_basic_type(header.type),  # type: ignore[arg-type]
        }
        for header in HEADERS
    }
    return result
