"""What all views of the API share: bodies in, answers and problems out, and their schema."""
