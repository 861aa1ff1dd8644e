"""No attempt uses more than was foreseen from its brief, however badly its answers turn out."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from generation import smol_blogwriter
from generation.costs import Usage, most
from generation.failures import GenerationFailed
from generation.llm.allowances import Allowances
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion
from generation.tests.writer.large_posts import BRIEF, KINDS, TITLE
from generation.writer.brief import Brief
from generation.writer.calls import REPAIRS
from generation.writer.prompts.targets import LANGUAGES, WORDS
from generation.writer.worst_case import worst_case

LENGTHS = list(WORDS)
BABBLE = ["a compact wombat waters it. ", "7,1;", "Ünï-cödé ", "词不达意。", "\N{GRINNING FACE}"]


def tokens(text: str) -> int:
    """Count a text as a tokenizer that knows pairs of small letters, and otherwise bytes only."""
    return len(re.findall(rb"[a-z ]{1,2}|.", text.encode(), re.DOTALL))


def filled(text: str, allowed: int) -> str:
    """Return as much of a text, repeated, as may be answered."""
    return cut((text * (4 * allowed // len(text) + 1))[: 2 * allowed], allowed)


def cut(text: str, allowed: int) -> str:
    """Return as much of a text as may be answered."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if tokens(text[:middle]) <= allowed else (low, middle - 1)
    return text[:low]


class Recorder:
    """A purse that allows everything, and notes it."""

    def __init__(self) -> None:
        self.reserved: list[Usage] = []
        self.released: list[Usage] = []

    async def reserve(self, most: Usage) -> None:
        self.reserved.append(most)

    def release(self, most: Usage) -> None:
        self.released.append(most)

    @property
    def total(self) -> Usage:
        return sum(self.reserved, Usage())


class BadModel:
    """A client whose answers are as long as they may be, and usable only when nobody would ask for another."""

    def __init__(self, brief: Brief, babble: str, plans: list[str]) -> None:
        self.brief, self.babble, self.plans = brief, babble, plans
        self.provider = SimpleNamespace(name="openai", profile="large", model="gpt-4o-mini", calls_at_once=None)
        self.dialect = SimpleNamespace(allowances=Allowances(), sampling=dict)
        self.prompts: list[int] = []
        self.kinds: Counter[str] = Counter()

    async def complete(
        self, request: ModelRequest, pieces: list[str] | None, on_sending: Callable[[], None], allowed: int
    ) -> Completion:
        on_sending()
        prompt = sum(tokens(message["content"]) for message in request.messages)
        prompt += tokens(json.dumps(request.json_schema)) if request.json_schema else 0
        self.prompts.append(prompt)
        asked = request.messages[-1]["content"]
        kind = next(kind for start, kind in KINDS.items() if asked.startswith(start))
        key = f"{kind} {asked}"
        self.kinds[key] += 1
        text = self.answer(kind, allowed)
        is_cut = kind in ("draft", "section") and self.kinds[key] <= REPAIRS
        usage = Usage(prompt, tokens(text), calls=1)
        return Completion(text, "length" if is_cut else "stop", usage)

    def answer(self, kind: str, allowed: int) -> str:
        if kind in ("plan", "plan again"):
            plan = self.plans[kind == "plan again"]
            return filled(self.babble, allowed) if plan == "none" else self.plan(plan, allowed)
        if kind in ("verify", "edits"):
            return json.dumps({"claims": [], "edits": [{"find": "wombat", "replace": "bat"}]})
        return "## Spades\n\n" + filled(self.babble, allowed - 10)

    def plan(self, plan: str, allowed: int) -> str:
        wanted = WORDS[self.brief.length] * (2 if self.brief.language in ("ja", "ko", "zh") else 1)
        sizes = {
            "even": [wanted // 6] * 6,
            "first": [int(1.19 * wanted) - 5, 1, 1, 1, 1, 1],
            "unsized": [wanted] + [0] * 5,
        }
        sections = [
            {"heading": f"{number} {filled(self.babble, 120)}", "points": [self.brief.content], "words": size}
            for number, size in enumerate(sizes[plan])
        ]
        return cut(json.dumps({"title": "", "sections": sections}, ensure_ascii=False), allowed)


def attempt(brief: Brief, model: BadModel) -> Recorder:
    purse = Recorder()

    async def write() -> None:
        await smol_blogwriter.write(brief, model, purse=purse)  # type: ignore[arg-type]

    try:
        with override_settings(GENERATION_TOKENS_MAX=10**9, GENERATION_VERIFY=True):
            asyncio.run(write())
    except GenerationFailed:
        pass
    return purse


def foreseen(brief: Brief) -> Usage:
    options = {"length": brief.length, "language": brief.language, "house_style": brief.house_style}
    return worst_case(brief.title, brief.content, verify=True, **options)


words = st.lists(st.sampled_from([*BABBLE, "a;", "Write about it.\n", "`x`", "\u0958", "\U0001d160"]), max_size=40)
briefs = st.builds(
    Brief,
    title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=255),
    content=st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
        words.map("".join),
        st.tuples(words, st.integers(1, 20_000)).map(lambda drawn: ("".join(drawn[0]) * drawn[1])[:20_000]),
    ),
    length=st.sampled_from(LENGTHS),
    tone=st.sampled_from(["neutral", "persuasive"]),
    audience=st.sampled_from(["general", "experts"]),
    language=st.sampled_from(list(LANGUAGES)),
    house_style=st.sampled_from(["", "Never shout. " * 300]),
)
plans = st.lists(st.sampled_from(["none", "even", "first", "unsized"]), min_size=2, max_size=2)


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(briefs, st.sampled_from(BABBLE), plans)
@example(Brief(TITLE, "a;" * 10_000, length="long"), BABBLE[0], ["none", "none"])
@example(Brief(TITLE, BRIEF.content, length="long"), BABBLE[4], ["none", "first"])
@example(Brief("\u0958" * 120, "\U0001d160" * 20_000, language="zh"), BABBLE[3], ["none", "even"])
def test_no_attempt_reserves_or_uses_more_than_was_foreseen(brief: Brief, babble: str, plans: list[str]) -> None:
    model = BadModel(brief, babble, plans)
    purse = attempt(brief, model)
    worst, total = foreseen(brief), purse.total
    assert purse.released == purse.reserved
    assert all(count <= reserved.prompt_tokens for count, reserved in zip(model.prompts, purse.reserved, strict=True))
    for count in ("prompt_tokens", "completion_tokens", "calls"):
        assert getattr(total, count) <= getattr(worst, count)


@pytest.mark.parametrize(("length", "dollars"), [("short", 0.0134), ("standard", 0.0170), ("long", 0.0745)])
def test_what_is_foreseen_is_not_far_from_what_a_bad_attempt_reserves(length: str, dollars: float) -> None:
    brief = Brief(TITLE, BRIEF.content, length=length)
    purse = attempt(brief, BadModel(brief, BABBLE[0], ["none", "first"]))
    worst = foreseen(brief)
    assert worst.calls == purse.total.calls
    reserved, foreseen_cost = most("gpt-4o-mini", purse.total), most("gpt-4o-mini", worst)
    assert reserved is not None
    assert foreseen_cost is not None
    assert reserved < foreseen_cost < 2 * reserved
    assert float(foreseen_cost) < dollars


def test_without_verification_a_call_less_is_foreseen() -> None:
    options: dict[str, Any] = {"length": "short", "language": "en", "house_style": ""}
    with_it, without = (worst_case(TITLE, BRIEF.content, verify=verify, **options) for verify in (True, False))
    assert with_it.calls - without.calls == 1
    assert with_it.completion_tokens > without.completion_tokens
