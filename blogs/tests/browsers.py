"""What a browser makes of a form's values."""

import re


def as_sent(value):
    """Return a text with the line ends that browsers put in the place of all others; other values as they are."""
    return re.sub("\r\n?|\n", "\r\n", value) if isinstance(value, str) else value
