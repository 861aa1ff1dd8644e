"""Settings of the API schema (drf-spectacular)."""

from typing import Any

# In Markdown; shown at the top of /docs and /redoc.
DESCRIPTION = """\
Writes blog posts in the background and never loses a word that a person wrote.

**Accounts.** `POST /api/v1/register` makes one, if this service takes new accounts, and `POST /api/v1/login` answers
with an access token and a refresh token. Send the access token as `Authorization: Bearer ...`; here, *Authorize* does
that for you. When it has expired, `POST /api/v1/refresh` exchanges the refresh token for a new pair: each refresh token
works once. An account may have to verify its e-mail address, or wait for an administrator's approval, before it can
request posts: until then `POST /api/v1/blogs` is answered with 403, and the problem's `type` says which it is.

**A post's life.** `POST /api/v1/blogs` takes a title and notes and answers at once. A worker then writes: `status`
goes `pending`, `in_progress`, then `completed`, or `failed` with a `failure` that says why and whether to try again.
Poll the post's `Location` after `Retry-After` seconds, with `If-None-Match`, until it is one of the last two. Writing
again never takes a text away: the old one stays until the new one lands. With `"generate": false` the text is your
own, at once.

**What readers see** is a revision, not a status. Each text is a numbered revision, and none is ever overwritten. Some
services publish each text as it lands; in others nothing is public until a person publishes it: `POST
/api/v1/blogs/{id}/publish`, at once or, with `publish_at`, later. Readers then see that title and text, byte for byte,
until another revision is published, or none after `unpublish`, whatever is written, edited or failed meanwhile.
`ai_disclosure` says whether a machine wrote it, and whether somebody who published it named the revision.

**Proposals.** What a person wrote is never replaced by a machine. If you edit a post while it is being written, or if
the finished text does not pass the checks, it waits as a proposal among the post's generations: accept or discard it.
The owner of the post finds it, with the newest text and the brief, at `GET /api/v1/blogs/{id}/draft`.

**Repeating and colliding.** With an `Idempotency-Key` a request that you repeat takes effect once. With `If-Match` and
the `ETag` of an answer to a write it changes only the version that you know: another one is answered with 412.

**Limits.** A request reserves the most that its post can cost; one that does not fit into your budget, or the site's,
is answered with 402. `GET /api/v1/usage` shows what is spent, reserved and left.

**Errors.** Each is an `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail` and, for invalid
input, the messages by field in `errors`. The `type` leads to a page that says what to do: see
[all kinds of problems](/problems). After 429 and 503 wait for `Retry-After` seconds.
"""
TAGS = {
    "accounts": "Register, log in and out, and the account itself.",
    "blogs": "Posts: have them written, read, edit and delete them.",
    "revisions": "Every text that is or was live; none is ever overwritten.",
    "generations": "The runs of the writer for a post: cancel one, accept or discard what it proposes.",
    "operation": "For monitoring.",
}


def description(version: str) -> dict[str, Any]:
    """Return the settings for this version of the service."""
    return {
        "TITLE": "Blogsite",
        "DESCRIPTION": DESCRIPTION,
        "TAGS": [{"name": name, "description": about} for name, about in TAGS.items()],
        "VERSION": version,
        "SERVE_INCLUDE_SCHEMA": False,
        "SORT_OPERATIONS": False,  # the order of the URLs: register before login
        "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True},
        # ReDoc's theme; see blogsite/templates/blogsite/redoc.html.
        "REDOC_UI_SETTINGS": {
            "typography": {"fontFamily": "system-ui, sans-serif", "headings": {"fontFamily": "system-ui, sans-serif"}}
        },
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "REDOC_DIST": "SIDECAR",
        "OAS_VERSION": "3.1.0",
        "COMPONENT_SPLIT_REQUEST": True,
        "ENUM_NAME_OVERRIDES": {
            "PostStatus": "blogs.models.Status",
            "GenerationStatus": "generation.models.State",
            "WarningName": "generation.api.serializers.WARNING_NAMES",
        },
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "blogsite.api.schema.add_components",
        ],
    }
