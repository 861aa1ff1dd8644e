import pytest

from generation.writer.leads import is_about_doing, lead


@pytest.mark.parametrize(
    ("title", "count", "expected"),
    [
        ("Cleaning a chain", 4, "Cleaning a chain, in four steps:"),
        ("How to prune roses", 13, "How to prune roses, in 13 steps:"),
        ("Three days in Porto", 4, "Three days in Porto, in four points:"),
        ("Harbour 2.0 is here", 4, "Harbour 2.0 is here:"),
        ("Rye bread", 0, "Rye bread:"),
        ("Quill 1.8: small fixes", 4, "In four points:"),
        ("Quill 1.8: small fixes", 0, "In short:"),
        ("", 0, "In short:"),
    ],
)
def test_a_list_is_announced_by_its_title(title: str, count: int, expected: str) -> None:
    assert lead(title, count) == expected


def test_nothing_english_announces_a_list_in_another_language() -> None:
    assert lead("Das Fest", 4, language="de") == "Das Fest:"


@pytest.mark.parametrize(("title", "is_so"), [("Baking bread", True), ("Spring in Porto", False), ("Bread", False)])
def test_a_title_that_says_how_something_is_done(title: str, is_so: bool) -> None:
    assert is_about_doing(title) is is_so
