"""Examples of generations for the API schema: a text that contradicts its notes, and so waits for a person."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from blogs.api.examples import OPTIONS, OWN
from generation.failures import FailureCode
from generation.writer.checks.findings import Finding, FindingName

HELD_BACK = FailureCode.INVALID_OUTPUT


def warning(finding: Finding) -> dict[str, Any]:
    name = finding.name
    return finding.as_json() | {"message": name.summary, "holds_back": name.holds_back}


PROPOSAL: dict[str, Any] = {
    "number": 2,
    "status": "failed",
    "brief_title": "Growing tomatoes",
    "brief": "big pots; morning water; shade at noon",
    **OPTIONS,
    "requested_model": None,
    "economy": False,
    "requested_by_id": 7,
    "request_id": "4f0c6a1e9b7d4c53a2f8e6d1b0c9a875",
    "base_revision": 1,
    "attempts": 1,
    "next_attempt_at": None,
    "progress": None,
    "failure": {
        "code": HELD_BACK.value,
        "message": HELD_BACK.summary,
        "retryable": HELD_BACK.retryable,
        "advice": HELD_BACK.advice,
    },
    "landing": "proposed",
    "warnings": [
        warning(Finding(FindingName.CONTRADICTION, "Water them in the evening.", note="morning water")),
        warning(Finding(FindingName.LOST_NOTE, note="shade at noon")),
    ],
    "revision": None,
    "title": "Tomatoes in Pots",
    "provider": "openai",
    "model": "gpt-4o-mini",
    "fallback_reason": None,
    "prompt_version": "b3d1f0a2",
    "calls": 6,
    "prompt_tokens": 4200,
    "cached_tokens": 1024,
    "completion_tokens": 1500,
    "cost": "0.001453",
    "created_at": "2026-11-22T10:15:00.250000Z",
    "started_at": "2026-11-22T10:15:00.400000Z",
    "finished_at": "2026-11-22T10:15:31.125000Z",
}
TEXT: dict[str, Any] = {
    "content": "## Pots\n\nTake big ones. Water them in the evening.",
    "gate": {"words": 812, "sections": 5, "title_cover": 1.0, "notes_cover": 0.75, "failed": []},
    "provenance": {
        "sampling": {
            "plan": {"temperature": 0.7, "max_tokens": 1200},
            "draft": {"temperature": 0.7, "max_tokens": 4000},
        },
        "seed": None,
        "seconds": {"plan": 3.4, "write": 18.9, "check": 0.0},
        "house_style": "9c1185a5c5e9",
        "prices_of": "genai-prices 0.2.3, 2026-11-22",
    },
}
GENERATION = OpenApiExample("A proposal", value={"generation": PROPOSAL | TEXT}, response_only=True)
GENERATIONS = OpenApiExample("The only page", value={"generations": [PROPOSAL], "next": None}, response_only=True)
DRAFT = OpenApiExample(
    "A proposal beside a scheduled text",
    value={
        "blog": {
            **OWN,
            "status": "completed",
            "progress": None,
            "released_revision": None,
            "released_at": None,
            "ai_disclosure": None,
            "publish_at": "2027-01-01T08:00:00Z",
            "warnings": [],
            "proposals": [
                {name: PROPOSAL[name] for name in ("number", "title", "base_revision", "finished_at", "warnings")}
            ],
            "release": None,
            "schedule": {"revision": 1, "by_id": 7, "is_named": True, "moment": "2027-01-01T08:00:00Z"},
            "queued_before": None,
        }
    },
    response_only=True,
)
