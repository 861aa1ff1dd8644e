"""Which requests wait for their turns."""

import pytest

from blogsite.turns import may_take_long


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /api/v1/blogs/1",
        "HEAD /api/v1/blogs/1/",
        "GET /healthz",
        "GET /static/admin/css/base.css",
        "POST /api/v1/blogs",
        "PATCH /api/v1/blogs/1",
        "POST /api/v1/blogs/1/cancel",
    ],
)
def test_reading_a_post_and_writing_one_do_not_wait(request_line):
    assert not may_take_long(*request_line.split())


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /api/v1/blogs",
        "GET /api/v1/blogs/1/revisions",
        "GET /readyz",
        "GET /metrics",
        "GET /openapi.json",
        "GET /admin/blogs/blogpost/1/compare/",
        "GET /admin/static/",
        "POST /admin/blogs/blogpost/",
        "POST /api/v1/login",
        "POST /api/v1/blogsite",
        "POST /healthz",
    ],
)
def test_everything_else_waits(request_line):
    assert may_take_long(*request_line.split())
