"""The key, the endpoint and the model behind it, which is asked for a sentence."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from django.conf import settings

from generation.costs import Usage, cost
from generation.doctor.findings import Finding, error, ok, warning
from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.embedded_process import ensure_model_server
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.model_facts import OLLAMA, ollama_models, shutdown_date
from generation.llm.providers import LOOPBACK, Provider, configured_provider, fallback_provider
from generation.llm.request import ModelRequest
from generation.llm.responses import Completion
from generation.prices.table import prices_without_fail
from generation.writer.calls import ModelCalls
from generation.writer.prompts import large

QUESTION = [{"role": "user", "content": "Answer with one short sentence: are you ready to write?"}]
BAD_KEY = "OPENAI_API_KEY contains a space or a character that no key has."
NO_KEY = "OPENAI_API_KEY is not set: no key is sent to OPENAI_BASE_URL."
BAD_URL = "OPENAI_BASE_URL is not a URL."
EMPTY = "{model} sent an empty answer."
SHUT_DOWN = "{model} was shut down on {day:%d %B %Y}, its server says."
ENDS_SOON = "{model} will be shut down on {day:%d %B %Y}, its server says."
OLLAMA_HERE = "Ollama runs here, with {models}. To write with it, set OPENAI_BASE_URL={url} and OPENAI_MODEL={model}."
NOT_RUNNING = "Not running at {url}: started for this check only."
FIX_FALLBACK = "Check FALLBACK_API_KEY, FALLBACK_BASE_URL and FALLBACK_MODEL."
NO_PRICE = "The price of {model} is not known, so costs are shown as unknown."
NOT_COUNTED = "The server counts no tokens, so costs are shown as unknown."
OTHER_MODEL = "{model} was requested, but {other} answered. It is {other} that writes, and whose price counts."


def key() -> Iterator[Finding]:
    secret, url = settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL
    if secret and not re.fullmatch(r"[\x21-\x7e]+", secret):
        fix = "Copy OPENAI_API_KEY again, without quotes."
        yield error("key", BAD_KEY, fix)
    elif secret:
        yield ok("key", f"OPENAI_API_KEY is set ({len(secret)} characters).")
    elif url:
        fix = "Set OPENAI_API_KEY, unless that server needs none."
        yield warning("key", NO_KEY, fix)
    else:
        yield ok("key", "OPENAI_API_KEY is not set: posts are made of the words of their notes alone.")
        for hint in hints():
            yield ok("key", hint)


def endpoint() -> Iterator[Finding]:
    url = settings.OPENAI_BASE_URL
    if not url:
        yield ok("endpoint", f"{configured_provider().address} (the default).")
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield error("endpoint", BAD_URL, "Write it like https://models.example.com/v1.")
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        fix = "Use https, unless you trust the network in between."
        yield warning("endpoint", f"The key and the briefs are sent to {parts.hostname} unencrypted.", fix)
    else:
        yield ok("endpoint", f"{configured_provider().address} (OPENAI_BASE_URL).")


def model() -> Iterator[Finding]:
    """Ask each model that is offered for a sentence; the embedded one is started for it if none is running."""
    try:
        with ensure_model_server() as process:
            offered = map(configured_provider, ["", *settings.MODELS])
            providers = {provider.key: provider for provider in offered}
            for provider in providers.values():
                yield from answers(provider)
    except LocalModelUnavailable as problem:
        yield error("model", str(problem), "Reinstall the requirements, or set OPENAI_API_KEY.")
        return
    if process:
        fix = "`manage.py up` starts its own; otherwise run `manage.py local_model`."
        yield warning("model", NOT_RUNNING.format(url=settings.LOCAL_MODEL_URL), fix)


def fallback() -> Iterator[Finding]:
    """Ask the fallback, if there is one: it is needed when it is too late to find out that its key is wrong."""
    if provider := fallback_provider():
        yield from answers(provider, "fallback", FIX_FALLBACK)


def answers(provider: Provider, subject: str = "model", fix: str = "") -> Iterator[Finding]:
    """Ask a model for a sentence.

    Args:
        provider: whose model it is.
        subject: of the findings.
        fix: what to do if it fails; by default what its failure says.
    """
    started = time.monotonic()
    try:
        completion = asyncio.run(_one_sentence(provider))
    except GenerationFailed as failure:
        yield error(subject, failure.for_staff, fix or failure.code.advice)
        return
    if not completion.text.strip():
        yield error(subject, EMPTY.format(model=provider.model), fix or FailureCode.EMPTY_OUTPUT.advice)
        return
    seconds = time.monotonic() - started
    answer = " ".join(completion.text.split())[:40]
    others = completion.usage.others(provider.model) if provider.name != "embedded" else []
    yield ok(subject, f'{next(iter(others), provider.model)} answered "{answer}" in {seconds:.2f} s.')
    if provider.name != "embedded":
        yield from money(provider.model, completion.usage, subject)
        yield from lifetime(provider, subject)


def lifetime(provider: Provider, subject: str) -> Iterator[Finding]:
    """Ask the server when the model is shut down, if it says so."""
    if day := shutdown_date(provider):
        sentence, is_over = shutdown(provider.model, day)
        yield (error if is_over else warning)(subject, sentence, "Choose another model with OPENAI_MODEL.")


def shutdown(model: str, day: date) -> tuple[str, bool]:
    """Return a sentence about the end of a model, and whether it has come."""
    is_over = day <= datetime.now(UTC).date()
    return (SHUT_DOWN if is_over else ENDS_SOON).format(model=model, day=day), is_over


def hints() -> Iterator[str]:
    """Yield what whoever starts the service should know about the model; it may take two seconds."""
    provider = configured_provider()
    if provider.name != "embedded":
        if day := shutdown_date(provider):
            yield shutdown(provider.model, day)[0]
    elif models := ollama_models():
        yield OLLAMA_HERE.format(url=f"{OLLAMA}/v1", model=models[0], models=", ".join(models[:5]))


def money(requested: str, usage: Usage, subject: str) -> Iterator[Finding]:
    """Look at who answered, and at whether what it costs can be known."""
    for other in usage.others(requested):
        fix = f"Set OPENAI_MODEL={other}, or load {requested} on the server."
        yield warning(subject, OTHER_MODEL.format(model=requested, other=other), fix)
    if not usage.prompt_tokens:
        fix = "Have the server return `usage`; or look at the provider's own bill."
        yield warning(subject, NOT_COUNTED, fix)
    elif cost(requested, usage, prices_without_fail()) is None:
        names = ", ".join(name for name, _ in usage.shares(requested))
        yield warning(subject, NO_PRICE.format(model=names), "Run `manage.py prices`, or add it to MODEL_PRICES.")


async def _one_sentence(provider: Provider) -> Completion:
    """Ask as the writer asks for a post: streamed, with the same parameters, and with room for thoughts."""
    sampling = large.sampling("short")["draft"] if provider.profile == "large" else {"max_tokens": 8, "temperature": 0}
    async with ModelClient(provider) as client:
        return await ModelCalls(client).complete(ModelRequest(QUESTION, sampling), [])
