"""What all views of the API share: parsers, renderers, problems and the schema."""
