"""Marks in parsed Markdown: elements around the words of a sentence, whatever is emphasised or linked within it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from blogs.text.marks import Mark, Span, one_each, spans

WORD = re.compile(r"[^\W_]+")  # marks of Markdown are no part of a word
OPENING, CLOSING = set("\"'“„‘‚«»‹›(［[{「『（*_~¿¡"), set("\"'“‘«»‹›*_~")  # some quotation marks are both
TEXT, CODE = "text", "code_inline"  # kinds of tokens that have words


class Word(NamedTuple):
    """Where a word is: in which piece of text, and there from `begin` to before `end`."""

    piece: int
    begin: int
    end: int


@dataclass(frozen=True)
class Stretch:
    """Words of a marked sentence: from `first` to before `end`, numbered through the text."""

    first: int
    end: int
    mark: Mark


def put_marks(parser: MarkdownIt, tokens: Sequence[Token], marks: Iterable[Mark]) -> None:
    """Put the elements of the marks into the tokens of a text; a sentence that is not found gets none.

    Sentence and text are compared by their words as they are shown, so that it does not matter where a sentence is
    emphasised, linked or part of a list.
    """
    pieces = texts(tokens)
    words = [
        Word(number, *found.span()) for number, piece in enumerate(pieces) for found in WORD.finditer(piece.content)
    ]
    text = [key(pieces[word.piece].content[word.begin : word.end]) for word in words]
    whole, places = "".join(text), [0, *accumulate(map(len, text))]
    wanted = [replace(mark, sentence=sentence_key(parser, mark.sentence, whole)) for mark in one_each(marks)]
    replaced = {
        id(pieces[number]): parts for number, parts in split_pieces(pieces, words, spans(whole, wanted), places)
    }
    for token in tokens:
        if token.children:
            token.children = [part for child in token.children for part in replaced.get(id(child), [child])]


def texts(tokens: Iterable[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or () if child.type in (TEXT, CODE)]


def key(word: str) -> str:
    """Return a word with its ends, so that a part of one is not taken for it."""
    return f" {word}\n"


def sentence_key(parser: MarkdownIt, sentence: str, whole: str) -> str:
    """Return the words of a sentence as they are in `whole`; empty if they are not there.

    "1986." is a word in the middle of a line, and at its start the number of a list item: both are tried.
    """
    for parse in (parser.parseInline, parser.parse):
        words = "".join(key(word) for piece in texts(parse(sentence.strip())) for word in WORD.findall(piece.content))
        if words and words in whole:
            return words
    return ""


def split_pieces(
    pieces: Sequence[Token], words: Sequence[Word], found: Iterable[Span], places: Sequence[int]
) -> Iterator[tuple[int, list[Token]]]:
    """Yield the number of each piece that has marks, and the tokens that take its place."""
    stretches = [Stretch(bisect_left(places, span.begin), bisect_left(places, span.end), span.mark) for span in found]
    parts = [(words[at].piece, at, stretch) for stretch in stretches for at in range(stretch.first, stretch.end)]
    for number, in_piece in groupby(parts, key=lambda part: part[0]):
        piece, ranges = pieces[number], []
        for stretch, its_words in groupby(in_piece, key=lambda part: part[2]):
            numbers = [at for _, at, _ in its_words]
            ranges.append(Span(*extent(piece.content, words, numbers, stretch), stretch.mark))
        yield number, with_marks(piece, ranges)


def extent(content: str, words: Sequence[Word], numbers: Sequence[int], stretch: Stretch) -> tuple[int, int]:
    """Return from where to where a piece is marked.

    That is with the quotation marks and the punctuation around the sentence, and to the ends of the piece where the
    sentence goes on in another.
    """
    first, last = numbers[0], numbers[-1]
    begin, end = words[first].begin, words[last].end
    least = words[first - 1].end if first and words[first - 1].piece == words[first].piece else 0
    if first > stretch.first:
        begin = 0
    while begin > least and content[begin - 1] in OPENING:
        begin -= 1
    if last + 1 < stretch.end:
        return begin, len(content)
    is_followed = stretch.end < len(words) and words[stretch.end].piece == words[last].piece
    most = words[stretch.end].begin if is_followed else len(content)
    while end < most and not content[end].isspace() and content[end] not in OPENING - CLOSING:
        end += 1
    return begin, end


def with_marks(piece: Token, ranges: Sequence[Span]) -> list[Token]:
    """Return a piece of text as tokens with the ranges in `<mark>`; code is marked as a whole."""
    if piece.type == CODE:
        return [opened(ranges[0].mark), piece, closed()]
    parts: list[Token] = []
    done = 0
    for begin, end, mark in ranges:
        begin = max(begin, done)  # the mark between two sentences belongs to the first
        parts += [plain(piece.content[done:begin]), opened(mark), plain(piece.content[begin:end]), closed()]
        done = end
    return [*parts, plain(piece.content[done:])]


def plain(text: str) -> Token:
    return Token(TEXT, "", 0, content=text)


def opened(mark: Mark) -> Token:
    return Token("mark_open", "mark", 1, attrs={"class": mark.kind.value, "title": mark.title})


def closed() -> Token:
    return Token("mark_close", "mark", -1)
