"""Middleware: what every request passes before its view."""
