"""What `manage.py up` prints once everything is ready."""

from django.conf import settings
from django.http.request import validate_host

from generation.budgets.sentences import limits_that_hold, not_bound
from generation.checks import OPEN_DOOR_HINT, open_door, who_reads_first
from generation.llm.providers import Provider, configured_provider

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (names them, does not listen on them)
TRY_IT = "Try it (repeat the last line until the status is completed):"
HTTPS_HINT = (
    "HTTPS is on: requests that no proxy has marked with X-Forwarded-Proto: https are redirected. For a trial on this "
    "machine set HTTPS=false."
)
COMMANDS = """\
api() {{ curl -s -H Content-Type:application/json{proxied} "{url}/$@"; echo; }}
ME='{{"email": "me@example.com", "password": "tulips-in-the-rain"}}'
api register -d "$ME"
TOKEN=$(api login -d "$ME" | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')
BRIEF='{{"title": "Growing tomatoes on a balcony", "content": "choose big pots; water in the morning; give shade"}}'
POST=$(api blogs -H "Authorization: Bearer $TOKEN" -d "$BRIEF" | sed 's/.*"blog": *{{"id": *\\([0-9]*\\).*/\\1/')
api blogs/$POST"""


def reachable(host: str) -> str:
    """Return a host by which this machine reaches a server that listens on `host`."""
    return ANY_ADDRESS.get(host, host)


def base_url(host: str, port: int) -> str:
    name = reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def welcome(host: str, port: int) -> str:
    """Return the addresses, the model and commands to try, for people at this machine."""
    url = base_url(host, port)
    # Behind a proxy that terminates TLS, the service trusts this header; without one, the commands send it themselves.
    proxied = " -H X-Forwarded-Proto:https" if settings.HTTPS else ""
    return "\n".join(
        [
            "",
            f"  API    {url}/api/v1/blogs",
            f"  Docs   {url}/docs",
            f"  Admin  {url}/admin/   (create a login first: manage.py createsuperuser)",
            f"  Model  {describe(configured_provider())}",
            f"  Posts  {who_reads_first()}",
            f"  Limits {limits_that_hold()}",
            *([f"         {sentence}"] if (sentence := not_bound()) else []),
            *([f"  Door   {sentence} {OPEN_DOOR_HINT}"] if (sentence := open_door()) else []),
            "",
            TRY_IT,
            "",
            COMMANDS.format(url=f"{url}/api/v1", proxied=proxied),
            "",
        ]
    )


def describe(provider: Provider) -> str:
    """Return which model writes and what to expect of it."""
    if provider.name == "embedded":
        return f"{provider.model} (embedded): posts of your own words. Set OPENAI_API_KEY for whole ones."
    return f"{provider.model} at {provider.address}"


def address_hints(host: str) -> list[str]:
    """Return why requests would not be answered as somebody who tries the service expects."""
    return [hint for hint in (host_hint(host), HTTPS_HINT if settings.HTTPS else None) if hint]


def host_hint(host: str) -> str | None:
    """Return a hint if requests addressed to `host` would be rejected, else None."""
    allowed = settings.ALLOWED_HOSTS
    local = {"localhost", "127.0.0.1", "[::1]", "::1"}
    name = f"[{host}]" if ":" in host else host
    if host in local or (set(allowed) - local if host in ANY_ADDRESS else validate_host(name, allowed)):
        return None
    missing = "the name that others use for this machine" if host in ANY_ADDRESS else name
    return f"Other machines will get 400: ALLOWED_HOSTS is {','.join(allowed)}. Add {missing} to it."
