"""What a person finds in their mail."""

import re
from typing import Any

from django.core import mail

from accounts.mail.sender import send_due

LINK = re.compile(r"^http\S+/account/\S+$", re.MULTILINE)


def mails_to(address: str) -> list[Any]:
    """Send what waits, and return all mails to an address."""
    while send_due():
        pass
    return [message for message in mail.outbox if message.to == [address]]


def subjects_to(address: str) -> list[str]:
    return [str(message.subject) for message in mails_to(address)]


def path_in(message: Any) -> str:
    """Return the path of the link in a mail."""
    return "/" + str(LINK.findall(message.body)[-1]).split("/", 3)[3]


def link_to(address: str) -> str:
    """Return the path of the link in the last mail to an address."""
    return path_in(mails_to(address)[-1])


def token_to(address: str) -> str:
    """Return the token that this link ends with."""
    return link_to(address).rpartition("/")[2]
