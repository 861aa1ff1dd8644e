"""Data in models' answers is read leniently, or not at all."""

import pytest

from generation.writer.answers import UnusableAnswer, objects_in, string


@pytest.mark.parametrize(
    "text",
    [
        '{"edits": [{"a": "b"}]}',
        'Here you are:\n```json\n{"edits": [{"a": "b"}]}\n```\nDone.',
        '<think>{"edits": 1}</think>[{"a": "b"}]',
        '[{"a": "b"}]',
    ],
)
def test_a_list_is_found_whatever_is_around_it(text: str) -> None:
    assert objects_in(text, "edits") == [{"a": "b"}]


def test_a_list_of_many_and_of_none() -> None:
    assert objects_in('[{"a": "b"}, {"a": "c"}]', "edits") == [{"a": "b"}, {"a": "c"}]
    for none in ('{"edits": []}', '{"changes": []}', "[]"):
        assert objects_in(none, "edits") == []


@pytest.mark.parametrize(
    "text",
    ["", "Nothing is wrong.", "{}", '{"edits": 1}', '{"edits": ["a"]}', "{" * 9000, "[" * 9000, "1"],
)
def test_anything_else_is_unusable(text: str) -> None:
    with pytest.raises(UnusableAnswer):
        objects_in(text, "edits")


def test_a_string_is_one_that_can_be_stored() -> None:
    assert string({"find": "a\ud83db\x00"}, "find") == "ab"
    with pytest.raises(UnusableAnswer):
        string({"find": 1}, "find")
