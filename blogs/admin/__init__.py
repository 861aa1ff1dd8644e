"""Posts in the admin."""

from blogs.admin import post

__all__ = ["post"]
