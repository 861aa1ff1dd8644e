import pytest
from pytest_django import Settings

from generation.costs import EMBEDDED_MODEL
from generation.llm.providers import configured_provider, local_model_key


@pytest.mark.parametrize(
    ("key", "url", "name", "profile"),
    [
        ("", "", "embedded", "small"),
        ("sk-1", "", "openai", "large"),
        ("", "http://gpu.example/v1", "compatible", "large"),
        ("sk-1", "http://gpu.example/v1", "compatible", "large"),
    ],
)
def test_the_settings_choose_the_provider(settings: Settings, key: str, url: str, name: str, profile: str) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = key, url
    provider = configured_provider()
    assert (provider.name, provider.profile) == (name, profile)
    assert provider.model == (EMBEDDED_MODEL if name == "embedded" else settings.OPENAI_MODEL)


@pytest.mark.parametrize(
    ("chosen", "model"),
    [("", "a"), ("a", "a"), ("b", "b"), ("withdrawn", "a")],
    ids=["none", "default", "b", "none now"],
)
def test_a_model_is_used_if_it_is_offered_and_else_the_default(settings: Settings, chosen: str, model: str) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL, settings.MODELS = "sk-1", "a", ["a", "b"]
    assert configured_provider(chosen).model == model


def test_the_embedded_model_writes_whatever_is_chosen(settings: Settings) -> None:
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    settings.MODELS = ["a", "b"]
    assert configured_provider("b").model == EMBEDDED_MODEL


def test_the_embedded_models_key_follows_the_secret_key(settings: Settings) -> None:
    first = local_model_key()
    assert (len(first), local_model_key()) == (64, first)
    settings.SECRET_KEY = "another"
    assert local_model_key() != first
