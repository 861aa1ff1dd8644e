"""How good the writer is, as numbers: own briefs, measured texts, targets, and a judge on request."""
