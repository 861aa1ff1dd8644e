"""The service's own schema, fuzzed by schemathesis: no server error, and no answer that is not in the schema.

The long form: `SCHEMATHESIS_EXAMPLES=100 python -m pytest -s blogsite/tests/api/test_contract.py`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.tests.baker_recipes import editor
from accounts.tokens import token_pair
from blogs.models import BlogPost
from generation.tests.baker_recipes import waiting

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

CONFIG = Path(__file__).with_name("schemathesis.toml")
ENDS_TOKENS = ("--exclude-path", "/api/v1/logout/everywhere")  # after it, a user gets 401 for everything
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES")


def schemathesis(url: str, directory: Path, *options: str) -> str:
    """Fuzz the service at `url`; return the summary."""
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    if not program:
        pytest.skip("missing: schemathesis (it is in requirements-dev.txt)")
    command = [program, "--config-file", str(CONFIG), "run", f"{url}/openapi.json", "--no-color"]
    run = subprocess.run([*command, *options], cwd=directory, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-12_000:] + run.stderr[-2_000:]
    return run.stdout


def token_of_staff() -> str:
    """Create posts in several states; return the token of a user who may change them all."""
    user = editor.make()
    for _ in range(3):
        waiting.make()
    post = BlogPost(owner=user, title="Bread", brief="flour")
    post.submit(requested_by=user)
    post.edit(title="Bread", content="My own text.", author=user)
    return str(token_pair(user)["access_token"])


@pytest.mark.parametrize("who", ["staff", "nobody"])
def test_every_answer_is_in_the_schema(live_server, settings, tmp_path, who):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES)
    header = ("--header", f"Authorization: Bearer {token_of_staff()}", *ENDS_TOKENS) if who == "staff" else ()
    form = (
        ("--max-examples", EXAMPLES)
        if EXAMPLES
        else ("--max-examples", "3", "--phases", "examples,fuzzing", "--no-shrink")
    )

    summary = schemathesis(live_server.url, tmp_path, *header, *form)

    print(summary[summary.index("= SUMMARY") :])
    assert sum(int(number) for number in re.findall(r"(\d+) generated", summary)) > 50
