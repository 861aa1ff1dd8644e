"""Rate limits of registration, login and generation requests."""

import pytest

from accounts.tests.baker_recipes import PASSWORD, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(settings):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, (2, 86_400))


@pytest.mark.usefixtures("twice")
def test_registrations_of_one_address_are_limited(api):
    codes = [
        api.post("/api/v1/register", {"email": f"w{number}@example.com", "password": PASSWORD}).status_code
        for number in range(3)
    ]

    assert codes == [201, 201, 429]


@pytest.mark.usefixtures("twice")
def test_logins_of_one_address_are_limited_whoever_they_are_for(api):
    writer.make(email="bob@example.com")
    for _ in range(2):
        assert api.post("/api/v1/login", {"email": "x@example.com", "password": "wrong"}).status_code == 401

    answer = api.post("/api/v1/login", {"email": "bob@example.com", "password": PASSWORD})

    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(answer["Retry-After"]) <= 86_400
    assert "Expected available in" in answer.json()["detail"]
    other = api.post("/api/v1/login", {"email": "bob@example.com", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 200


@pytest.mark.usefixtures("twice")
def test_a_client_cannot_forge_its_address(api):
    answers = [
        api.post("/api/v1/login", {"email": "x@example.com", "password": "x"}, headers={"X-Forwarded-For": forged})
        for forged in ("10.0.0.1", "10.0.0.2", "10.0.0.3")
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


@pytest.mark.usefixtures("twice")
def test_generation_requests_are_limited_by_user(as_user):
    client = as_user(writer.make())
    post = client.post("/api/v1/blogs", {"title": "Bread"})["Location"]

    assert client.post(f"{post}/regenerate").status_code == 202
    assert client.put(post, {"title": "Rye"}).status_code == 429
    assert client.post("/api/v1/blogs", {"title": "Rye"}).status_code == 429
    assert client.patch(post, {"title": "Rye"}).status_code == 200
    assert client.get(post).status_code == 200
    assert as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}).status_code == 201


def test_a_limit_can_be_removed(api, settings):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES)

    codes = {api.post("/api/v1/login", {"email": "x@y.z", "password": "x"}).status_code for _ in range(5)}

    assert codes == {401}
