"""The database, the accounts, and the requests of those who mean harm."""

import base64
import json
import random
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from blogsite.benchmarks.peers.rows import WORDS

LONG = 200_000  # characters of a text
FULL_PAGE = 100  # posts with long texts: the newest of those that are filled in
READ, EDITED, COMPARED = 1, 2, 3  # ids of posts
OPERATOR = "for-the-trial"  # who may read the metrics
FORMS = ("## {}", "- *{}*", "| {} | `{}` |\n|---|---|", "> [{}](https://example.com)")
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Address:
    """A request that is sent again and again."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def long_text(seed: int) -> str:
    """Return words in random order, every tenth line a table's, a list's or a heading's."""
    chance = random.Random(seed)
    lines: list[str] = []
    for number in range(LONG // 100):
        form = "{}" if number % 10 else chance.choice(FORMS)
        lines.append(form.replace("{}", " ".join(chance.choices(WORDS, k=20))))
    return "\n".join(lines)[:LONG]


def incompressible_text() -> str:
    return base64.b64encode(random.Random(7).randbytes(LONG)).decode()[:LONG]


def fill(rows: int) -> None:
    """Fill the empty database with posts: short ones, and a page of long ones."""
    from blogs.models import BlogPost
    from blogsite.benchmarks.peers import rows as short

    short.fill(rows)
    for number in range(rows - FULL_PAGE, rows):
        BlogPost.objects.filter(pk=number + 1).update(content=long_text(number))


def authorization() -> dict[str, str]:
    """Return the header of the account that owns all posts."""
    from accounts.models import User
    from accounts.tokens import token_pair

    owner = User.objects.get(email="load@example.com")
    return {"Authorization": f"Bearer {token_pair(owner)['access_token']}"}


def editor_cookie() -> dict[str, str]:
    """Return the header of somebody who is logged in to the admin and may see every post."""
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get_or_create(email="editor@example.com", is_staff=True, is_superuser=True)[0])
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


def addresses(rows: int) -> dict[str, Address]:
    """Return the expensive addresses by name."""
    own, editor = authorization(), editor_cookie()
    admin = "/admin/blogs/blogpost/"
    wrong = json.dumps({"email": "load@example.com", "password": "a wrong one"})
    return {
        "list": Address(f"/api/v1/blogs?limit={FULL_PAGE}&after={rows + 1}"),
        "search": Address("/api/v1/blogs?title=nobody+wrote+this"),
        "schema": Address("/openapi.json"),
        "docs": Address("/docs"),
        "metrics": Address("/metrics", headers={"Authorization": f"Bearer {OPERATOR}"}),
        "readyz": Address("/readyz"),
        "login": Address("/api/v1/login", "POST", wrong, JSON),
        "revisions": Address(f"/api/v1/blogs/{COMPARED}/revisions", headers=own),
        "draft": Address(f"/api/v1/blogs/{COMPARED}/draft", headers=own),
        "comparison": Address(f"{admin}{COMPARED}/compare/", headers=editor),
        "preview": Address(f"{admin}{COMPARED}/preview/", headers=editor),
        "admin_search": Address(f"{admin}?q=nobody+wrote+this", headers=editor),
    }


def edit_compared(url: str) -> None:
    """Give the post that is compared two long revisions.

    Raises:
        HTTPError: it was refused.
    """
    for seed in (1, 2):
        body = json.dumps({"content": long_text(seed)}).encode()
        path, headers = f"{url}/api/v1/blogs/{COMPARED}", authorization() | JSON
        request = urllib.request.Request(path, body, headers, method="PATCH")  # noqa: S310
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


def warm_up(url: str, rows: int) -> None:
    """Ask each address once: what is built by the first request is not what is measured."""
    for address in addresses(rows).values():
        body = address.body.encode() or None
        request = urllib.request.Request(f"{url}{address.path}", body, address.headers, method=address.method)  # noqa: S310
        with suppress(OSError):
            urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


def orders(rows: int, url: str, askers: int, slow: int, seconds: float) -> dict[str, Any]:
    """Return what the load's process is to do."""
    return {
        "url": url,
        "seconds": seconds,
        "askers": askers,
        "slow": slow,
        "addresses": {name: asdict(address) for name, address in addresses(rows).items()},
        "edited": f"/api/v1/blogs/{EDITED}",
        "owner": authorization() | JSON,
    }
