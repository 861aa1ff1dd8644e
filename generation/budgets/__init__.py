"""Budgets: what may be spent, reserved before it is spent, and settled when a generation ends."""
