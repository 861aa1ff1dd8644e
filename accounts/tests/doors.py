"""How tests register, verify, log in and ask for posts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.links import verification_link
from accounts.models import Invitation, OutgoingMail, RequestCount, User
from accounts.tests.baker_recipes import PASSWORD
from accounts.verification import RESEND_AFTER

ADDRESS = "bob@example.com"


def register(api: APIClient, email: str = ADDRESS, password: str = PASSWORD, **more: str) -> Any:
    return api.post("/api/v1/register", {"email": email, "password": password, **more})


def login(api: APIClient, email: str = ADDRESS, password: str = PASSWORD) -> Any:
    return api.post("/api/v1/login", {"email": email, "password": password})


def with_login(email: str = ADDRESS, password: str = PASSWORD) -> APIClient:
    """Return a client that has logged in by the API."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {login(client, email, password).json()['access_token']}")
    return client


def invitation(email: str = ADDRESS, **fields: Any) -> Invitation:
    return Invitation.objects.create(email=email, **fields)


def token_in(link: str) -> str:
    return link.rpartition("/")[2]


def path_of(link: str) -> str:
    return link[link.index("/account/") :]


def mails(kind: OutgoingMail.Kind) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=kind))


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "")


def at_once(*requests: Callable[[], int]) -> list[int]:
    """Send requests at the same time; return their statuses."""

    def send(request: Callable[[], int]) -> int:
        try:
            return request()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def the_user() -> User:
    return User.objects.get()


def token_of(user: User) -> str:
    """Return the token of the link in the mail to a user."""
    return token_in(verification_link(user.pk, user.email))


def verify(client: APIClient, token: str) -> Any:
    return client.post("/api/v1/verify", {"token": token})


def later(**time: float) -> None:
    """Have mails to everybody been sent some time ago."""
    sent = timezone.now() - timedelta(**time)
    User.objects.update(verification_sent_at=sent)
    RequestCount.objects.update(ends_at=sent + RESEND_AFTER)
