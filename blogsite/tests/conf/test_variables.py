import pytest

from blogsite.conf.variables import MISSPELT, UNKNOWN, unknown_variables

KNOWN = {"DEBUG", "HTTPS", "MODELS", "REGISTRATION", "OPENAI_API_KEY", "DATABASE_URL", "SECRET_KEY"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("REGISTRATON", "REGISTRATION"),
        ("OPENAI_APIKEY", "OPENAI_API_KEY"),
        ("MODEL", "MODELS"),
        ("debug", "DEBUG"),
        ("DATABASE_URI", "DATABASE_URL"),
    ],
)
def test_a_close_name_is_noticed_wherever_it_is(name, meant):
    found = [(name, MISSPELT.format(name=name, meant=meant))]

    assert unknown_variables(KNOWN, [], [name]) == unknown_variables(KNOWN, [name], [name]) == found


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "LANG", "AWS_SECRET_KEY", "OPENAI_ORG_ID", "TEST_DATABASE_URL", "TERM"]
)
def test_another_programs_variable_is_none_of_ours_unless_it_is_in_our_file(name):
    assert unknown_variables(KNOWN, [], [name]) == []
    assert unknown_variables(KNOWN, [name], [name]) == [(name, UNKNOWN.format(name=name))]


@pytest.mark.parametrize("name", ["PGPASSWORD", "https_proxy", "HTTPS_PROXY", "PYTHONUNBUFFERED", "DEBUG"])
def test_what_libraries_read_may_be_in_our_file(name):
    assert unknown_variables(KNOWN, [name], [name]) == []
