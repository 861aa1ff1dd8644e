"""Security policies, CORS and OPTIONS."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from accounts.tests.baker_recipes import PASSWORD, editor, writer
from generation.tests.baker_recipes import waiting

RENDERED = 30_000  # ms that a page of several MB of scripts may take on busy cores


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/api/v1/blogs", "/api/v1/blogs/1", "/nothing/here", "/healthz", "/openapi.json"]
)
def test_the_policy_of_the_api_allows_nothing(api, path):
    answer = api.get(path)

    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_scripts_are_never_inline(api):
    for path in ("/docs", "/redoc", "/admin/login/"):
        policy = api.get(path)["Content-Security-Policy"]

        assert "script-src 'self';" in policy
        assert "unsafe-eval" not in policy


@pytest.mark.django_db
def test_configured_origins_may_read_our_headers(api, as_user, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    origin = {"Origin": "https://app.example.com"}

    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}, headers=origin)
    preflight = api.options(
        answer["Location"],
        headers=origin
        | {
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization,if-match,idempotency-key",
        },
    )

    assert answer["Access-Control-Allow-Origin"] == "https://app.example.com"
    exposed = {name.strip() for name in answer["Access-Control-Expose-Headers"].split(",")}
    assert {"ETag", "Location", "Link", "Retry-After"} <= exposed
    assert "PATCH" in preflight["Access-Control-Allow-Methods"]
    assert {"if-match", "idempotency-key"} <= set(preflight["Access-Control-Allow-Headers"].split(", "))
    assert "Access-Control-Allow-Origin" not in api.get("/", headers={"Origin": "https://evil.example.com"})


@pytest.mark.django_db
def test_options_answers_with_the_methods_of_every_url_and_no_body(as_user):
    client = as_user(editor.make())
    documented = {
        path.format(id=1, number=1): {method.upper() for method in methods}
        for path, methods in client.get("/openapi.json").json()["paths"].items()
    }
    pages = {path: {"GET"} for path in ("/docs", "/redoc", "/openapi.json")}

    for path, methods in {**documented, **pages}.items():
        answer = client.options(path, headers={"Accept": "text/html"})

        assert (answer.status_code, answer.content, answer.get("Content-Type")) == (200, b"", None), path
        assert set(answer["Allow"].split(", ")) - {"HEAD"} == {*methods, "OPTIONS"}, path


def violations(page: Page) -> list[str]:
    """Return a list that will hold violations of the policy; fail on a script error."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return found


@pytest.mark.django_db(transaction=True)
def test_the_documentation_works_under_its_policy(page, live_server, api):
    found = violations(page)
    create = api.get("/openapi.json").json()["paths"]["/api/v1/blogs"]["post"]

    page.goto(f"{live_server.url}/docs")
    expect(page.locator(f"#operations-blogs-{create['operationId']}")).to_be_visible(timeout=RENDERED)
    assert found == []
    page.goto(f"{live_server.url}/redoc")
    expect(page.get_by_role("heading", name=create["summary"]).first).to_be_visible(timeout=RENDERED)
    page.wait_for_timeout(500)

    assert [text for text in found if "redoc-logo" not in text and "cdn.redoc.ly" not in text] == []


@pytest.mark.django_db(transaction=True)
def test_the_admin_works_under_its_policy(page, live_server):
    post = waiting.make().post
    editor.make(email="desk@example.com")
    found = violations(page)

    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("E-mail address:").fill("desk@example.com")
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    for path in ("blogs/blogpost/", "blogs/blogpost/add/", f"blogs/blogpost/{post.pk}/change/", "django_q/ormq/"):
        page.goto(f"{live_server.url}/admin/{path}")
        expect(page.locator("#content h1")).to_be_visible()

    assert found == []
