"""Django without any middleware; every URL returns the same bytes."""

from blogsite.settings import *  # noqa: F403

ROOT_URLCONF = "blogsite.benchmarks.peers.constant_urls"
MIDDLEWARE = []
