"""Routes: which provider writes a generation now, and for which all must wait."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from generation.failures import FailureCode
from generation.llm.providers import Provider, configured_provider, fallback_provider
from generation.models import Generation
from generation.queue.rate_limits import paused_providers

NOT_OFFERED = "not_offered"
ECONOMY = Q(economy=True) & (Q(economy_until=None) | Q(economy_until__gt=Now()))
STANDARD = Q(economy=False) | Q(economy_until__lte=Now())


@dataclass(frozen=True)
class Route:
    """Who writes a generation.

    Args:
        provider: the first one of the settings, or the fallback.
        fallback_reason: why it is the fallback, a failure code; empty if it is not.
        instead_of: the model that was to write it.
    """

    provider: Provider
    fallback_reason: str = ""
    instead_of: str = ""

    @property
    def detour(self) -> dict[str, str]:
        """Which model was to write it, and why that is another one, for its provenance; empty if it is that one."""
        why = self.fallback_reason or NOT_OFFERED
        return {"instead_of": self.instead_of, "why": why} if self.instead_of else {}


class Routes:
    """The routes at one moment; the pauses are read once, and only if they are needed."""

    @cached_property
    def paused(self) -> set[str]:
        return paused_providers()

    @cached_property
    def fallback(self) -> Provider | None:
        """The fallback, if there is one and it may be called now."""
        fallback = fallback_provider()
        return None if fallback is None or fallback.key in self.paused else fallback

    @cached_property
    def closed(self) -> Q | None:
        """The condition of generations whose providers must not be called now; None if there can be none."""
        paused = [(condition, provider) for condition, provider in destinations() if provider.key in self.paused]
        if self.fallback:  # it writes the others
            paused = [(condition & Q(fallback_reason=""), to) for condition, to in paused if to.service_tier]
        return reduce(or_, (condition for condition, _ in paused)) if paused else None

    def route_of(self, generation: Generation) -> Route:
        """Return who writes a generation, which was read with `asks_economy=ECONOMY`.

        It stays with the fallback until an attempt there has failed: what was paid for there is of no use elsewhere.
        """
        requested = generation.requested_model
        economy: bool = getattr(generation, "asks_economy", False)  # added to the row, by the database's clock
        first = configured_provider(requested, economy=economy)
        is_paused = first.key in self.paused and not first.service_tier  # what may wait does so
        paused = FailureCode.RATE_LIMITED.value if is_paused else ""
        if self.fallback and (reason := generation.fallback_reason or paused):
            return Route(self.fallback, reason, first.model)
        return Route(first, instead_of=requested if requested and requested not in settings.MODELS else "")


def destinations() -> list[tuple[Q, Provider]]:
    """Return each provider with the condition of what it is to write."""
    others = [model for model in settings.MODELS if model != settings.OPENAI_MODEL]
    of_default = ~Q(requested_model__in=others)  # a model that is offered no longer is here too
    models = [("", of_default), *((model, Q(requested_model=model)) for model in others)]
    if not configured_provider(economy=True).service_tier:
        return [(condition, configured_provider(model)) for model, condition in models]
    return [
        (condition & tier, configured_provider(model, economy=economy))
        for model, condition in models
        for economy, tier in ((True, ECONOMY), (False, STANDARD))
    ]
