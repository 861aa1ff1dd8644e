"""Capitalised words that are nobody's name: days, months, feasts, peoples, languages and things known to all."""

from __future__ import annotations

from generation.writer.checks.vocabulary.units import MONTHS

_COMMON = """
    i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
    fridays saturdays sundays january february march april may june july august september october november december
    spring summer autumn winter christmas easter halloween ramadan eid hanukkah passover diwali new year year's eve
    english british american german french spanish italian portuguese dutch swedish danish norwegian finnish polish
    czech ukrainian turkish greek indonesian japanese korean chinese european african asian indian russian mexican
    europe africa asia america germany france spain italy portugal england scotland wales ireland britain uk usa us eu
    earth sun moon internet web wi-fi wifi bluetooth usb god bible greek latin roman christian jewish muslim
    st saint sankt san santa
    mon tue tues wed thu thur thurs fri sat sun
    advent lent atlantic pacific mediterranean baltic alps georgian victorian roman gothic cheddar parmesan labrador
    google excel word powerpoint facebook instagram whatsapp youtube android iphone ios windows mac linux bank holiday
    markdown celsius fahrenheit mr mrs ms dr ok okay english-speaking mother father grandma grandpa mum dad
    montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend ostern weihnachten pfingsten silvester
    frühling sommer herbst winter deutschland europa sie ihnen ihr ihre ihrem ihren ihres du lundi mardi mercredi jeudi
    vendredi samedi dimanche lunes martes miércoles jueves viernes lunedì martedì mercoledì giovedì venerdì maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
COMMON = frozenset(_COMMON.split()) | frozenset(MONTHS)
