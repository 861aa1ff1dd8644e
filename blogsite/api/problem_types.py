"""Kinds of problems that the API answers with: what each page under /problems says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem.

    Args:
        status: the HTTP status code that it comes with.
        title: the same in every answer.
        meaning: what happened, in a sentence or two.
        advice: what to do now.
    """

    status: int
    title: str
    meaning: str
    advice: str


PROBLEM_TYPES = {
    "malformed-request": ProblemType(
        400,
        "Malformed request",
        "The body, or another part of the request, could not be read: the body is not valid JSON, for example, or is "
        "incomplete.",
        "Correct the request; detail says where it could not be read.",
    ),
    "invalid-input": ProblemType(
        400,
        "Invalid input",
        "The request could be read, but a field, a parameter or a header is missing or has a value that is not "
        "allowed.",
        "Correct what errors names, field by field, and send the request again.",
    ),
    "link-not-valid": ProblemType(
        400,
        "Link not valid",
        "The link in the mail was used, has expired, or something about the account has changed since it was sent.",
        "Use the link in the newest mail, or ask for another mail.",
    ),
    "credentials-not-accepted": ProblemType(
        401,
        "Credentials not accepted",
        "No token came with the request, or what came was not right: an access token that has expired or was revoked, "
        "a refresh token that was already used, or at the login a wrong address or password.",
        "Get another access token with your refresh token, or log in again. Send it as Authorization: Bearer ....",
    ),
    "not-allowed": ProblemType(
        403,
        "Not allowed",
        "Your token was accepted, but you may not do this: most often because the post belongs to somebody else.",
        "Ask the owner of the post, or ask an administrator of this service for the permission.",
    ),
    "registration-closed": ProblemType(
        403,
        "Registration closed",
        "This service accepts no new accounts.",
        "If you have an account, log in. Otherwise ask an administrator of this service.",
    ),
    "invitation-required": ProblemType(
        403,
        "Invitation required",
        "This service accepts new accounts by invitation only.",
        "Ask an administrator for an invitation, and register with its link.",
    ),
    "invitation-not-valid": ProblemType(
        403,
        "Invitation not valid",
        "The invitation was used or revoked, has expired, or is for another address.",
        "Register with the address that was invited, or ask for another invitation.",
    ),
    "awaiting-approval": ProblemType(
        403,
        "Awaiting approval",
        "Your account exists, but an administrator has not approved it yet. Until then it may not request posts.",
        "Wait for the approval, then send the request again. Everything else works in the meantime.",
    ),
    "address-not-verified": ProblemType(
        403,
        "Address not verified",
        "The e-mail address of your account is not verified yet. Until then it may not request posts.",
        "Open the link in the mail that was sent to you, or ask for another mail; then send the request again.",
    ),
    "verification-not-valid": ProblemType(
        403,
        "Verification link not valid",
        "The link is for another account or another address, or has expired.",
        "Log in to the account whose address it is, or ask for another mail.",
    ),
    "not-found": ProblemType(
        404,
        "Not found",
        "There is nothing at this URL: it is misspelt, or the post, the revision or the generation was deleted.",
        "Compare the URL with the documentation, and read the list again for the ids that exist.",
    ),
    "method-not-allowed": ProblemType(
        405,
        "Method not allowed",
        "This URL exists, but does not accept this method.",
        "Use one of the methods in the Allow header.",
    ),
    "state-conflict": ProblemType(
        409,
        "State does not allow this",
        "The request is valid, but does not fit the present state of the post, its generation or its revision: for "
        "example, there is no unfinished generation to cancel.",
        "Read the post again, and decide by its present state.",
    ),
    "owner-deactivated": ProblemType(
        409,
        "Owner deactivated",
        "The account of the post's owner is deactivated, and nothing is written for such an account.",
        "Ask an administrator to activate the account, or edit the text yourself.",
    ),
    "revisions-full": ProblemType(
        409,
        "No room for another text",
        "The revisions of a post and the proposals that wait may take only so many bytes together. To make room texts "
        "by the model go first, if nothing needs them; that was not enough. Nothing was changed.",
        "Delete the revisions that detail names, with DELETE /blogs/{id}/revisions/{number}, or ask who may, or "
        "discard proposals. Then send the text again. limit, used, size and those of revisions are in bytes.",
    ),
    "address-taken": ProblemType(
        409,
        "Address taken",
        "Another account has taken this address since the mail was sent to it.",
        "Log in to that account, or choose another address.",
    ),
    "last-superuser": ProblemType(
        409,
        "Last superuser",
        "No superuser would be left who can log in.",
        "Make another user a superuser first, then repeat the request.",
    ),
    "request-still-running": ProblemType(
        409,
        "First request still running",
        "A request with the same Idempotency-Key has not been answered yet.",
        "Repeat it after Retry-After seconds, with the same key: you will get the answer of the first one.",
    ),
    "body-too-slow": ProblemType(
        408,
        "Body too slow",
        "The body did not come whole within a minute.",
        "Send it again over a better connection.",
    ),
    "length-required": ProblemType(
        411,
        "Length required",
        "The end of the body could not be seen.",
        "Send the body with its Content-Length.",
    ),
    "precondition-failed": ProblemType(
        412,
        "Changed since you read it",
        "The post has another version than the one in If-Match: somebody changed it, or a new text is live.",
        "Read the post again, look at what changed, and repeat your change with its new ETag.",
    ),
    "body-too-large": ProblemType(
        413,
        "Body too large",
        "The body has more bytes than this service accepts.",
        "Send a shorter text; detail says how many bytes are allowed.",
    ),
    "unsupported-media-type": ProblemType(
        415,
        "Unsupported media type",
        "The body is in a format that this URL does not accept, or is compressed.",
        "Send JSON as it is, with Content-Type: application/json and without Content-Encoding.",
    ),
    "idempotency-key-reused": ProblemType(
        422,
        "Idempotency-Key reused",
        "The same Idempotency-Key was used before with another method, URL or body.",
        "Make a new random key for each new operation; use a key again only to repeat the very same request.",
    ),
    "budget-exhausted": ProblemType(
        402,
        "Budget exhausted",
        "What a post can cost is reserved when it is requested, and the budget has no room for that: yours, or the "
        "site's, of the day or of the month. What is being written is finished.",
        "Wait until resets_at, or ask an administrator for a higher limit. limit, spent and reserved are your own, in "
        "US dollars; GET /usage shows them too.",
    ),
    "posts-exhausted": ProblemType(
        429,
        "As many posts as a day allows",
        "You have requested as many posts today as you may, whatever they cost.",
        "Wait for Retry-After seconds, or ask an administrator for a higher limit. GET /usage shows the count.",
    ),
    "queue-share-full": ProblemType(
        429,
        "Share of the queue full",
        "As many of your posts are queued as one user may have.",
        "Send the request again when some of them are finished, after Retry-After seconds.",
    ),
    "too-many-requests": ProblemType(
        429,
        "Too many requests",
        "You, or somebody at your network address, sent more requests than this service accepts in that time.",
        "Wait for Retry-After seconds, and send requests less often.",
    ),
    "too-many-attempts": ProblemType(
        429,
        "Too many attempts",
        "There were too many wrong passwords for this account or from this network address. During the wait no "
        "password is tried, not even the right one.",
        "Wait for Retry-After seconds. If you have forgotten your password, ask for a link to set another one.",
    ),
    "too-many-mails": ProblemType(
        429,
        "Too many mails",
        "This address was sent as many mails of this kind as it gets in an hour.",
        "Look for these mails, in the spam folder too, or wait for Retry-After seconds.",
    ),
    "verification-already-sent": ProblemType(
        429,
        "Verification already sent",
        "A mail with a link was sent to this address a moment ago.",
        "Look for it, in the spam folder too, or wait for Retry-After seconds.",
    ),
    "internal-error": ProblemType(
        500,
        "Internal error",
        "The service failed while it handled the request. The error was logged, and nothing was changed.",
        "Give the operator the request_id of the answer.",
    ),
    "busy": ProblemType(
        503,
        "Busy",
        "Too many large requests are being received at the same time, or too many requests are waiting.",
        "Send the request again after Retry-After seconds.",
    ),
    "queue-full": ProblemType(
        503,
        "Queue full",
        "So many posts are waiting to be written that another one would wait too long.",
        "Send the request again after Retry-After seconds. Reading and editing work in the meantime.",
    ),
    "database-unavailable": ProblemType(
        503,
        "Database unavailable",
        "The database does not answer, is busy, or accepts no changes at the moment.",
        "Send the request again after Retry-After seconds; with an Idempotency-Key it cannot take effect twice. An "
        "operator finds the cause with manage.py doctor.",
    ),
}
