"""The product's settings; a post is created as always, but nothing is reserved for it."""

from blogsite.settings import *  # noqa: F403

ROOT_URLCONF = "blogsite.benchmarks.peers.no_budgets_urls"
