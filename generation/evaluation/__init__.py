"""How good the writer is, as numbers: briefs, measures of the texts, targets, and an optional judge."""
