"""Talking to a language model: requests, responses, providers, and the embedded model's server."""
