"""Routes: which provider writes a generation now, and for which all must wait."""

from functools import cached_property, reduce
from operator import or_

from django.conf import settings
from django.db.models import Q

from generation.llm.providers import Provider, configured_provider
from generation.models import Generation
from generation.queue.rate_limits import paused_providers


class Routes:
    """The routes at one moment; the pauses are read once, and only if they are needed."""

    @cached_property
    def paused(self) -> set[str]:
        return paused_providers()

    @cached_property
    def closed(self) -> Q | None:
        """The condition of generations whose provider must not be called now; None if there can be none."""
        closed = [condition for condition, provider in destinations() if provider.key in self.paused]
        return reduce(or_, closed) if closed else None

    def provider_for(self, generation: Generation) -> Provider:
        return configured_provider(generation.requested_model)


def destinations() -> list[tuple[Q, Provider]]:
    """Return each provider with the condition of what it is to write."""
    others = [model for model in settings.MODELS if model != settings.OPENAI_MODEL]
    default = (~Q(requested_model__in=others), configured_provider())  # a model that is offered no longer is here too
    return [default, *((Q(requested_model=model), configured_provider(model)) for model in others)]
