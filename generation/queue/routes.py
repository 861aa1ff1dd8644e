"""Routes: which provider writes a generation now, and for which all must wait."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.conf import settings
from django.db.models import Q

from generation.failures import FailureCode
from generation.llm.providers import Provider, configured_provider, fallback_provider
from generation.models import Generation
from generation.queue.rate_limits import paused_providers

NOT_OFFERED = "not_offered"


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
        closed = [condition for condition, provider in destinations() if provider.key in self.paused]
        return reduce(or_, closed) if closed and not self.fallback else None

    def route_of(self, generation: Generation) -> Route:
        """Return who writes a generation.

        It stays with the fallback until an attempt there has failed: what was paid for there is of no use elsewhere.
        """
        requested = generation.requested_model
        first = configured_provider(requested)
        paused = FailureCode.RATE_LIMITED.value if first.key in self.paused else ""
        if self.fallback and (reason := generation.fallback_reason or paused):
            return Route(self.fallback, reason, first.model)
        return Route(first, instead_of=requested if requested and requested not in settings.MODELS else "")


def destinations() -> list[tuple[Q, Provider]]:
    """Return each provider with the condition of what it is to write."""
    others = [model for model in settings.MODELS if model != settings.OPENAI_MODEL]
    default = (~Q(requested_model__in=others), configured_provider())  # a model that is offered no longer is here too
    return [default, *((Q(requested_model=model), configured_provider(model)) for model in others)]
