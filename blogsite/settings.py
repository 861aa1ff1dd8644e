"""Settings, from the process environment or `.env`; `.env.example` describes every variable."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corsheaders.defaults import default_headers

from blogsite.conf.budgets import budgets
from blogsite.conf.databases import database_from_url
from blogsite.conf.environment import LEAST_KEY, Environment
from blogsite.conf.https import HSTS, https
from blogsite.conf.logs import logging_config
from blogsite.conf.mail import mail_from_url
from blogsite.conf.openapi import description
from blogsite.conf.queue import cluster

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
ENV_FILE = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
env.load(ENV_FILE)

VERSION = "0.1.0"

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY", least=1 if DEBUG else LEAST_KEY)
# Behind TLS by default; the `.env` that `manage.py up` writes on its first run sets HTTPS=false.
HTTPS = env.bool("HTTPS", not DEBUG)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "accounts",
    "blogs",
    "generation",
    "blogsite",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "corsheaders",
    "django_q",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "blogsite.middleware.prefix.drop_prefix",
    "accounts.request_ids.assign_request_ids",
    "blogsite.middleware.headers.harden",
    "blogsite.metrics.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "blogsite.middleware.trailing_slash.drop_trailing_slash",
    "blogsite.middleware.body_limit.limit_body",
    "blogsite.middleware.outages.Outages",
    "blogsite.middleware.admin_only.Sessions",
    "blogsite.middleware.known_hosts.KnownHosts",
    "django.middleware.csrf.CsrfViewMiddleware",
    "blogsite.middleware.admin_requests.AdminRequests",
    "blogsite.middleware.admin_only.Authentication",
    "blogsite.middleware.admin_only.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "blogsite.urls"
WSGI_APPLICATION = "blogsite.wsgi.application"
APPEND_SLASH = False  # the middleware accepts both forms; a redirect would drop a POST's body

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_from_url(env.str("DATABASE_URL", "sqlite:///./blogsite.sqlite3"), BASE_DIR)}
DATABASE_LOCK_TIMEOUT = env.positive("DATABASE_LOCK_TIMEOUT", 5.0)  # seconds; on PostgreSQL
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = WHITENOISE_STATIC_PREFIX = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "blogsite.static_files.PrefixedStorage"}}
WHITENOISE_USE_FINDERS = True

LOGGING = logging_config(env.choice("LOG_FORMAT", ("line", "json")))

# Accounts

AUTH_USER_MODEL = "accounts.User"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["accounts.backends.CountingBackend"]
PASSWORD_HASHERS = ["accounts.hashers.OwaspArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "accounts.passwords.NormalizedValidator", "OPTIONS": {"name": name}}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "accounts.passwords.MaximumLengthValidator"})

ALGORITHM = env.choice("ALGORITHM", ("HS256", "HS384", "HS512"))  # those that sign with a secret key
SIMPLE_JWT = {
    "ALGORITHM": ALGORITHM,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.positive("ACCESS_TOKEN_EXPIRE_MINUTES", 30, most=525_600)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "LEEWAY": timedelta(seconds=30),  # hosts' clocks differ
    "AUTH_TOKEN_CLASSES": ("accounts.tokens.IssuedAccessToken",),
    "USER_ID_CLAIM": "sub",
    "UPDATE_LAST_LOGIN": False,
}

# Who may register: anybody, those who were invited, anybody whom an administrator then approves, or nobody.
REGISTRATION = env.choice("REGISTRATION", ("open", "invite", "approval", "closed"))
# Whether a user must prove that the address is theirs before the first post.
VERIFY_EMAIL = env.bool("VERIFY_EMAIL", False)
PASSWORD_RESET_TIMEOUT = 3600  # seconds

# Mail; without EMAIL_URL it is printed by the worker.
vars().update(mail_from_url(env.str("EMAIL_URL", "consolemail://")))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "Blogsite <noreply@localhost>")
# Where people reach this service: the start of links in mail, and of all addresses if it has a path.
PUBLIC_URL, HAS_PUBLIC_URL = env.web_address("PUBLIC_URL", "http://127.0.0.1:8000"), bool(env.str("PUBLIC_URL", ""))
FORCE_SCRIPT_NAME = urlsplit(PUBLIC_URL).path or None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"

# Security

_hsts = env.choice("HSTS", HSTS)
if HTTPS:
    vars().update(https(_hsts, FORCE_SCRIPT_NAME or ""))
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "blogsite.api.problems.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_EXPOSE_HEADERS = ["ETag", "Location", "Link", "Retry-After", "Idempotency-Replayed", "X-Request-ID"]
CORS_ALLOW_HEADERS = [*default_headers, "if-match", "if-none-match", "idempotency-key", "x-request-id"]

METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # who may read /metrics from another machine; empty: nobody
# The HTTP API

BODY_MAX = 1024 * 1024  # bytes
TEXT_MAX = env.positive("TEXT_MAX", 200_000, most=BODY_MAX)  # characters that a person saves
REVISIONS_MAX = env.positive("REVISIONS_MAX", 50 * TEXT_MAX)  # bytes of all texts of a post
# Of a form in the admin, where a character may take twelve bytes: %F0%9F%8D%85.
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_MAX + 12 * TEXT_MAX
THROTTLES = {
    "register": env.rate("THROTTLE_REGISTER", "300/hour"),
    "login": env.rate("THROTTLE_LOGIN", "300/minute"),
    "mail": env.rate("THROTTLE_MAIL", "30/hour"),
    "create": env.rate("THROTTLE_CREATE", "3000/minute"),
    "edit": env.rate("THROTTLE_EDIT", "600/minute"),
    "export": env.rate("THROTTLE_EXPORT", "6/minute"),
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["blogsite.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["blogsite.api.parsers.OrjsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "blogsite.api.renderers.IgnoreAccept",
    "NUM_PROXIES": env.count("TRUSTED_PROXIES", 0),
    "DEFAULT_METADATA_CLASS": "blogsite.api.options.HeadersOnly",
    "DEFAULT_SCHEMA_CLASS": "blogsite.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "blogsite.api.problems.problem_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = description(VERSION)
# Whether a text is public by itself, or only once a person has released it.
PUBLISH = env.choice("PUBLISH", ("at_once", "on_review"))

# The model that writes: OpenAI with a key, any compatible server with a base URL, else the embedded model.

_offered = [name.strip() for name in env.list("MODELS", default=[]) if name.strip()]
# Blanks and line ends around them come from copying.
OPENAI_API_KEY = env.str("OPENAI_API_KEY", "").strip()
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", "").strip().removesuffix("/chat/completions")
OPENAI_MODEL = env.str("OPENAI_MODEL", _offered[0] if _offered else "gpt-4o-mini").strip()
OPENAI_REASONING_EFFORT = env.str("OPENAI_REASONING_EFFORT", "").strip()
# Those that requests may choose from, with the default first: it is what a request without a choice gets.
MODELS = list(dict.fromkeys([OPENAI_MODEL, *_offered]))
# Who writes while that provider is paused or down: a compatible server, or with a key alone OpenAI.
FALLBACK_BASE_URL = env.str("FALLBACK_BASE_URL", "").strip()
FALLBACK_API_KEY = env.str("FALLBACK_API_KEY", "").strip()
FALLBACK_MODEL = env.str("FALLBACK_MODEL", OPENAI_MODEL).strip()
LOCAL_MODEL_URL = env.str("LOCAL_MODEL_URL", "http://127.0.0.1:8089/v1")
LOCAL_MODEL_THREADS = env.positive("LOCAL_MODEL_THREADS", max(1, (os.cpu_count() or 1) // 2))
# US dollars for a million tokens, by model: fresh input, cached input, output, and perhaps input written to the cache.
# These come first, then what `manage.py prices` stored, then those that this version brings.
MODEL_PRICES = env.prices("MODEL_PRICES")
MODEL_PRICES_DATE = "2026-11-01"
BUILT_IN_PRICES = {"gpt-4o-mini": (0.15, 0.075, 0.60), "gpt-4o": (2.50, 1.25, 10.00)}

# The engine; times in seconds. `generation/checks.py` rejects settings that would lose or repeat work.

EMBEDDED = not (OPENAI_API_KEY or OPENAI_BASE_URL)
GENERATION_WORKERS = env.positive("GENERATION_WORKERS", 1 if EMBEDDED else 2)
# Posts that one worker writes at once. The embedded model has four slots, and one post keeps them all busy.
GENERATION_CONCURRENCY = env.positive("GENERATION_CONCURRENCY", 1 if EMBEDDED else 10)
GENERATION_ATTEMPTS = env.positive("GENERATION_ATTEMPTS", 6)
GENERATION_LEASE = env.positive("GENERATION_LEASE", 20.0)
GENERATION_RENEW_EVERY = env.positive("GENERATION_RENEW_EVERY", 5.0)
GENERATION_CALL_DEADLINE = env.positive("GENERATION_CALL_DEADLINE", 120.0)
GENERATION_DEADLINE = env.positive("GENERATION_DEADLINE", 600.0)
GENERATION_WINDOW = env.positive("GENERATION_WINDOW", 900.0)
GENERATION_GRACE = env.positive("GENERATION_GRACE", 4.0)
# Tokens, in and out, that one post may use in all its attempts; a call that could exceed it is not made.
GENERATION_TOKENS_MAX = env.positive("GENERATION_TOKENS_MAX", 100_000)
# A second look at each draft of a large model, by the model itself, for what no check in code can see.
GENERATION_VERIFY = env.choice("GENERATION_VERIFY", ("on", "off")) == "on"
# Generations that may be unfinished, of all and of one user: further requests get 503 and 429.
GENERATION_QUEUE_LIMIT = env.positive("GENERATION_QUEUE_LIMIT", 50_000)
QUEUE_USER_LIMIT = env.positive("QUEUE_USER_LIMIT", max(1, GENERATION_QUEUE_LIMIT // 10))
BUDGETS, POSTS_USER_DAY = budgets(env)

Q_CLUSTER = cluster(GENERATION_WORKERS, GENERATION_WINDOW + GENERATION_DEADLINE + GENERATION_GRACE)
UNKNOWN_VARIABLES = env.unknown()  # last: whatever nothing above has read
