"""The first `manage.py up` on a machine: generates the secret key that the settings require, and leaves TLS out."""

import errno
import os
import re
import secrets
import sys
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.environment import KINDS, WRONG_KIND, truth
from blogsite.conf.variables import read_file

BASE_DIR = Path(__file__).resolve().parents[2]
KEY_BYTES = 48  # 64 characters; Django's own keys have 50
EMPTY_KEY = re.compile(r"^(export )?SECRET_KEY=(''|\"\")?[ \t]*$\n?", re.MULTILINE)
PLAIN_HTTP = (
    "# For a trial on this machine, over plain HTTP. Remove this line behind a proxy that terminates TLS.\nHTTPS=false"
)
GENERATED = "First run: generated a SECRET_KEY in {path}."
# Names that say for whom the service is; without any, ALLOWED_HOSTS lets nobody in but this machine.
FOR_OTHERS = ("HTTPS", "DEBUG", "ALLOWED_HOSTS", "PUBLIC_URL", "TRUSTED_PROXIES")
TRIAL = (
    "HTTPS is not set: a trial on this machine, over plain HTTP. For others set ALLOWED_HOSTS, and HTTPS=true behind a "
    "proxy that terminates TLS."
)
DEPLOYMENT = "SECRET_KEY is not set, and DEBUG={debug} indicates a deployment: set SECRET_KEY yourself."
NOT_WRITABLE = "Cannot write a SECRET_KEY to {path}: {reason}. Make it writable, or set SECRET_KEY yourself."


def prepare_environment() -> None:
    """Write a new SECRET_KEY to `.env` if none is set, and print that; called before the settings are read.

    Where a key is set but nothing that concerns other machines, HTTPS is false for this run: all requests would be
    redirected to where nobody answers.

    The file is `.env` beside manage.py, or ENV_FILE. An explicitly false DEBUG means a deployment, for which no key is
    generated: then, and when the file cannot be written, the process exits with 1 and one line.
    """
    path = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
    try:
        variables = read_variables(path)
        if variables.get("SECRET_KEY"):
            leave_https_out_of_trials(variables)
            return
        # An empty variable in the process environment would hide the one in the file.
        os.environ.pop("SECRET_KEY", None)
        if {"-h", "--help"} & set(sys.argv):
            os.environ["SECRET_KEY"] = secrets.token_urlsafe(KEY_BYTES)
            return
        require_no_deployment(variables)
        replace_file(path.resolve(), with_key(read_text(path), https_is_set=bool(variables.get("HTTPS"))))
    except OSError as error:
        sys.exit(NOT_WRITABLE.format(path=path, reason=error.strerror))
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    print(GENERATED.format(path=path), flush=True)


def leave_https_out_of_trials(variables: dict[str, str]) -> None:
    if not any(variables.get(name) for name in FOR_OTHERS):
        os.environ["HTTPS"] = "false"
        print(TRIAL, flush=True)


def read_variables(path: Path) -> dict[str, str]:
    """Return the variables of the file and the process; the process wins, as in the settings."""
    return read_file(path)[0] | {name: value for name, value in os.environ.items() if value}


def read_text(path: Path) -> str:
    """Return the file's text, empty if there is none.

    Raises:
        OSError: it cannot be read, or is not a regular file.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def require_no_deployment(variables: dict[str, str]) -> None:
    debug = variables.get("DEBUG", "")
    try:
        if debug and not truth(debug):
            sys.exit(DEPLOYMENT.format(debug=debug))
    except ValueError:
        sys.exit(WRONG_KIND.format(var="DEBUG", kind=KINDS[bool], value=debug))


def with_key(text: str, *, https_is_set: bool) -> str:
    """Return the text of an environment file with a new key in place of an empty one, if any."""
    kept = EMPTY_KEY.sub("", text)
    lines = [f"SECRET_KEY={secrets.token_urlsafe(KEY_BYTES)}"]
    if not https_is_set:
        lines.append(PLAIN_HTTP)
    return kept + "\n" * (kept != "" and not kept.endswith("\n")) + "\n".join(lines) + "\n"


def replace_file(path: Path, text: str) -> None:
    """Replace a file atomically by one that only its owner may read.

    Raises:
        OSError: the directory is missing or cannot be written.
    """
    descriptor, name = tempfile.mkstemp(prefix=".env-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink()
        raise
