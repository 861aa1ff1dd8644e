"""Processes and ports; knows nothing of posts."""
