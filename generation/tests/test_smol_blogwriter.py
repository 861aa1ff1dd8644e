"""The writer's public contract, against a real server."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from generation.failures import FailureCode, GenerationFailed
from generation.smol_blogwriter import write_blog_post
from generation.writer.checks.gate import gate

TITLE = "Growing tomatoes on a balcony"
NOTES = "choose compact varieties; water in the morning; pinch out side shoots"


def test_a_title_and_notes_become_a_post(model_server: Any) -> None:
    post = write_blog_post(TITLE, NOTES)
    assert set(post) == {"title", "content"}
    assert post["title"]
    assert gate(TITLE, NOTES, post["content"])["failed"] == []


def test_a_title_alone_becomes_a_post_too(model_server: Any) -> None:
    assert write_blog_post(TITLE, "")["content"].count("\n## ") >= 3


def test_without_key_and_url_the_post_is_the_authors_words_and_the_embedded_model_is_asked_for_its_form(
    model_server: Any, settings: Settings
) -> None:
    settings.LOCAL_MODEL_URL, settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL, "", ""
    post = write_blog_post(TITLE, "bees follow the queen; they eat honey")
    assert post == {"title": TITLE, "content": "Bees follow the queen. They eat honey."}
    assert [call.body["messages"][-1]["content"] for call in model_server.calls] == ["Bees follow the queen"]


def test_a_failure_comes_out_with_its_code(model_server: Any) -> None:
    model_server.always(replace(model_server.script.standing, status=401))
    with pytest.raises(GenerationFailed) as caught:
        write_blog_post(TITLE, NOTES)
    assert caught.value.code == FailureCode.PROVIDER_REJECTED
