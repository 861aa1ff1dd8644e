"""Titles without their case, in every script: databases fold the case of different letters."""

import unicodedata


def fold(text: str) -> str:
    """Return a text in which capitals make no difference (Unicode's canonical caseless match), in its composed form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
