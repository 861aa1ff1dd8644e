"""Is a brief in English? By scripts and function words; the embedded model writes nothing but English."""

from __future__ import annotations

import unicodedata

from generation.writer.words import words

# Function words that an English text does not hold by chance; words that English has too are left out.
_FUNCTION_WORDS = {
    "German": """und der das ein eine einen einem einer ist nicht mit für auf von zu dem des sich auch wie wir ich sie
        über nach bei oder aber wenn warum wird werden sind beim zum zur ihr dein""",
    "French": """le la les une du et est dans sur avec que qui pas aux ce cette ces sont nous vous votre notre comment
        pourquoi faire dont où à""",
    "Spanish": """el la los las una del y es para por que se su sus lo como más pero cómo qué cuando donde hacer""",
    "Italian": """il lo la gli di del della dei delle una è che nel nella sono alla perché quando""",
    "Portuguese": """os um uma da dos das é para em com que não na nos por mais como ao à sua seu fazer""",
    "Dutch": """het een voor niet dat zijn aan te ook bij naar wij waarom maar uw""",
    "Swedish": """och att det som ett är på för av med inte om hur""",
    "Polish": """na z się nie jest że jak dla oraz przez od po czy są""",
    "Turkish": """ve bir bu için ile çok nasıl olarak daha gibi""",
    "Indonesian": """yang di untuk dengan ini itu dari pada adalah tidak cara anda""",
}
_FOREIGN = {language: frozenset(listed.split()) for language, listed in _FUNCTION_WORDS.items()}
_ENGLISH = frozenset(
    """i the and of to in for with that is are on your you it how why what from by at an be this not or as when do does
    can we our my who which their its than into a about after best guide every will have has""".split()
)
_LATIN_LEAST = 0.7  # share of letters; a few foreign names or formulas are still English


def foreign_language(text: str) -> str | None:
    """Return what `text` seems to be written in, such as `German` or `a non-Latin script`; None when English is likely.

    A short text without any function word counts as English.
    """
    letters = [character for character in text if character.isalpha()]
    latin = [letter for letter in letters if unicodedata.name(letter, "").startswith("LATIN")]
    if letters and len(latin) < _LATIN_LEAST * len(letters):
        return "a non-Latin script"
    used = set(words(text))
    hits = {language: sum(word in listed for word in used) for language, listed in _FOREIGN.items()}
    likely = max(hits, key=lambda language: hits[language])
    english = sum(word in _ENGLISH for word in used)
    accented = any(not word.isascii() for word in used)
    enough = hits[likely] >= 2 or (hits[likely] == 1 and english == 0 and accented)
    return likely if enough and hits[likely] > english else None
