"""What makes a text a sane post: its measures, their limits, and which of them fail."""
