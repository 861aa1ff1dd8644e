"""Which hosts requests may be addressed to."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[fd00::7]", "blogsite.default.svc", "a b"])
def test_monitoring_may_ask_by_any_name_and_nobody_else(api, settings, host):
    settings.ALLOWED_HOSTS = ["blog.example.com"]

    answers = {path: api.get(path, HTTP_HOST=host) for path in ("/healthz", "/readyz/", "/metrics", "/", "/docs")}

    assert [answer.status_code for answer in answers.values()] == [200, 200, 200, 400, 400]
    assert api.get("/", HTTP_HOST="blog.example.com").status_code == 200
