"""Generations as rows: requested, fetched, leased, ended, billed. No asyncio and no writer here."""
