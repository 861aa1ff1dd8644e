"""What servers say of their models besides answering: when one is shut down, and which ones an Ollama nearby has.

By the standard library, which costs `up` neither the memory of the SDK nor its second; nothing is followed or repeated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from generation.llm.providers import OPENAI_URL, Provider

WAIT = 2.0  # seconds
MOST = 256 * 1024  # bytes of an answer
OLLAMA = "http://127.0.0.1:11434"
ENDS = ("shutdown_date", "shutdown_at", "retirement_date", "deprecation_date", "expiration_date")


def shutdown_date(provider: Provider) -> date | None:
    """Return the day on which a model is or was shut down, if its server names one."""
    parts = urlsplit(provider.base_url or OPENAI_URL)
    query = f"?{parts.query}" if parts.query else ""
    path = f"{parts.path.rstrip('/')}/models/{quote(provider.model, safe='')}{query}"
    key = {"Authorization": f"Bearer {provider.api_key}", "api-key": provider.api_key} if provider.api_key else {}
    answer = _get(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", path, key)
    places = [place for place in (answer, answer.get("deprecation")) if isinstance(place, dict)]
    return next((day for place in places for name in ENDS if (day := _day(place.get(name)))), None)


def ollama_models() -> list[str]:
    """Return the names of the models that an Ollama on this machine has; none if there is no Ollama."""
    models = _get(OLLAMA, "/api/tags", {}).get("models")
    named = (model.get("name") for model in models if isinstance(model, dict)) if isinstance(models, list) else ()
    return [name for name in named if isinstance(name, str) and re.fullmatch(r"[\w./:-]{1,80}", name)]


def _get(server: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    parts = urlsplit(server)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=WAIT)
        try:
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            found = json.loads(response.read(MOST)) if response.status == 200 else {}
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _day(value: object) -> date | None:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date()
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
