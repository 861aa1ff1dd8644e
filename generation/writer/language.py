"""In which language a text is, by its scripts and function words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict

from generation.writer.words import words

# Function words by tag; a word that several languages share counts for each of them.
_FUNCTION_WORDS = {
    "en": """i the and of to in for with that is are on your you it how why what from by at an be this not or as when do
        does can we our my who which their its than into a about after best guide every will have has was were they he
        she but if so there them his her would before because""",
    "de": """und der das die ein eine einen einem einer ist nicht mit für auf von zu dem des sich auch wie wir ich sie
        über nach bei oder aber wenn warum wird werden sind beim zum zur ihr dein im in den es als man hat haben
        noch""",
    "fr": """le la les une un du et est dans sur avec que qui pas aux ce cette ces sont nous vous votre notre comment
        pourquoi faire dont où à de des en pour par il elle au plus ne se son sa""",
    "es": """el la los las una un del y es para por que se su sus lo como más pero cómo qué cuando donde hacer de en con
        no al muy este esta son está""",
    "it": """il lo la gli di del della dei delle una un è che nel nella sono alla perché quando per con non si le i da
        al più questo anche come""",
    "pt": """o a os as um uma da do dos das é para em com que não na no nos por mais como ao à sua seu fazer e se de são
        também muito""",
    "nl": """het een de en voor niet dat zijn aan te ook bij naar wij waarom maar uw van is op met in je die er om als
        wordt""",
    "sv": """och att det som ett är på för av med inte om hur en i den till de vi du har kan ska från""",
    "da": """og at det som et er på for af med ikke om hvordan en i den til de vi du har kan skal fra der hvad også""",
    "nb": """og at det som et er på for av med ikke om hvordan en i den til de vi du har kan skal fra hva også etter""",
    "fi": """ja on ei että se hän ne mutta kun joka myös tai ovat niin kuin voi jos sitä tämä olla sen mitä""",
    "pl": """na z się nie jest że jak dla oraz przez od po czy są i w do to o za ale tym jego""",
    "cs": """a se na je že to v s z do pro jako jsou ale nebo by když už jen tak aby který od při není""",
    "uk": """і в на що не з до як та це за від для по є у або але ми ви його так при""",
    "tr": """ve bir bu için ile çok nasıl olarak daha gibi da de ne var en olan kadar sonra""",
    "el": """και το να η ο της του με για που τα την στο είναι από θα τη δεν στην οι""",
    "id": """yang dan di untuk dengan ini itu dari pada adalah tidak cara anda ke akan dalam atau juga kami bisa""",
}
_FOREIGN = {tag: frozenset(listed.split()) for tag, listed in _FUNCTION_WORDS.items()}
_NAMES = {
    "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "sv": "Swedish", "da": "Danish", "nb": "Norwegian", "fi": "Finnish", "pl": "Polish", "cs": "Czech",
    "tr": "Turkish", "id": "Indonesian",
}  # fmt: skip
# What one of two close languages has and the other has not.
_TELLING = {"da": frozenset("af hvad der jeg".split()), "nb": frozenset("av hva etter jeg".split())}
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "uk": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
}
_ANY_SCRIPT = re.compile("|".join(script.pattern for script in _SCRIPTS.values()))
# How much each word says for which languages.
_WEIGHTS: dict[str, Counter[str]] = defaultdict(Counter)
for _table, _weight in ((_FOREIGN, 1), (_TELLING, 3)):
    for _tag, _listed in _table.items():
        for _word in _listed:
            _WEIGHTS[_word][_tag] += _weight
_LATIN_LEAST = 0.7  # share of letters; a few foreign names or formulas are still English
_SCRIPT_LEAST = 0.3  # share of letters: names and formulas may be in another script
_CLOSE = 0.6  # of the most hits: what a language needs that is likely for other reasons
_LEAST = 2  # function words of a language in a text
LONGEST = 20_000  # characters that are read


def language_of(text: str, likely: str = "") -> str:
    """Return the tag of the language of a text, of those of `blogs.options.Language`; empty if it cannot be said.

    Args:
        text: some sentences; of one without function words nothing is said.
        likely: the tag that it is if it may be that one.
    """
    text = text[:LONGEST]
    if _ANY_SCRIPT.search(text):
        letters = sum(character.isalpha() for character in text)
        for tag, script in _SCRIPTS.items():
            if letters and len(script.findall(text)) > (_SCRIPT_LEAST if tag != "ja" else 0.1) * letters:
                return tag
    hits = dict.fromkeys(_FOREIGN, 0)
    for word, count in Counter(words(text)).items():
        if weights := _WEIGHTS.get(word):
            for tag, weight in weights.items():
                hits[tag] += weight * count
    best = max(hits, key=lambda tag: hits[tag])
    if hits.get(likely, 0) >= max(_LEAST, _CLOSE * hits[best]):
        return likely
    return best if hits[best] >= _LEAST else ""


def foreign_language(text: str) -> str | None:
    """Return what `text` seems to be written in, such as `German` or `a non-Latin script`; None when English is likely.

    A short text without any function word counts as English.
    """
    letters = [character for character in text if character.isalpha()]
    latin = sum(letter.isascii() or unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if letters and latin < _LATIN_LEAST * len(letters):
        return "a non-Latin script"
    used = set(words(text))
    hits = {tag: sum(word in listed for word in used) for tag, listed in _FOREIGN.items() if tag in _NAMES}
    likely = max(hits, key=lambda tag: hits[tag])
    english = sum(word in _FOREIGN["en"] for word in used)
    accented = any(not word.isascii() for word in used)
    enough = hits[likely] >= 2 or (hits[likely] == 1 and english == 0 and accented)
    return _NAMES[likely] if enough and hits[likely] > english else None
