"""Everything the writer says to a model: texts and sampling, as pure data and pure functions, versioned by hash."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from generation.writer.prompts import corrections, large, material, schemas, small

__all__ = ["corrections", "large", "material", "schemas", "small", "version"]


def version(profile: Literal["large", "small"]) -> str:
    """Return 12 hex digits that change whenever a text or the sampling of `profile` does."""
    parts = {"large": large.VERSIONED, "small": small.VERSIONED}[profile]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
