"""Examples of registration, login and tokens for the API schema."""

from drf_spectacular.utils import OpenApiExample

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
    value={"id": 7, "email": "me@example.com", "is_staff": False, "date_joined": "2026-11-22T10:00:00.250000Z"},
    response_only=True,
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
    },
    response_only=True,
)
