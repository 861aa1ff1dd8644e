"""Completes the API schema: the problems that each operation may answer with, and the headers of every answer."""

from typing import Any

from django.urls import get_script_prefix
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.utils import OpenApiParameter

from accounts.api.base import Private
from blogs.api import headers
from blogsite.api.problem_examples import NOT_VALID, REQUIRED, bad_request, error_response

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "description": "The kind of problem: a page about it, under [/problems](/problems).",
        },
        "title": {"type": "string", "description": "The name of its kind, the same each time."},
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
DOLLARS = {"type": "string", "format": "decimal", "pattern": r"^\d+\.\d{6}$"}
BUDGET_PROBLEM = {
    "allOf": [
        {"$ref": "#/components/schemas/Problem"},
        {
            "type": "object",
            "description": "Your own figures, whichever budget has no room; in US dollars.",
            "required": ["limit", "spent", "reserved", "resets_at"],
            "properties": {
                "limit": {
                    **DOLLARS,
                    "type": ["string", "null"],
                    "description": "Of this day or month; null if you have none.",
                },
                "spent": {**DOLLARS, "description": "In this period."},
                "reserved": {**DOLLARS, "description": "For posts that are not finished: the most that they can cost."},
                "resets_at": {"type": "string", "format": "date-time", "description": "When the next period begins."},
            },
        },
    ]
}
BYTES = {"type": "integer", "minimum": 0}
REVISIONS_PROBLEM = {
    "allOf": [
        {"$ref": "#/components/schemas/Problem"},
        {
            "type": "object",
            "description": "If the texts of a post have no room for another one; in bytes.",
            "properties": {
                "limit": {**BYTES, "description": "Of all texts of a post."},
                "used": {**BYTES, "description": "By those of this one."},
                "size": {**BYTES, "description": "Of the text that was refused."},
                "revisions": {
                    "type": "array",
                    "description": "The fewest whose deletion makes room, or all if it does not.",
                    "items": {
                        "type": "object",
                        "required": ["number", "bytes"],
                        "properties": {"number": {"type": "integer"}, "bytes": BYTES},
                    },
                },
            },
        },
    ]
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


EMPTY = {"type": "string", "maxLength": 0}  # what drf-spectacular adds as a second kind of text that may be empty
METHODS = ["get", "post", "put", "patch", "delete"]  # by chance they come in any order


class OperationSchema(AutoSchema):
    """Adds what follows from a view and its declared parameters; the view declares all else by `extend_schema`."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation:
            answers = operation["responses"]
            details = {int(status): answers.pop(status)["description"] for status in [*answers] if status >= "400"}
            usual = self.error_statuses(operation)
            for status in sorted(usual | set(details)):
                answers[str(status)] = self.error_response(operation, status, details.get(status, ""), status in usual)
            for status, answer in answers.items():
                answer["headers"] = references(set(answer.pop("headers", ())) | self.implied(operation, int(status)))
        return operation

    def error_response(self, operation: dict[str, Any], status: int, declared: str, usual: bool) -> dict[str, Any]:
        if status != 400:
            return error_response(status, declared, usual=usual)
        faults = self.fault_in(operation) if usual else {}
        return bad_request(declared, faults, has_body="requestBody" in operation)

    def fault_in(self, operation: dict[str, Any]) -> dict[str, str]:
        """Return what a client of this operation may get wrong: a field of its body or a parameter, with a message."""
        if "requestBody" in operation:
            serializer: Any = self.get_request_serializer()
            fields = (serializer() if isinstance(serializer, type) else serializer).fields
            required = (name for name, field in fields.items() if field.required)
            return {name: REQUIRED} if (name := next(required, "")) else {next(iter(fields)): NOT_VALID}
        parameters = parameters_of(operation)
        return {next(iter(sorted(parameters["query"])), headers.IDEMPOTENCY_KEY.name): NOT_VALID}

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

    def implied(self, operation: dict[str, Any], status: int) -> set[str]:
        """Return the names of the headers that every answer with this status has or may have."""
        has_key = headers.IDEMPOTENCY_KEY.name in parameters_of(operation)["header"]
        says_when_to_retry = status in (429, 503) or (status == 409 and has_key)
        rules = {
            X_REQUEST_ID: True,
            WWW_AUTHENTICATE: status == 401,
            headers.RETRY_AFTER: says_when_to_retry,
            headers.CACHE_CONTROL: isinstance(self.view, Private),
        }
        return {header.name for header, holds in rules.items() if holds}


def parameters_of(operation: dict[str, Any]) -> dict[str, set[str]]:
    """Return the names of the request's parameters by place: path, query, header."""
    names: dict[str, set[str]] = {"path": set(), "query": set(), "header": set()}
    for parameter in operation.get("parameters", ()):
        names[parameter["in"]].add(parameter["name"])
    return names


def references(names: set[str]) -> dict[str, dict[str, str]]:
    return {header.name: {"$ref": f"#/components/headers/{header.name}"} for header in HEADERS if header.name in names}


def simplified(field: dict[str, Any]) -> dict[str, Any]:
    """Return a field of a body as one kind of text, without its default: generators of types require a field with one.

    Our patterns fit the empty text too, so that `oneOf` two kinds would forbid it.
    """
    kinds = field.get("oneOf", ())
    if EMPTY in kinds:
        field = {name: value for name, value in field.items() if name != "oneOf"} | kinds[0]
    return {name: value for name, value in field.items() if name != "default"}


def close_bodies(result: dict[str, Any]) -> None:
    """Say that bodies under /blogs take no other fields."""
    for path, operations in result["paths"].items():
        for operation in operations.values() if "/blogs" in path else ():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                name = media["schema"].get("$ref", "").rpartition("/")[2]
                result["components"]["schemas"].get(name, {})["additionalProperties"] = False


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular's: add what the answers of all operations refer to, and put methods in their order."""
    result["paths"] = {
        path: dict(sorted(operations.items(), key=lambda item: METHODS.index(item[0])))
        for path, operations in result["paths"].items()
    }
    close_bodies(result)
    close_bodies(result)
    schemas = result["components"].setdefault("schemas", {})
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["properties"] = {key: simplified(field) for key, field in schema["properties"].items()}
    schemas.update(Problem=PROBLEM, BudgetProblem=BUDGET_PROBLEM, RevisionsProblem=REVISIONS_PROBLEM)
    if prefix := get_script_prefix().rstrip("/"):
        result["servers"] = [{"url": prefix}]
    result["components"]["headers"] = {
        header.name: {
            "description": header.description,
            "required": header.required,
            "schema": build_basic_type(header.type),  # type: ignore[arg-type]
        }
        for header in HEADERS
    }
    return result
