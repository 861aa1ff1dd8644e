"""What a browser makes of a form's values."""

import re
from typing import Any


def as_sent(value: Any) -> Any:
    """Return a text with the line ends that browsers put in the place of all others; other values as they are."""
    return re.sub("\r\n?|\n", "\r\n", value) if isinstance(value, str) else value
