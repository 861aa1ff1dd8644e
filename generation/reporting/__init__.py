"""Numbers about the work, for people who run it."""
