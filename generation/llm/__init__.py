"""Talking to a language model: requests, answers, providers, and the embedded model's server."""
