"""Links and addresses in a text: web, mail, images, and the marks of sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOP_LEVEL = (
    "com|org|net|edu|gov|info|example|io|co|uk|de|fr|es|it|pt|nl|se|dk|no|fi|pl|cz|ua|tr|gr|id|jp|kr|cn|eu|ch|at|be"
    "|app|dev|blog|shop"
)
# In the characters of ASCII alone: scripts without spaces go on right after an address.
_REST = r"[!#-'*-;=?-Z^-z|~]*"
_URL = re.compile(rf"(?<![A-Za-z0-9])(?:(?:https?|ftp)://|www\.){_REST}", re.IGNORECASE)
_MAIL = re.compile(r"(?<![A-Za-z0-9.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_DOMAIN = re.compile(
    rf"(?<![A-Za-z0-9@./-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_TOP_LEVEL})(?![A-Za-z0-9])(?:/{_REST})?", re.IGNORECASE
)
_CITATION = re.compile(r"【[^】\n]{1,40}】|\[\d{1,3}\](?!\()|\[\^\w{1,20}\]|\bdoi:\s?10\.\S{4,80}", re.IGNORECASE)
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]{1,2000})")
_HANDLE = re.compile(r"(?<![\w@/])@[A-Za-z_]\w{2,30}\b")
# What each of them cannot be without; most sentences have none of it.
_MARKS = {
    _URL: re.compile(r"://|w\.|W\."),
    _MAIL: re.compile("@"),
    _DOMAIN: re.compile(r"\.\w"),
    _TARGET: re.compile(r"\]\("),
    _CITATION: re.compile(r"【|\[|10\."),
    _HANDLE: re.compile("@"),
}
MARKUP = re.compile(
    r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)|</?(?!br\b)[a-zA-Z][^<>\n]{0,300}>|<!--|\{\{[^{}\n]{1,80}\}\}|&(?:nbsp|lt|gt|amp);"
)


def links(text: str) -> list[str]:
    """Return the links and addresses of a text, to the letter, each once."""
    found = [match.group().rstrip(".,;:!?)*_") for pattern in (_URL, _MAIL) for match in _matches(pattern, text)]
    rest = _without(_MAIL, _without(_URL, text))
    found += [match.group().rstrip(".,;:!?)*_") for match in _matches(_DOMAIN, rest)]
    found += [match.group(1) for match in _matches(_TARGET, rest)]
    found += [match.group() for pattern in (_CITATION, _HANDLE) for match in _matches(pattern, rest)]
    return list(dict.fromkeys(found))


def comparable(link: str) -> str:
    """Return a link as two of them are compared: without scheme, `www.` and the last slash."""
    return re.sub(r"^(?:mailto:|tel:)?(?:https?://)?(?:www\.)?", "", link.lower()).rstrip("/.")


def without_links(text: str) -> str:
    """Return a text without its links, whose digits and capitals are no figures and names."""
    for pattern in (_URL, _MAIL, _DOMAIN, _CITATION, _HANDLE):
        text = _without(pattern, text)
    return _TARGET.sub("](", text)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return pattern.finditer(text) if _MARKS[pattern].search(text) else iter(())


def _without(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(" ", text) if _MARKS[pattern].search(text) else text
