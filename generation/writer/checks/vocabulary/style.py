"""What machines like to write: phrases that nobody misses."""

from __future__ import annotations

import re

from generation.writer.checks.phrases import Phrases

MACHINE_PHRASE = Phrases(
    r"\b(?:delv(?:e|es|ing) into|in today's|in this day and age|in an era|in the (?:ever-evolving|fast-paced"
    r"|dynamic|realm)"
    r"|in the world of|ever-(?:evolving|changing|growing)|fast-paced|game[- ]chang(?:er|ing)|unlock(?:s"
    r"|ing)? (?:the|your|new)"
    r"|unleash\w*|harness(?:es|ing)? the|elevate[sd]? (?:your|the)|embark(?:s|ing)? on|navigat(?:e|es|ing) the"
    r"|tapestry"
    r"|testament to|treasure trove|beacon of|cornerstone of|plays? an? (?:crucial|vital|pivotal|key|important"
    r"|significant)"
    r"|it(?:'s| is) (?:important|worth|essential|crucial) (?:to note|noting|to remember|to recogni[sz]e"
    r"|to understand|mentioning)"
    r"|whether you(?:'re| are)|look no further|dive (?:in|into|deep)|deep dive|seamless(?:ly)?|robust|holistic"
    r"|synerg\w+"
    r"|leverag(?:e|es|ing)|cutting-edge|state-of-the-art|revolutioni[sz]\w+|transformative|groundbreaking"
    r"|multifaceted"
    r"|not (?:just|only|merely) [^.!?;]{2,60}?(?:,| but| —| –) ?(?:but|it's|it is|also)|more than just"
    r"|at the end of the day"
    r"|the (?:key|secret|magic) (?:is|lies) in|take (?:it|your \w+) to the next level|next level|first and foremost"
    r"|last but not least|in conclusion|to sum up|in summary|all in all|the possibilities are endless|rest assured"
    r"|without further ado|a wide (?:range|array|variety) of|a myriad of|a plethora of|countless|bustling|vibrant"
    r"|nestled"
    r"|captivat\w+|meticulous\w*|intricate|underscor\w+|foster(?:s|ing)? (?:a|an|the|collaboration|growth|community)"
    r"|empower(?:s|ing|ed)?|enhanc(?:e|es|ing) (?:your|the|our)|streamlin\w+|pave(?:s|d)? the way|shed(?:s"
    r"|ding)? light"
    r"|stand(?:s)? as a|serve(?:s)? as a (?:reminder|testament|beacon)|remember,|imagine a|picture this"
    r"|let's (?:explore|dive|face it)"
    r"|that's where|the bottom line|moreover|furthermore|additionally|in essence|ultimately,|overall,"
    r"|heutzutage|in der heutigen (?:zeit|welt)|in einer welt|schnelllebig\w*|nahtlos\w*|maßgeschneidert\w*"
    r"|ganzheitlich\w*"
    r"|es ist wichtig zu (?:beachten|wissen)|spielt eine (?:wichtige|entscheidende|zentrale|große) rolle"
    r"|nicht nur [^.!?]{2,60} sondern auch"
    r"|zusammenfassend|letztendlich|darüber hinaus|tauchen sie ein|entdecken sie|auf das nächste level"
    r"|unvergesslich\w*"
    r"|de nos jours|dans le monde d'aujourd'hui|il est important de (?:noter|souligner)|joue un rôle (?:crucial"
    r"|important|essentiel)"
    r"|en la actualidad|en el mundo actual|es importante (?:destacar|señalar)|juega un papel (?:crucial"
    r"|importante|fundamental)"
    r")(?!\w)"
)
FILLER = Phrases(
    r"\b(?:much more (?:that )?(?:could|can) be said|goes without saying|needless to say|speaks for itself"
    r"|shows what (?:a|one) \w+ can do"
    r"|(?:wonderful|meaningful|special|unforgettable|memorable|amazing) (?:and \w+ )?(?:part|experience|journey"
    r"|moment|way)"
    r"|in many (?:different )?ways|for (?:everyone|all) (?:involved|who took part)|shared purpose|come[s]? together"
    r"|make(?:s)? (?:a|all the) difference|bring(?:s)? people together|one step at a time|is (?:key"
    r"|everything|essential)\b[.!]"
    r"|there is something for everyone|something for everyone|so much more|a great way to|the perfect (?:way"
    r"|opportunity|time) to"
    r"|has (?:become|never been) (?:more|increasingly) important|is more important than ever|stay tuned|happy \w+ing!"
    r"|und vieles mehr|für jeden etwas dabei|lassen sie sich überraschen|ein unvergessliches erlebnis"
    r"|wichtiger denn je)\b"
)
PLACEHOLDER = re.compile(
    r"(?=[\[{<xltj_5])(?:\[(?:insert|your|add|name|date|company|link|city|author|title|email|phone|location|number|xx+|tbd|todo|hier"
    r"|ihr|name|datum|votre|su)\b[^\]\n]{0,60}\]"
    r"|\{(?:\{)?[a-z_ ]{2,40}\}?\}|<(?:insert|your|name)[^>\n]{0,40}>|(?-i:\bX{2,}\b)(?! ?(?:L|large|century))"
    r"|\blorem ipsum\b|(?-i:\bTBD\b|\bTODO\b)"
    r"|_{4,}|\b(?:Jane|John) Doe\b|\b555-0100\b)",
    re.IGNORECASE,
)
ORDER_TO_WRITER = re.compile(
    r"^(?:please )?(?:mention|explain|describe|discuss|emphasi[sz]e|highlight|include|add|write|say|note|stress"
    r"|remind|tell readers"
    r"|thank|quote|focus on|keep it|invite readers|reassure|erwähne\w*|erkläre\w*|beschreibe\w*|schreib\w*"
    r"|betone\w*|nenne\w*"
    r"|mentionne\w*|explique\w*|menciona\w*|explica\w*)\b",
    re.IGNORECASE,
)
