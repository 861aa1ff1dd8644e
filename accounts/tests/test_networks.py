"""Networks: who is counted as one client, whatever X-Forwarded-For says."""

import logging

import pytest
from django.test import RequestFactory

from accounts.models import RequestCount
from accounts.networks import IGNORED, UNKNOWN, header_is_ignored, network_of

PROXY = "10.0.0.1"


@pytest.fixture
def proxies(settings):
    def trust(number: int) -> None:
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": number}

    return trust


def network(forwarded: str = "", peer: str = PROXY) -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return network_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:77:1::1", "2001:db8:77:1::/64"),
        ("2001:DB8:77:1:ffff::2", "2001:db8:77:1::/64"),
        ("2001:db8:77:2::1", "2001:db8:77:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN),
    ],
)
def test_an_ipv4_address_is_a_network_and_so_is_a_64_of_ipv6(peer, expected):
    assert network(peer=peer) == expected


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        (2, "198.51.100.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (2, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9,,, 192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.1:4711", "192.0.2.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::/64"),
        (1, '"[2001:db8::1]"', "2001:db8::/64"),
        (1, "2001:db8::1%eth0", "2001:db8::/64"),
        (1, "[::ffff:192.0.2.1]:80", "192.0.2.1"),
        (1, "unknown", PROXY),
        (1, "192.0.2.1,", PROXY),
        (1, "192.0.2.999", PROXY),
        (1, "1" * 5000, PROXY),
        (1, "," * 1_000_000, PROXY),
        (3, "," * 1_000_000, PROXY),
        (1, "٣.٣.٣.٣", PROXY),
    ],
)
def test_the_header_is_believed_as_far_as_trusted_proxies_wrote_it(proxies, trusted, forwarded, expected):
    proxies(trusted)

    assert network(forwarded) == expected


@pytest.mark.django_db
def test_a_header_that_is_ignored_is_logged_and_noted_once(caplog, proxies):
    caplog.set_level(logging.WARNING)
    assert not header_is_ignored()

    assert {network("192.0.2.1") for _ in range(3)} == {PROXY}

    assert [record.message for record in caplog.records] == [IGNORED]
    assert header_is_ignored()
    assert RequestCount.objects.count() == 1
    proxies(1)
    assert not header_is_ignored()


@pytest.mark.django_db
def test_without_the_header_nothing_is_noted(caplog):
    network()

    assert (caplog.records, header_is_ignored()) == ([], False)
