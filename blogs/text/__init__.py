"""Comparing and rendering texts; knows nothing of posts."""
