"""Sends the mail that is due."""


def send_due() -> int:
    """Send what is due; return how many mails were sent."""
    return 0
