"""The product's settings; a post is created as always, but no generation is requested."""

from blogsite.settings import *  # noqa: F403

ROOT_URLCONF = "blogsite.benchmarks.peers.no_enqueue_urls"
