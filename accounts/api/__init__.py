"""Accounts over HTTP: registration, tokens, passwords, and the current user."""
