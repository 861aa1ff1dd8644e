"""Limits of ids and texts."""

ID_MAX = 2**63 - 1
TITLE_MAX_LENGTH = 255
BRIEF_MAX_LENGTH = 20_000
