"""How what models put around a post begins and what is in it, in the languages that they chat in most."""

from __future__ import annotations

import re


def any_of(phrases: str) -> str:
    """Return a pattern of phrases that are listed with commas, of which `'d` and `w*` may be a part."""
    return "(?:" + "|".join(" ".join(phrase.split()) for phrase in phrases.split(",")) + ")"


PREAMBLE = re.compile(
    any_of(r"""
        sure, certainly, absolutely, of course, okay, ok, great, gladly, with pleasure, no problem, understood, got it,
        happy to, here's, here is, here are, here you go, below is, as requested, i've written, i've drafted,
        i've prepared, i have written, i have drafted, gern, natürlich, selbstverständlich, hier ist, hier kommt, voici,
        bien sûr, avec plaisir, claro, por supuesto, aquí está, aquí tienes, ecco, certo, certamente, aqui está
    """)
    + r"\b",
    re.IGNORECASE,
)
ABOUT_THE_TEXT = re.compile(
    r"\b"
    + any_of("""
        post, article, draft, version, text, piece, copy, written, write-up, outline, it to be, notes, beitrag,
        blogbeitrag, artikel, entwurf, billet, artículo, entrada, articolo, artigo
    """)
    + r"\b|:\s*$",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"[\s*_>]*"
    + any_of(
        r"""
        if you'd like, if you would like, if you like, if you want, if you need, if you prefer, would you like,
        (?:please )?let me know, feel free, i can also, want me to, do you want me, shall i, should i, just ask,
        happy to, i'm happy, i am happy, i hope this, i hope that, i hope you, hope this helps, hope that helps,
        is there anything, tell me if, [(]?(?:total )?word count, total words?, wenn du möchtest, wenn sie möchten,
        möchtest du, möchten sie, soll ich, sag(?:en sie)? (?:mir )?(?:einfach )?bescheid, ich hoffe, souhaitez-vous,
        n'hésitez pas, si vous (?:le )?souhaitez, ¿(?:te|le) gustaría, si quieres, si lo deseas, vuoi che, fammi sapere
    """.replace("\\\\", "\\")
    ),
    re.IGNORECASE,
)
TO_CHANGE_IT = re.compile(
    r"\b"
    + any_of(r"""
        changes?, adjust\w*, adapt\w*, tweak\w*, edit\w*, revis\w*, rewrite, shorten\w*, expand\w*, tone, versions?,
        checklist, newsletter, call to action, further, anything else, helps?, helpful, word count, total words?,
        turn (?:this|it), modif\w*, refin\w*, ändern, änderungen, anpass\w*, kürz\w*, überarbeit\w*, modifier, adapter,
        raccourcir, cambios?, ajust\w*, modific\w*
    """)
    + r"\b",
    re.IGNORECASE,
)
MADE_BY_MACHINE = re.compile(
    r"(?:(?<=[.!?])|^)\s*[*_(]*(?:(?:please )?note:? )?"
    r"(?:this|the above) (?:article|post|text|content|blog post) (?:was|has been|is) (?:\w+ )?"
    r"(?:generated|written|created|produced|drafted) (?:\w+ ){0,4}(?:artificial intelligence|ai|an ai|language model)\b"
    r"[^.!?\n]*[.!?]?[*_)]*\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
ROLE_AT_START = re.compile(
    r"\A<\|(?:start_header_id|im_start|start)\|>\s*assistant\s*(?:<\|end_header_id\|>|<\|message\|>)?"
)
CONTROL_TOKEN = re.compile(
    r"<\|(?:im_end|im_start|eot_id|eom_id|end_of_text|endoftext|end|return|user|assistant|system|start_header_id"
    r"|end_header_id|start|channel|message)\|>|</s>|<end_of_turn>|<start_of_turn>|<eos>|\[/?INST\]"
    r"|<｜end▁of▁sentence｜>"
)
CONTROL_TOKENS_AT_START = re.compile(rf"\A(?:\s*(?:{CONTROL_TOKEN.pattern}))+")
CONTENTS = re.compile(
    r"\A(?:#{1,6}[ \t]+)?(?:\*\*)?(?:table of contents|contents|toc|inhalt(?:sverzeichnis)?|sommaire|índice)(?:\*\*)?:?"
    r"[ \t]*\n(?:[ \t]*\n)?(?:[ \t]*(?:[-*+]|\d+[.)])[ \t]+[^\n]*\n+)+",
    re.IGNORECASE,
)
WORD_COUNT = re.compile(  # in a heading
    r"[ \t]*[(\[][^()\[\]\d\n]{0,14}\d[\d.,–-]*[ \t]*"
    + any_of("""
        words?, characters, Wörter, Zeichen, mots, palabras, parole, palavras, woorden, ord, sanaa, słów, slov, слів,
        kelime, λέξεις, kata, 字, 文字, 단어, 자
    """)
    + r"[)\]]|[ \t]+[–—-][ \t]*~?\d{2,4}[ \t]+words?",
    re.IGNORECASE,
)
FENCE = re.compile(r"^(`{3,}|~{3,})(?:markdown|md|text|plaintext|txt)[ \t]*\n", re.MULTILINE | re.IGNORECASE)
FENCE_AT_START = re.compile(r"\A(`{3,}|~{3,})\w*[ \t]*\n")
RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*")
RULE_AT_START = re.compile(r"\A[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*\n")
UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,})[ \t]*")
BOLD_LINE = re.compile(r"(?:\*\*|__)(?P<text>[^*_\n]+?)(?P<end>:?)(?:\*\*|__):?")
GLUED_HEADING = re.compile(r"(?<=[.!?])(\"?)[ \t]+(#{2,6}[ \t]+[^\n#.]{2,80})$", re.MULTILINE)  # to a sentence
HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*")
TITLE_LABEL = re.compile(r"\A(?:title|titel|titre|título|titolo):[ \t]*", re.IGNORECASE)
