"""Examples of registration, login and tokens for the API schema."""

from drf_spectacular.utils import OpenApiExample


def message(text: str, status: int = 202) -> OpenApiExample:
    """Return the example of an answer that only says something."""
    return OpenApiExample(text, value={"message": text}, response_only=True, status_codes=[str(status)])


CREDENTIALS = OpenApiExample(
    "Address and password",
    value={"email": "me@example.com", "password": "tulips-in-the-rain"},
    request_only=True,
)
FORMS = [
    OpenApiExample(
        f"An OAuth2 client's form ({kind})",
        value={"username": "me@example.com", "password": "tulips-in-the-rain"},
        request_only=True,
        media_type=media_type,
    )
    for kind, media_type in (("urlencoded", "application/x-www-form-urlencoded"), ("multipart", "multipart/form-data"))
]
INVITED = OpenApiExample(
    "With an invitation",
    value={"email": "me@example.com", "password": "tulips-in-the-rain", "invitation": "WzcsZmFsc2Vd:1vQ..."},
    request_only=True,
)
VERIFICATION = OpenApiExample(
    "A link's token", value={"token": "WzcsIm1lQGV4YW1wbGUuY29tIl0:1vQ..."}, request_only=True
)
REGISTERED = OpenApiExample(
    "A new account",
    value={"message": "User registered successfully.", "id": 7, "email": "me@example.com"},
    response_only=True,
)
TOKENS = OpenApiExample(
    "Tokens",
    value={"access_token": "eyJ...", "token_type": "bearer", "expires_in": 1800, "refresh_token": "eyJ..."},
    response_only=True,
)
REFRESH = OpenApiExample("A refresh token", value={"refresh_token": "eyJ..."}, request_only=True)
ME = OpenApiExample(
    "An author",
    value={
        "id": 7,
        "email": "me@example.com",
        "is_staff": False,
        "is_approved": True,
        "verified_at": None,
        "date_joined": "2026-11-22T10:00:00.250000Z",
    },
    response_only=True,
)
NEW_ADDRESS = OpenApiExample(
    "Another address",
    value={"email": "new@example.com", "password": "tulips-in-the-rain"},
    request_only=True,
)
LINK_TOKEN = OpenApiExample("The end of the link", value={"token": "WzcsIm1lQGV4..."}, request_only=True)
CHANGE_PASSWORD = OpenApiExample(
    "A new password",
    value={"current_password": "tulips-in-the-rain", "password": "snow-on-the-daffodils"},
    request_only=True,
)
FORGOTTEN = OpenApiExample("A forgotten password", value={"email": "me@example.com"}, request_only=True)
RESET = OpenApiExample(
    "The end of the link, and a new password",
    value={"token": "7-d3k9x2-0a1b2c3d...", "password": "snow-on-the-daffodils"},
    request_only=True,
)
LEAVE = OpenApiExample(
    "Leave, and delete the posts", value={"password": "tulips-in-the-rain", "posts": "delete"}, request_only=True
)
EXPORT = OpenApiExample(
    "The export of an author without posts",
    value={
        "account": {
            "id": 7,
            "email": "me@example.com",
            "is_staff": False,
            "is_superuser": False,
            "is_approved": True,
            "groups": [],
            "verified_at": None,
            "date_joined": "2026-11-22T10:00:00.250000Z",
            "last_login": None,
            "logins": [{"created_at": "2026-11-22T10:00:01Z", "expires_at": "2026-12-22T10:00:01Z"}],
        },
        "posts": [],
        "revisions": [],
        "generations": [],
        "releases": [],
        "spending": [],
    },
    response_only=True,
)
