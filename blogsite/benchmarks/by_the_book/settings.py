"""The product's settings with the stock cluster and one task a post; for trials only."""

from blogsite.settings import *  # noqa: F403
from blogsite.settings import INSTALLED_APPS as OURS
from blogsite.settings import LOGGING, env

# The first app that has a command provides it: here Django-Q2's own `qcluster`.
INSTALLED_APPS = ["django_q", *(app for app in OURS if app != "django_q"), "blogsite.benchmarks.by_the_book"]

# Django-Q2's documented example for the ORM broker, with numbers that a trial can set.
Q_CLUSTER = {
    "name": "DjangORM",
    "workers": env.positive("BY_THE_BOOK_WORKERS", 4),
    "timeout": env.positive("BY_THE_BOOK_TIMEOUT", 90),
    "retry": env.positive("BY_THE_BOOK_RETRY", 120),
    "queue_limit": 50,
    "bulk": 10,
    "orm": "default",
}
# These checks reject what is on trial here.
SILENCED_SYSTEM_CHECKS = ["generation.E002", "generation.E003"]

LOGGING["loggers"]["django-q"]["level"] = "INFO"
