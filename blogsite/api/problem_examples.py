"""Examples of problems for the API schema: of every kind that an operation may answer with."""

from collections.abc import Iterable, Iterator
from typing import Any

from rest_framework.exceptions import APIException

from accounts.authentication import ACCESS_REFUSED
from accounts.refusals import Refusal
from blogs.api.fast_reads import NoSuchPost
from blogs.api.idempotency import KeyReused, StillRunning
from blogs.api.permissions import MAY_NOT
from blogs.etags import PreconditionFailed
from blogs.roles import Action
from blogsite.api.problem_types import PROBLEM_TYPES
from blogsite.api.problems import BODY_TOO_LARGE, CONTENT_TYPE, DATABASE_AWAY, USUAL, problem

# The usual details of each status; a view with another reason for one names it in its `responses`.
DETAILS: dict[int, str] = {
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
# What problems of a kind have besides what all have; `schema.py` describes it.
MEMBERS: dict[str, dict[str, Any]] = {
    "budget-exhausted": {
        "limit": "1.000000", "spent": "0.412900", "reserved": "0.560000", "resets_at": "2026-12-02T00:00:00Z",
    },
    "revisions-full": {
        "limit": 10_000_000, "used": 9_950_000, "size": 150_000, "revisions": [{"number": 3, "bytes": 120_000}],
    },
}  # fmt: skip
COMPONENTS = {"budget-exhausted": "BudgetProblem", "revisions-full": "RevisionsProblem"}
REQUIRED, NOT_VALID = "This field is required.", "This value is not valid."
NOT_JSON = "The body is not valid JSON: unexpected end of data: line 1 column 1 (char 0)."
Example = tuple[str, str]  # the kind's name, and a detail


def error_response(status: int, declared: str, *, usual: bool) -> dict[str, Any]:
    """Describe the answers with one status but 400.

    Args:
        declared: the reasons that the view names, empty if none.
        usual: whether what every operation like this may answer is among them.
    """
    examples = dict(examples_of(status, declared))
    if usual:
        examples.setdefault(name_of(DETAILS[status]) or USUAL[status], DETAILS[status])
    problems = {name: problem(status, detail, name, **MEMBERS.get(name, {})) for name, detail in examples.items()}
    return described(problems, next((COMPONENTS[name] for name in problems if name in COMPONENTS), "Problem"))


def bad_request(declared: str, faults: dict[str, str], *, has_body: bool) -> dict[str, Any]:
    """Describe the answers with the status 400.

    Args:
        declared: the reasons that the view names, empty if none.
        faults: a message by field, parameter or header.
        has_body: whether a body may be malformed.
    """
    problems = {name: problem(400, detail, name) for name, detail in examples_of(400, declared)}
    for field, message in faults.items():
        problems["invalid-input"] = problem(400, f"{field}: {message}", errors={field: [message]})
    if has_body:
        problems["malformed-request"] = problem(400, NOT_JSON, "malformed-request")
    return described(problems)


def described(problems: dict[str, dict[str, Any]], component: str = "Problem") -> dict[str, Any]:
    """Return a response of the schema with a link to each kind's page, and an example of it."""
    links = [f"[{one['title']}]({one['type']})" for one in problems.values()]
    examples = {name: {"summary": one["title"], "value": one} for name, one in problems.items()}
    content = {"schema": {"$ref": f"#/components/schemas/{component}"}, "examples": examples}
    return {"description": " or ".join(links), "content": {CONTENT_TYPE: content}}


def examples_of(status: int, declared: str) -> Iterator[Example]:
    """Yield each kind whose sentence is in the declaration, else the status's usual kind with the declaration."""
    found = [(name, detail) for detail, name in named_details() if detail in declared and name in PROBLEM_TYPES]
    yield from found
    if declared and not found:
        yield USUAL[status], declared


def name_of(detail: str) -> str:
    return next((name for known, name in named_details() if known == detail), "")


def named_details() -> Iterator[Example]:
    """Yield the details of which the kind is known, each with its kind."""
    for refusal in subclasses(Refusal):
        if refusal.detail:
            yield refusal.detail, refusal.problem
    for error in subclasses(APIException):
        if (name := getattr(error, "problem", "")) and error.default_detail:
            yield str(error.default_detail), name


def subclasses(base: type[Any]) -> Iterable[type[Any]]:
    for found in base.__subclasses__():
        yield found
        yield from subclasses(found)
