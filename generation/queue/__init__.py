"""The rows of the work: fetched, leased, ended, billed. No asyncio and no writer here."""
