"""Words that turn a statement round, by language, and pairs of words that say the opposite of each other."""

from __future__ import annotations

import re

_NEGATIONS = {
    "en": """not no never none nobody nothing neither nor without cannot can't don't doesn't didn't won't isn't aren't
        wasn't weren't shouldn't mustn't couldn't wouldn't hasn't haven't nowhere""",
    "de": """nicht nichts kein keine keinen keinem keiner keines nie niemals niemand niemanden niemandem ohne weder
        nirgends""",
    "fr": "ne n' pas jamais sans aucun aucune rien",
    "es": "no sin nunca jamás ningún ninguna nadie nada tampoco",
    "it": "non mai senza nessun nessuno nessuna niente",
    "pt": "não sem nenhum nenhuma ninguém nunca",
    "nl": "niet geen nooit zonder niemand niets",
    "sv": "inte aldrig utan ingen inget inga",
    "da": "ikke aldrig uden ingen intet ingenting",
    "nb": "ikke aldri uten ingen intet ingenting",
    "fi": "ei eivät älä älkää ilman koskaan en emme et ette",
    "pl": "nie nigdy bez żaden żadna nikt nic",
    "cs": "ne nikdy bez žádný žádná žádné nikdo není nejsou nesmí nelze nemá nemají",
    "uk": "не ніколи без жоден ніхто нічого немає",
    "tr": "değil asla hiç yok olmadan",
    "el": "δεν μην ποτέ χωρίς κανείς τίποτα",
    "id": "tidak jangan tanpa bukan belum",
}
NEGATIONS = {tag: frozenset(listed.split()) for tag, listed in _NEGATIONS.items()}
# What says the same without one: enough to support a negated note, not to turn one round.
_SOFT = """
    avoid avoids refuse refused ban banned forbid forbidden prohibited impossible unable lack lacks excluded except
    unless fail fails failed hardly omit omitted fixed solved repaired resolved removed fewer unplugged
    verboten vermeiden unmöglich statt fehlt verzichten geschlossen untersagt behoben
    interdit éviter impossible évitez prohibido evitar imposible vietato evitare impossibile proibido verboden vermijd
    förbjudet undvik forbudt undgå unngå kielletty vältä zabronione unikaj zakázáno заборонено yasak απαγορεύεται
    dilarang hindari
"""
SOFT_PHRASE = re.compile(
    r"\b(?:(?:stays?|leave \w+|left) (?:at home|out|alone)|free (?:of|from)\b|off limits|out of bounds"
    r"|(?:instead of|rather than|zu Hause)\b)|-free\b"
)
SOFT_NEGATIONS = frozenset(_SOFT.split())
# What negates inside a word: at its end in Turkish, anywhere in a script without spaces.
NEGATIVE_ENDINGS = tuple("mez maz mıyor miyor muyor müyor mayın meyin mayacak meyecek madı medi mamalı memeli".split())
UNSPACED_NEGATION = re.compile("ない|ません|なく|ぬ|禁止|なし|않|없|못|안 |말|금지|不|没|沒|别|別|勿|无|無|禁")
_OPPOSITES = """
    open/opened/opens/opening:closed/closes/shut/closing
    allowed/permitted/may/welcome:forbidden/banned/prohibited
    included/includes/include:excluded/excludes/extra
    increase/increased/raise/raised/more/higher/rises/rise:decrease/decreased/reduce/reduced/fewer/lower/lowered/falls/fall
    before:after
    free:paid/pay/pays/fee/charge/charged
    safe/harmless:dangerous/unsafe
    always:never/seldom/rarely
    cheaper:dearer
    win/won/wins:lose/lost/loses
    optional/voluntary:mandatory/compulsory/required/obligatory
    indoors/inside:outdoors/outside
    hot:cold
    raw:cooked
    accept/accepted/accepts:reject/rejected/refuse/refused
    legal:illegal
    late/later:early/earlier
    rise/rises/rose/rising/up:fell/falls/falling/down
    halved:doubled
    added:dropped/removed
    first:last
    start/starts/begins/begin:ends/end
    possible:impossible
    suitable:unsuitable
    necessary/needed:unnecessary
    latest:earliest
    minimum:maximum
    geöffnet/offen/öffnet:geschlossen/schließt
    erlaubt/gestattet:verboten/untersagt
    geeignet:ungeeignet
    möglich:unmöglich
    enthalten/inbegriffen:extra
    spätestens:frühestens
    gestiegen/gewachsen:gesunken/gefallen
    davor/vorher:danach/nachher
    schluss/ende:anfang/beginn
    besser:schlechter
    mindestens:höchstens
    kostenlos/kostenfrei/gratis:kostenpflichtig
    vor:nach
    mehr/erhöht/steigt:weniger/gesenkt/sinkt
    freiwillig:verpflichtend/pflicht
    sicher/ungefährlich:gefährlich
    früher:später
    drinnen:draußen
    immer:nie/selten
"""


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _OPPOSITES.split():
        sides = [frozenset(side.split("/")) for side in line.split(":")]
        for one, other in (sides, sides[::-1]):
            for word in one:
                found[word] = found.get(word, frozenset()) | other
    return found


OPPOSITES = _opposites()  # in English and German
# Of these one word of a note beside the opposite is enough.
STATES = frozenset(
    """open opens opened closed closes free paid allowed permitted forbidden banned prohibited included excluded
    optional mandatory compulsory geöffnet offen geschlossen kostenlos kostenfrei
    gratis kostenpflichtig erlaubt gestattet
    verboten untersagt enthalten inbegriffen geeignet ungeeignet freiwillig""".split()
)
