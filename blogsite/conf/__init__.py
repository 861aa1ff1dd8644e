"""Parts of the settings: environment variables, databases, the API schema."""
