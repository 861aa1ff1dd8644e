"""Logins over the API and at the admin's page, from a network that the sender makes up."""

import http.client
import json
import re
import time
import urllib.parse
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

NETWORKS = 100
AT_ONCE = 8
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Answer = tuple[int, http.client.HTTPMessage, str]


def ask(port: int, method: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    read = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, read


def api_login(port: int, address: str, email: str, password: str) -> Answer:
    body = json.dumps({"email": email, "password": password})
    return ask(port, "POST", "/api/v1/login", body, {"Content-Type": JSON, "X-Forwarded-For": address})


def admin_login(port: int, address: str, email: str, password: str) -> Answer:
    """Open the page, as a form needs its token, and log in."""
    _, headers, page = ask(port, "GET", "/admin/login/", "", {"X-Forwarded-For": address})
    found = TOKEN.search(page)
    form = {"csrfmiddlewaretoken": found[1] if found else "", "username": email, "password": password}
    more = {"Content-Type": FORM, "X-Forwarded-For": address, "Cookie": headers["Set-Cookie"].partition(";")[0]}
    return ask(port, "POST", "/admin/login/", urllib.parse.urlencode(form), more)


def guess(port: int, email: str, number: int) -> list[int]:
    """Try this many wrong passwords, half of them at the admin's login; return the statuses."""

    def one(which: int) -> int:
        login = admin_login if which % 2 else api_login
        return login(port, f"198.51.100.{which % NETWORKS}", email, f"wrong {which}")[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(number)))


class OtherAccount(Thread):
    """An owner of another account who logs in again and again until stopped; `times` are in milliseconds."""

    def __init__(self, port: int, email: str, password: str) -> None:
        super().__init__()
        self.port, self.email, self.password = port, email, password
        self.stopped = Event()
        self.times: list[float] = []
        self.statuses: set[int] = set()

    def run(self) -> None:
        while not self.stopped.wait(0.2):
            started = time.monotonic()
            self.statuses.add(api_login(self.port, "203.0.113.1", self.email, self.password)[0])
            self.times.append((time.monotonic() - started) * 1000)

    def stop(self) -> None:
        self.stopped.set()
        self.join()
