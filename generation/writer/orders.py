"""Which notes are said to whoever writes, and not to the reader.

Conservative: "wash the board" and "keep it as damp as a sponge" are for the reader, "keep it sober" is not. In doubt a
note is the reader's.
"""

from __future__ import annotations

import re

_POLITE = (
    r"(?:(?:please|also|and|then|but|do(?!\s+not\b)|kindly|maybe|bitte|auch|und)\s+|(?:be|make) sure (?:to|you)\s+"
    r"|(?:you (?:should|must|can|could)|don['’]t forget to|remember to)\s+(?=(?:mention|say|explain|write)\b))*"
)
_PLAINLY = (
    r"(?:(?:plainly|clearly|briefly|honestly|openly|also|again|somewhere|early|at the (?:start|end|beginning)),?\s+)*"
)
_READERS = (
    r"(?:the |our )?(?:readers?|audience|people|everyone|everybody|parents|families|beginners|visitors|newcomers)"
)
_TONE = (
    r"(?:friendly|sober|formal|informal|casual|humorous|funny|witty|serious|factual|neutral|objective|matter-of-fact"
    r"|warm|calm|cheerful|upbeat|polite|respectful|light|lively|plain|simple|short|brief|concise|honest|fair|personal"
    r"|professional|conversational|encouraging|modest|dry|clear|to the point|easy to read|down to earth"
    r"|freundlich|sachlich|nüchtern|locker|förmlich|humorvoll|lustig|kurz|knapp|ehrlich|persönlich|verständlich|einfach"
    r"|neutral|seriös|respektvoll|bescheiden)"
)
_TONES = (
    rf"(?:(?:not too|nicht zu|very|rather|quite|but|aber|eher|sehr|a bit|etwas)\s+)*{_TONE}(?:\s+(?:and|but|und"
    rf"|aber)\s+(?:not too\s+)?{_TONE})*(?:\s+(?:tone|style|language|voice|words|please|bitte|halten))?"
)
_SPEECH = (
    r"(?:(?:nutrition|nutritional|health|medical|marketing|sales|exaggerated|big|false)?\s*claims?|jargon|clichés?"
    r"|cliches?|superlatives?|exclamation marks?|emojis?|hype|puns?|technical terms|buzzwords?|slang|adjectives"
    r"|sales talk|exaggerations?|moralising|preaching|filler|foreign words|long sentences|passive voice|bullet points)"
)
# A text may well be about these: they are orders only if the writer is asked politely.
_THINGS = r"(?:advertising|marketing|politics|jokes?|irony|sarcasm|promises|headings|lists|prices|names)"
_REDE = (
    r"(?:Werbesprüche|Werbung|Floskeln|Fachbegriffe|Fachwörter|Fremdwörter|Übertreibungen|Ausrufezeichen|Emojis|Witze"
    r"|Superlative|Anglizismen|Marketing\w*|Versprechen|langen Sätze|Phrasen|Heilversprechen)"
)
_PARTS = (
    r"(?:section|paragraph|sentence|line|note|link|remark|warning|disclaimer|tip|hint|example|introduction"
    r"|intro|summary"
    r"|conclusion|call to action|table|quote|quotation|word|reminder|mention|thank[- ]you)s?"
)
_ADJECTIVES = r"(?:\w+\s+){0,2}"
# `about` is what the post is to say something about.
_ABOUT = [
    rf"(?:mention(?! your\b)|point out|stress(?= (?:that|the|how|our)\b)|emphasi[sz]e|highlight|underline)"
    rf"(?!\s+(?:it|this|that|them)\s+to\b)\s+{_PLAINLY}"
    r"(?:(?:that|the fact that)\s+)?(?P<about>.+)",
    r"(?:mention|point out|stress|emphasi[sz]e|highlight|underline|explain|describe)",
    rf"(?:say|state|make (?:it )?(?:very )?clear|let {_READERS} know"
    rf"|make {_READERS} aware)\s+{_PLAINLY}that\s+(?P<about>.+)",
    rf"say\s+{_PLAINLY}(?:something (?:about|on)|a (?:few )?words? (?:about|on))\s+(?P<about>.+)",
    rf"say\s+{_PLAINLY}(?P<about>(?:how|why|when|where|what|who|which)\b.+)",
    rf"explain\s+{_PLAINLY}that\s+(?P<about>.+)",
    rf"explain\s+{_PLAINLY}(?:why|how|what)",
    rf"tell {_READERS} (?P<about>(?:where|how|when|what|why|which)\b.+)",
    r"include (?P<about>the (?:phone number|address|opening hours|e-?mail|link|dates?|prices?|website)\b.*)",
    rf"(?:explain|describe)\s+{_PLAINLY}(?P<about>(?!.*\bto (?:your|the|them|him|her|each|every|all|other)\b).+)",
    rf"(?:tell|remind|warn|reassure|inform|assure)\s+{_READERS}\s+(?:that|about|of|to|not to)\s+(?P<about>.+)",
    r"(?:tell|warn|reassure|inform|address|thank|encourage|ask|invite|welcome|convince)\s+(?:the |our "
    r"|your )?readers?\b.*",
    r"reassure (?:people|parents|families|beginners|everyone|everybody)",
    r"(?:invite|encourage) (?:people|everyone|everybody|families|neighbours|neighbors) to (?:come|join"
    r"|take part|read)\b.*",
    r"(?:wish|thank) (?:everyone|everybody|readers|all)\b.*",
    r"thank (?:the|all|our)\b.*\b(?:volunteers|helpers|sponsors|donors|team|staff)",
    r"(?:add|include|write|put in|end with|finish with|close with|start with|begin with|open with)\s+(?:a|an"
    r"|one|some)\s+"
    rf"{_ADJECTIVES}{_PARTS}(?:\s+(?:about|on|for|that|saying|to|explaining)\s+(?P<about>.+))?",
    r"(?:end|finish|close|start|begin|open) with (?:a|an) (?:\w+\s+)?(?:question|invitation|anecdote|joke"
    r"|thank[- ]you|story)\b.*",
    r"write (?:something |a (?:few )?(?:words?|lines?) )?(?:about|on)\s+(?P<about>.+)",
    r"quote\s+(?:exactly|literally|verbatim|directly|word for word)(?:\s*[:,]\s*(?P<about>.+)|\s+what\b.*)?",
    r"quote\s+(?:him|her|them|it|this|the (?:mayor|author|director|headmaster|chairman|chairwoman))\b"
    r"(?:\s+(?:exactly|literally|verbatim|directly|word for word))?(?:\s*[:,]\s*(?P<about>.+))?",
    r"erwähne?(?:n(?: Sie)?)?,?\s+(?:auch\s+)?(?:dass\s+)?(?P<about>.+)",
    r"(?:erkläre?|beschreibe?|betone?)(?:n Sie)?,?\s+(?:auch\s+)?(?:dass\s+)?(?P<about>.+)",
    r"(?:sage?|sagen Sie|schreibe?|schreiben Sie)(?:\s+(?:deutlich|klar|auch))*,\s*dass\s+(?P<about>.+)",
    r"(?:weise?(?:n Sie)?\s+(?:auch\s+)?darauf hin|(?:auch\s+)?darauf hinweisen|deutlich (?:machen|sagen)"
    r"|klar sagen),\s*dass\s+"
    r"(?P<about>.+)",
    r"(?:betonen|erklären|hervorheben), dass (?P<about>.+)",
    r"(?:auch )?auf (?P<about>.+) hinweisen",
    r"(?P<about>.+?)\s+(?:(?:auch|kurz|noch|unbedingt)\s+)*(?:erwähnen|betonen|hervorheben|erklären|wörtlich zitieren)",
    r"(?:mentionne[rz]?|explique[rz]?|préciser|précisez)\s+(?:que\s+)?(?P<about>.+)",
    r"(?:menciona[r]?|explica[r]?|mencione|explique)\s+(?:que\s+)?(?P<about>.+)",
]
_MANNER = [
    r"aimed at .+",
    r"make it sound .+",
    r"(?:don['’]t|do not|never|please) use the words? .+",
    r"use (?:the )?(?:present tense|past tense|active voice|first person|second person)",
    r"a (?:bit|touch|little) (?:of )?humou?r\b.*",
    rf"address {_READERS} (?:directly|as|with|by)\b.*",
    rf"not (?:too|very) (?:long|technical|chatty|salesy|{_TONE})",
    rf"nicht zu (?:lang|technisch|werblich|{_TONE})",
    rf"(?:an? )?{_TONE}(?: and {_TONE})? (?:tone|style|voice)",
    rf"{_TONE} schreiben",
    r"(?:plain|simple|British|American) English",
    r"(?:Ich|Wir|Du|Sie)-Form",
    r"write\s+(?:for|as|in|like|warmly|simply|plainly|soberly|clearly|briefly|it (?:for|as|in|like))\b.*",
    r"keep (?:it|things) (?:light|clear|plain)",
    r"(?:keep|make)\s+(?:it|this|things|everything)\s+(?!(?:dry|warm|light|calm|clear|plain"
    rf"|quite dry)\b){_TONES}(?:\b.*)?",
    rf"(?:keep|make)\s+(?:the (?:tone|text|post|article|style|language|sentences))\s+{_TONES}(?:\b.*)?",
    r"(?:keep|make)\s+(?:it|the (?:text|post|article))\s+(?:under|below|within|to)\s+\d+\s+\w+",
    rf"(?:use|avoid)\s+(?:a |an |the |any |all |only |too many |too much )*(?:{_TONES}\s+)?(?:tone|language"
    rf"|style|voice|sentences|{_SPEECH})\b.*",
    rf"(?:no|without|not? too (?:much|many)|don['’]t use|do not use|less|few)\s+(?:any\s+)?{_SPEECH}(?:\s+"
    rf"(?:or|and)\s+{_SPEECH})*(?:,?\s+please)?",
    rf"(?:keine?|ohne|bitte keine?)\s+{_REDE}(?:\s+(?:oder|und)\s+{_REDE})*",
    r"(?:do not|don['’]t|never)\s+(?:mention|exaggerate|quote|invent|make (?:anything|things) up|advertise"
    r"|moralise|moralize"
    r"|preach|oversell|sound|make it sound|promise (?:anything|too much))\b.*",
    r"(?:short|simple|plain|long|clear|kurze|einfache|klare)\s+(?:sentences|words|paragraphs|language|Sätze"
    r"|Wörter|Absätze|Sprache)(?:,?\s+(?:please|bitte))?",
    r"(?:in (?:the )?)?(?:first|second|third) person(?: (?:singular|plural))?",
    r"in der (?:Ich|Wir|Du|Sie)-Form",
    r"fair to (?:the\s+)?\w+(?:\s+\w+)?",
    r"(?:die )?(?:Leser(?:innen)?|Kunden|Gäste)(?: und Leserinnen)?\s+(?:siezen|duzen|ansprechen)|siezen|duzen",
    r"(?:tutoyer|vouvoyer)(?: les lecteurs)?",
    r"(?:tone|style|audience|target (?:group|audience)|length|voice|ton|stil|zielgruppe|länge|tonfall)\s*:\s*.+",
    rf"(?:the )?(?:{_READERS}|children|kids|teenagers|seniors|pensioners|students|patients)\s+(?:will\s+"
    r"|also\s+)*read this",
    r"(?:about|around|at most|max\.?|maximum|no more than|not more than|under|circa|ca\.|höchstens"
    r"|etwa)\s*\d+\s*(?:words|characters|wörter|zeichen|sentences|sätze)",
    r"\d+\s*(?:words|wörter)(?:\s+(?:max\.?|at most|maximum|or (?:less|fewer)))?",
    r"für (?:Anfänger|Laien|Kinder|Eltern|Familien|Einsteiger|Fachleute) schreiben",
    r"in (?:plain|simple|easy|British|American) (?:English|language|words)",
]
# What may follow in an order about manner, and is no note of its own.
_TAIL = [
    r"for\s+.+",
    rf"(?:invite|wish|thank|address|encourage)\s+(?:{_READERS}|all)\b.*",
    r"(?:and\s+)?(?:please|bitte)",
    rf"(?:in a |in an )?{_TONES}",
]


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_ORDERS = [re.compile(rf"{_POLITE}(?:{pattern})", re.IGNORECASE) for pattern in _ABOUT]
_OF_MANNER, _TAILS = _any(_MANNER), _any([*_MANNER, *_TAIL])
_ONLY_TONES = re.compile(rf"(?:in an? )?{_TONES}", re.IGNORECASE)
_ONLY_TONE = re.compile(
    r"(?:sober|factual|neutral|formal|informal|humorous|matter-of-fact|sachlich|nüchtern|förmlich|humorvoll)",
    re.IGNORECASE,
)
_POLITELY = re.compile(
    rf"(?:please,? no {_THINGS}(?: (?:or|and) {_THINGS})*|no {_THINGS}(?: (?:or|and) {_THINGS})*,? please)",
    re.IGNORECASE,
)
_START = re.compile(rf"{_POLITE}", re.IGNORECASE)
LONGEST = 300  # characters: nobody gives an order in more


def order_in(note: str) -> str | None:
    """Return what a note asks to write about (empty if it is about the manner); None if it is no order.

    Args:
        note: one note, to the letter.
    """
    text = note.strip().rstrip(".!").rstrip()
    if not 4 <= len(text) <= LONGEST:
        return None
    is_polite = bool(_POLITELY.fullmatch(text))
    text = re.sub(r"[\s,]+(?:please|bitte)$", "", text, flags=re.IGNORECASE)
    if is_polite or _is_manner(text):
        return ""
    for order in _ORDERS:
        if found := order.fullmatch(text):
            return _without_manner((found.groupdict().get("about") or "").strip(" ,:"))
    return None


def _is_manner(text: str) -> bool:
    first, *others = [part.strip() for part in re.split(r",\s+|\s+[–—]\s+", text)]
    first = first[_START.match(first).end() :]  # type: ignore[union-attr]
    if not others:
        return bool(_OF_MANNER.fullmatch(first) or _ONLY_TONE.fullmatch(first))
    if not (_OF_MANNER.fullmatch(first) or _ONLY_TONES.fullmatch(first)):
        return False
    return all(_TAILS.fullmatch(part[_START.match(part).end() :]) for part in others)  # type: ignore[union-attr]


def _without_manner(about: str) -> str:
    parts = re.split(r"(,\s+)", about)
    while len(parts) > 1 and _is_manner(parts[-1]):
        parts = parts[:-2]
    return "".join(parts)
