"""Behind Debian's nginx, which compresses answers, and below a path."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from accounts.models import User
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tokens import token_pair
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.workers import TIMEOUT
from generation.processes.ports import free_port

FILES = re.compile(r'(?:src|href|spec-url)="(/[^"]+)"')
CONFIG = """
daemon off; master_process off; pid {directory}/pid; error_log stderr;
events {{}}
http {{
  access_log off; client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};
  scgi_temp_path {directory}; uwsgi_temp_path {directory};
  gzip on; gzip_types application/json; gzip_min_length 1;
  server {{
    listen 127.0.0.1:{port};
    location /blog/ {{
      proxy_pass {service};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server, settings, tmp_path: Path) -> Iterator[str]:
    """Return where nginx serves us."""
    if not (nginx := shutil.which("nginx", path="/usr/sbin:/usr/bin")):
        pytest.skip("missing: nginx (Debian's package nginx-light)")
    settings.FORCE_SCRIPT_NAME = settings.SESSION_COOKIE_PATH = settings.CSRF_COOKIE_PATH = "/blog"
    port = free_port("127.0.0.1")
    config = tmp_path / "nginx.conf"
    config.write_text(CONFIG.format(directory=tmp_path, port=port, service=live_server.url))
    process = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(config)])
    deadline = time.monotonic() + TIMEOUT
    while not answers(f"http://127.0.0.1:{port}/"):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/blog"
    process.terminate()
    process.wait()


def answers(url: str) -> bool:
    try:
        return bool(requests.get(url, timeout=TIMEOUT).status_code)
    except requests.ConnectionError:
        return False


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_pair(user)['access_token']}"}


def test_every_address_begins_with_the_path(site):
    host = site.removesuffix("/blog")
    finished_post.make()
    created = requests.post(f"{site}/api/v1/blogs", json={"title": "Bread"}, headers=bearer(writer.make()))
    schema = requests.get(f"{site}/openapi.json").json()
    found = [
        *requests.get(f"{site}/").json()["links"].values(),
        created.headers["Location"],
        requests.get(f"{site}/api/v1/blogs?limit=1").json()["next"],
        requests.get(f"{site}/api/v1/blogs/999").json()["type"],
        *(
            file
            for page in ("/admin/login/", "/docs", "/redoc")
            for file in FILES.findall(requests.get(site + page).text)
        ),
        schema["servers"][0]["url"] + next(iter(schema["paths"])),
        schema["components"]["securitySchemes"]["login"]["flows"]["password"]["tokenUrl"],
    ]

    assert [address for address in found if not address.startswith("/blog/")] == []
    answered = {address: requests.get(host + address).status_code for address in found if "api/v1/login" not in address}
    assert {address: status for address, status in answered.items() if status != 200} == {"/blog/metrics": 403}
    assert "](/problems)" not in schema["info"]["description"]


def test_a_person_logs_in_to_the_admin_and_out(site):
    editor.make(email="editor@example.com")
    browser = requests.Session()
    browser.get(f"{site}/admin/login/")
    form = {"username": "editor@example.com", "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}

    page = browser.post(f"{site}/admin/login/", form, headers={"Referer": site})

    assert (page.status_code, urlsplit(page.url).path) == (200, "/blog/admin/")
    assert {cookie.path for cookie in browser.cookies} == {"/blog"}


def test_a_tag_that_compression_weakened_still_names_the_version(site):
    owner = writer.make()
    url, token = f"{site}/api/v1/blogs/{finished_post.make(owner=owner).pk}", bearer(owner)
    read = requests.get(url)
    tag = read.headers["ETag"]

    unchanged = requests.get(url, headers={"If-None-Match": tag})
    changes = [requests.patch(url, json={"title": "Rye"}, headers=token | {"If-Match": tag}) for _ in range(2)]

    assert (read.headers["Content-Encoding"], tag[:2]) == ("gzip", "W/")
    assert unchanged.status_code == 304
    assert [change.status_code for change in changes] == [200, 412]  # the second time it is another version
