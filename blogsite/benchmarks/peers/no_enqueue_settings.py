"""The product's settings; a post is created as ever, but nobody is asked to write it."""

from blogsite.settings import *  # noqa: F403

ROOT_URLCONF = "blogsite.benchmarks.peers.no_enqueue_urls"
