"""How a browser submits a form's values."""

import re
from typing import Any


def as_sent(value: Any) -> Any:
    """Return a text with the line endings that browsers submit, and any other value unchanged."""
    return re.sub("\r\n?|\n", "\r\n", value) if isinstance(value, str) else value
