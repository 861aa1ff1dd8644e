"""The key, the endpoint and the model behind it, which is asked for one word."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from generation.costs import cost
from generation.doctor.findings import Finding, broken, fine, odd
from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.embedded_process import ensure_model_server
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.providers import Provider, configured_provider
from generation.llm.responses import Completion

QUESTION = [{"role": "user", "content": "Answer with one word: are you ready?"}]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def key() -> Iterator[Finding]:
    secret, url = settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL
    if secret and not re.fullmatch(r"[\x21-\x7e]+", secret):
        mend = "Copy OPENAI_API_KEY again, without quotes."
        yield broken("key", "The key holds a space or a character that no key has.", mend)
    elif secret:
        yield fine("key", f"OPENAI_API_KEY is set ({len(secret)} characters).")
    elif url:
        yield odd("key", "No key is sent to OPENAI_BASE_URL.", "Set OPENAI_API_KEY, unless that server wants none.")
    else:
        yield fine("key", "None is set, so the embedded model writes: demonstration drafts in English.")


def endpoint() -> Iterator[Finding]:
    url = settings.OPENAI_BASE_URL
    if not url:
        yield fine("endpoint", f"{configured_provider().address}, as by default.")
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield broken("endpoint", "OPENAI_BASE_URL is no address.", "Write it like https://models.example.com/v1.")
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        mend = "Use https, unless the network between is yours alone."
        yield odd("endpoint", f"Key and briefs go to {parts.hostname} unencrypted.", mend)
    else:
        yield fine("endpoint", f"{configured_provider().address}, by OPENAI_BASE_URL.")


def model() -> Iterator[Finding]:
    """Ask for one word; the embedded model is started for it if nobody serves it."""
    try:
        with ensure_model_server() as process:
            provider = configured_provider()
            started = time.monotonic()
            completion = asyncio.run(_one_word(provider))
    except LocalModelUnavailable as error:
        yield broken("model", str(error), "Install again, or set OPENAI_API_KEY.")
        return
    except GenerationFailed as failure:
        yield broken("model", failure.message, failure.code.advice)
        return
    seconds = time.monotonic() - started
    said = " ".join(completion.text.split())[:40]
    yield fine("model", f'{provider.model} answered "{said}" after {seconds:.2f} s.')
    if process:
        mend = "Nothing to mend with `manage.py up`, which starts its own; else run `manage.py local_model`."
        yield odd("model", f"Nobody served it at {settings.LOCAL_MODEL_URL}: it was started for this question.", mend)
    if cost(provider.model, completion.usage) is None:
        mend = "Add it to MODEL_PRICES in blogsite/settings.py."
        yield odd("model", f"No price is known for {provider.model}, so posts show no cost.", mend)


async def _one_word(provider: Provider) -> Completion:
    async with ModelClient(provider) as client:
        return await client.complete(QUESTION, max_tokens=8, temperature=0)
