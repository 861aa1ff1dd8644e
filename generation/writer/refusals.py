"""Refusals in prose: some models decline without the field that says so."""

from __future__ import annotations

import re

from generation.failures import FailureCode, GenerationFailed
from generation.llm.responses import MODEL_REFUSED, QUOTE_LIMIT

LONGEST = 1_000  # characters; what is longer has written something
_SORRY = r"(?:i(?:'m| am) (?:very |really |truly )?sorry|sorry|i apologi[sz]e|my apologies|unfortunately)"
_CANNOT = r"(?:can(?:'t|not| not)|(?:am|'m)(?: not able| unable)|won't|will not|must decline|have to decline)"
_REFUSAL = re.compile(
    rf"(?:{_SORRY}\b[^.!?\n]{{0,80}}\b)?(?:as an ai\b[^.!?\n]{{0,60}},? )?i ?{_CANNOT}\b[^.!?\n]{{0,60}}"
    r"\b(?:assist|help|write|create|produce|provide|fulfil|comply|complete|generate|support|request|that|this)"
    r"|(?:es tut mir leid|tut mir leid|entschuldigung)\b[^.!?\n]{0,80}\b(?:nicht|kein)"
    r"|ich kann\b[^.!?\n]{0,60}\bnicht (?:helfen|schreiben|erstellen|unterstützen|verfassen)"
    r"|(?:je suis désolée?|désolée?)\b[^.!?\n]{0,80}\bpas|je ne peux pas\b[^.!?\n]{0,40}\b(?:aider|écrire|rédiger)"
    r"|(?:lo siento|lo lamento)\b[^.!?\n]{0,80}\bno (?:puedo|me es)|mi dispiace\b[^.!?\n]{0,80}\bnon posso"
    r"|(?:desculpe|sinto muito|lamento)\b[^.!?\n]{0,80}\bnão posso|het spijt me\b[^.!?\n]{0,80}\bniet"
    r"|申し訳(?:ありません|ございません)|(?:很|非常)?抱歉[，,]|죄송합니다",
    re.IGNORECASE,
)


def raise_if_refused(text: str) -> None:
    """Do nothing with an answer that is a text.

    Args:
        text: as the model sent it.

    Raises:
        GenerationFailed: it says that the model will not write.
    """
    said = text.strip().strip("*_\"'“”")
    is_short = len(said) <= LONGEST and "\n#" not in f"\n{said}" and not said.startswith(("{", "["))
    if is_short and _REFUSAL.match(said.replace("’", "'")):
        quote = " ".join(said.split())[:QUOTE_LIMIT]
        raise GenerationFailed(FailureCode.REFUSED, MODEL_REFUSED.format(quote=quote), raw=text)
