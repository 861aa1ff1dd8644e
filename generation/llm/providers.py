"""Which model writes, from the settings: endpoint, key, profile and name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from generation.costs import EMBEDDED_MODEL
from generation.llm.service_tiers import FLEX

OPENAI_URL = "https://api.openai.com/v1"
# The slots of the embedded model's server; more calls would only queue there.
EMBEDDED_SLOTS = 4
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Provider:
    """Where the text comes from.

    Args:
        name: who answers.
        profile: how the writer works: `large` models write a post a call, `small` ones help to put notes in form.
        model: the name sent with each request and shown on each generation.
        base_url: the endpoint, or None for OpenAI's own.
        api_key: sent as a bearer token.
        extra_body: further parameters of each request.
        effort: the reasoning effort to ask for, or nothing.
        calls_at_once: the maximum of concurrent calls of one post, or None for no limit.
        is_fallback: whether it writes only while the first provider is paused or down.
    """

    name: Literal["openai", "compatible", "embedded"]
    profile: Literal["large", "small"]
    model: str
    base_url: str | None = None
    api_key: str = field(default="", repr=False)
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    effort: str = ""
    calls_at_once: int | None = None
    is_fallback: bool = False

    @property
    def key(self) -> str:
        """What its rate limit pauses are stored under: limits apply to a model and tier of an account."""
        marks = [self.service_tier, "fallback" if self.is_fallback else ""]
        return " ".join([*filter(None, marks), self.address, self.model])[:200]

    @property
    def service_tier(self) -> str:
        """The tier that its requests ask for; empty for the standard one."""
        return str(self.extra_body.get("service_tier", ""))

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine: nobody publishes prices for that."""
        return self.name == "embedded" or urlsplit(self.base_url or OPENAI_URL).hostname in LOOPBACK

    @property
    def address(self) -> str:
        """Host and port, for messages; never the user and password that a URL may hold."""
        return re.sub(r"^.*@|[/?#].*$", "", re.sub(r"^\w+://", "", self.base_url or OPENAI_URL))


def configured_provider(model: str = "", *, economy: bool = False) -> Provider:
    """Return the provider of the settings: the base URL, else OpenAI if there is a key, else the embedded model.

    Args:
        model: one of settings.MODELS. Any other stands for the default, as "" does: a post for which somebody chose a
            model that is offered no longer is better written than failed, and its generation names who wrote it.
        economy: whether to ask for the tier at half price, which only OpenAI has.
    """
    key, url = settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL
    model = model if model in settings.MODELS else settings.OPENAI_MODEL
    if key or url:
        provider = remote_provider(url, key, model)
        is_flex = economy and provider.name == "openai"
        return replace(provider, extra_body={"service_tier": FLEX}) if is_flex else provider
    return Provider(
        "embedded", "small", EMBEDDED_MODEL, settings.LOCAL_MODEL_URL, local_model_key(), calls_at_once=EMBEDDED_SLOTS
    )


def openai_effort(model: str) -> str:
    """Return the reasoning effort to ask OpenAI for: thoughts cost as much as text, and its older models know none."""
    return settings.OPENAI_REASONING_EFFORT or ("" if model.startswith(("gpt-3.5", "gpt-4", "chatgpt")) else "none")


def fallback_provider() -> Provider | None:
    """Return who writes while the configured provider is paused or down; None if the settings name nobody."""
    key, url = settings.FALLBACK_API_KEY, settings.FALLBACK_BASE_URL
    if not (key or url):
        return None
    return replace(remote_provider(url, key, settings.FALLBACK_MODEL), is_fallback=True)


def remote_provider(url: str, key: str, model: str) -> Provider:
    if url:
        return Provider("compatible", "large", model, url, key, effort=settings.OPENAI_REASONING_EFFORT)
    return Provider("openai", "large", model, None, key, effort=openai_effort(model))


def local_model_key() -> str:
    """Return the key of the embedded model's server: derived from SECRET_KEY, so that both ends know it."""
    return salted_hmac("generation.providers.local_model_key", "api key", algorithm="sha256").hexdigest()
