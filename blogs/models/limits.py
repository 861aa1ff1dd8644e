"""The maximum of ids, and of the lengths of texts."""

ID_MAX = 2**63 - 1
TITLE_MAX_LENGTH = 255
BRIEF_MAX_LENGTH = 20_000
MODEL_MAX_LENGTH = 80
