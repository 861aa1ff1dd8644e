"""From a brief to a draft; needs a model, and no database."""
