"""What is said at a start about settings that fit badly together."""

import pytest

from blogsite.checks import NO_ROOM, check_room

pytestmark = pytest.mark.own_database


def test_a_quota_without_room_for_two_texts_is_warned_of(settings):
    assert check_room(None) == []
    settings.TEXT_MAX, settings.REVISIONS_MAX = 1000, 10_239
    [warning] = check_room(None)
    assert (warning.msg, warning.hint) == (NO_ROOM, "Set it to at least 10240.")
    settings.REVISIONS_MAX = 10_240
    assert check_room(None) == []
