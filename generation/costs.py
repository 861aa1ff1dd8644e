"""Usage of model calls, and its cost by what a million tokens cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from operator import add, sub
from typing import Any, NamedTuple, Self

from django.conf import settings

EMBEDDED_MODEL = "SmolLM2-135M-Instruct"
FROM_SETTINGS = "MODEL_PRICES"
BUILT_IN = "built-in, {date}"
# Of the fresh price, where no other is known: a server that counts what it writes to its cache charges for it.
WRITE_FACTOR = Decimal("1.25")
COUNTS = (
    "prompt_tokens", "completion_tokens", "cached_tokens", "calls", "written_tokens", "estimated", "cut_tokens",
)  # fmt: skip
AT_HALF_PRICE = "@flex"  # behind the name of a model that answered in OpenAI's flex tier
_DATE = re.compile(r"-(\d{4}-\d\d-\d\d|\d{8}|\d{4})$")  # of a model's version


class Price(NamedTuple):
    """What a million tokens of a model cost, in US dollars.

    Args:
        fresh: of a prompt.
        cached: of a prompt, read from the provider's cache.
        output: of an answer.
        written: of a prompt, written to the provider's cache.
        source: where these figures are from, and of when they are.
    """

    fresh: Decimal
    cached: Decimal
    output: Decimal
    written: Decimal
    source: str = ""

    @classmethod
    def read(cls, figures: Sequence[Any], source: str) -> Self:
        """Return a price from fresh, cached, output and, if it is there, written."""
        fresh, cached, output, *more = (Decimal(str(figure)) for figure in figures)
        return cls(fresh, cached, output, more[0] if more else fresh * WRITE_FACTOR, source)

    @property
    def halved(self) -> Price:
        return Price(self.fresh / 2, self.cached / 2, self.output / 2, self.written / 2, self.source)

    def of(self, usage: Usage) -> Decimal:
        """Return the price of `usage`; what a server counted twice is paid once, so that it is never negative."""
        cached = min(usage.cached_tokens, usage.prompt_tokens)
        written = min(usage.written_tokens, usage.prompt_tokens - cached)
        fresh = usage.prompt_tokens - cached - written
        dollars = fresh * self.fresh + cached * self.cached + written * self.written
        return (dollars + usage.completion_tokens * self.output) / 1_000_000

    def most(self, usage: Usage) -> Decimal:
        """Return the most that `usage` can cost: more than its price only if calls among it were not counted, or cut.

        Nobody knows whether an uncounted prompt was written to the cache.
        """
        price = self._replace(fresh=self.written) if usage.estimated and self.written > self.fresh else self
        if usage.cut_tokens:
            usage = replace(usage, completion_tokens=usage.completion_tokens + usage.cut_tokens)
        return price.of(usage)


Prices = Mapping[str, Price]


@dataclass(frozen=True)
class Usage:
    """Tokens and calls that were spent.

    Args:
        prompt_tokens: all of them.
        completion_tokens: all of them.
        cached_tokens: of the prompts, read from the provider's cache.
        calls: that were answered, or aborted.
        written_tokens: of the prompts, written to the provider's cache.
        estimated: calls among them that no server counted: their tokens are a guess, of prompts the most.
        cut_tokens: that calls which were cut or not counted may have completed besides: the rest of their allowances.
        by_model: the shares of the models that the answers named; the rest is of the model that was requested.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    calls: int = 0
    written_tokens: int = 0
    estimated: int = 0
    cut_tokens: int = 0
    by_model: Mapping[str, Usage] = field(default_factory=dict)

    @classmethod
    def from_json(cls, saved: Sequence[Any]) -> Self:
        """Return what `astuple` made; earlier versions had fewer counts, and the oldest no shares behind them."""
        shares = next((part for part in saved if isinstance(part, Mapping)), {})
        counts: dict[str, Any] = dict(zip(COUNTS, (part for part in saved if part is not shares), strict=False))
        return cls(**counts, by_model={name: cls.from_json(share) for name, share in shares.items()})

    def answered_by(self, model: str) -> Usage:
        """Return this as what the answers of `model` used."""
        return replace(self, by_model={model: self})

    def shares(self, requested: str) -> Iterator[tuple[str, Usage]]:
        """Yield what each model used, by its name."""
        if not self.by_model:
            if self:
                yield requested, self
            return
        yield from self.by_model.items()
        rest = replace(self, by_model={})
        for share in self.by_model.values():
            rest -= share
        if rest:
            yield requested, rest

    def others(self, requested: str) -> list[str]:
        """Return the names of the models that answered although another was requested."""
        return [name for name in self.by_model if not is_same_model(name, requested)]

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in COUNTS)

    def __add__(self, other: Usage) -> Usage:
        return self._combined(other, add)

    def __sub__(self, other: Usage) -> Usage:
        return self._combined(other, sub)

    def _combined(self, other: Usage, combine: Callable[[int, int], int]) -> Usage:
        counts: dict[str, Any] = {name: combine(getattr(self, name), getattr(other, name)) for name in COUNTS}
        names = {**self.by_model, **other.by_model}
        shares = {
            name: self.by_model.get(name, Usage())._combined(other.by_model.get(name, Usage()), combine)
            for name in names
        }
        return Usage(**counts, by_model={name: share for name, share in shares.items() if share})


def cost(model: str, usage: Usage, prices: Prices | None = None) -> Decimal | None:
    """Return the price of `usage` in US dollars; None if any of it is not known, for it would be too small.

    Args:
        model: that was requested. What another one answered is priced as that one's.
        usage: of any number of calls.
        prices: by model; those of the settings unless given.
    """
    if model == EMBEDDED_MODEL or not usage:
        return Decimal(0)
    if usage.estimated:
        return None
    prices = configured_prices() if prices is None else prices
    dollars = Decimal(0)
    for name, share in usage.shares(model):
        price = price_of(name, model, prices)
        if price is None or (share.calls and not share.prompt_tokens):  # the server does not count tokens
            return None
        dollars += price.of(share)
    return dollars


def most(model: str, usage: Usage, prices: Prices | None = None) -> Decimal | None:
    """Return the most that `usage` can cost in US dollars: what was not counted is priced as the dearest it may be.

    It equals `cost` where all calls were counted to their end.

    Args:
        model: that was requested; what answered and has no price of its own is priced as this one.
        usage: of any number of calls, made or not.
        prices: by model; those of the settings unless given.

    Returns:
        None if the requested model has no price.
    """
    if model == EMBEDDED_MODEL or not usage:
        return Decimal(0)
    prices = configured_prices() if prices is None else prices
    dollars = Decimal(0)
    for name, share in usage.shares(model):
        price = price_of(name, model, prices) or price_of(model, model, prices)
        if price is None:
            return None
        dollars += price.most(share)
    return dollars


def price_of(answered: str, requested: str, prices: Prices) -> Price | None:
    """Return the price of the model that answered; None if it is not known, whatever the requested one costs."""
    if answered.endswith(AT_HALF_PRICE):
        price = price_of(answered.removesuffix(AT_HALF_PRICE), requested, prices)
        return price and price.halved
    return next((prices[name] for name in _names(answered, requested) if name in prices), None)


@lru_cache(maxsize=256)
def _names(answered: str, requested: str) -> tuple[str, ...]:
    """Return the names that a price may be known by, the first one first. The same few models come with each call."""
    same = [requested, _DATE.sub("", requested)] if is_same_model(answered, requested) else []
    return answered, *same, _DATE.sub("", answered)


def is_same_model(one: str, other: str) -> bool:
    """Whether two names are of the same model: they may differ in the date of a version and in the vendor."""
    return _bare(one) == _bare(other)


def _bare(model: str) -> str:
    return _DATE.sub("", model.lower().removesuffix(AT_HALF_PRICE).rpartition("/")[2].removesuffix(":latest"))


def configured_prices(stored: Prices | None = None) -> Prices:
    """Return the prices by model: the operator's, before those that are stored, before those of this version."""
    built_in = BUILT_IN.format(date=settings.MODEL_PRICES_DATE)
    return {
        **{name: Price.read(figures, built_in) for name, figures in settings.BUILT_IN_PRICES.items()},
        **(stored or {}),
        **{name: Price.read(figures, FROM_SETTINGS) for name, figures in settings.MODEL_PRICES.items()},
    }
