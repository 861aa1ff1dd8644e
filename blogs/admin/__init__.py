"""Posts in the admin; other apps add to their pages through `blogs.admin.panels`."""

from blogs.admin import post

__all__ = ["post"]
