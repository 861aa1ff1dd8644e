"""Clients and editors who use the service meanwhile, and remember every text that was acknowledged."""

import contextlib
import http.client
import json
import random
import threading
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection

from accounts.models import User
from accounts.tokens import token_pair
from blogs.models import BlogPost
from generation.queue.transitions import cancel

NOTES = "{mark}; flour and water; patience with the dough; a hot oven; the crust of {mark}"
RETRY_AFTER, TIMEOUT = 0.5, 120.0  # seconds


@dataclass
class Memory:
    """What was acknowledged, by post; only one person at a time acts on a post."""

    posts: list[int] = field(default_factory=list)
    briefs: list[tuple[int, str]] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    live: dict[int, str] = field(default_factory=dict)  # texts of posts that a person changed last
    unsure: set[int] = field(default_factory=set)  # posts with an action that got no answer
    deleted: set[int] = field(default_factory=set)  # or perhaps deleted


class Person(threading.Thread):
    """A person who acts on a share of all posts until stopped.

    Args:
        api: the API's base URL.
        user: who may act on all posts.
        memory: shared by all persons.
        share: which person of how many; the posts are divided by id.
        seed: of the random actions.
    """

    def __init__(self, api: str, user: User, memory: Memory, share: tuple[int, int], seed: int) -> None:
        super().__init__(name=f"person {share[0]}", daemon=True)
        self.api, self.memory, self.share = api, memory, share
        self.user, self.token = user, token_pair(user)["access_token"]
        self.random = random.Random(seed)
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(self.random.uniform(0.8, 2.4)):
            number, of = self.share
            mine = [pk for pk in self.memory.posts[:] if pk % of == number and pk not in self.memory.deleted]
            if mine:
                self.act_on(self.random.choice(mine))
        connection.close()

    def act_on(self, post: int) -> None:
        actions = (self.edit, self.change_brief, self.regenerate, self.cancel, self.delete)
        action = self.random.choices(actions, weights=(8, 4, 3, 2, 1))[0]
        try:
            action(post)
        except (OSError, http.client.HTTPException, DatabaseError, BlogPost.DoesNotExist):
            self.memory.unsure.add(post)  # it may have been done or not
            with contextlib.suppress(DatabaseError):
                connection.close()

    def submit(self) -> None:
        """Create a post, retrying with the same idempotency key until that is acknowledged."""
        mark = uuid.uuid4().hex
        brief = NOTES.format(mark=mark)
        until = time.monotonic() + TIMEOUT
        while time.monotonic() < until:
            try:
                answer = self.request("POST", "/blogs", {"title": f"Bread {mark}", "content": brief}, key=mark)
            except (OSError, http.client.HTTPException):
                time.sleep(RETRY_AFTER)
            else:
                self.memory.briefs.append((answer["blog"]["id"], brief))
                self.memory.posts.append(answer["blog"]["id"])
                return

    def edit(self, post: int) -> None:
        text = f"A person's own words {uuid.uuid4().hex}.\n"
        self.request("PUT", f"/blogs/{post}", {"title": "A person's title", "content": text, "regenerate": False})
        self.memory.texts.append((post, text))
        self.memory.live[post] = text

    def change_brief(self, post: int) -> None:
        self.memory.live.pop(post, None)
        brief = NOTES.format(mark=uuid.uuid4().hex)
        self.request("PUT", f"/blogs/{post}", {"title": "Bread again", "content": brief})
        self.memory.briefs.append((post, brief))

    def regenerate(self, post: int) -> None:
        self.memory.live.pop(post, None)
        BlogPost.objects.get(pk=post).request_generation(urgent=False)

    def cancel(self, post: int) -> None:
        cancel(BlogPost.objects.get(pk=post))

    def delete(self, post: int) -> None:
        self.memory.deleted.add(post)
        self.request("DELETE", f"/blogs/{post}")

    def request(self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data, method=method)  # noqa: S310 (loopback)
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.token}")
        if key:
            request.add_header("Idempotency-Key", key)
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
