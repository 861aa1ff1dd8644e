"""Mail that waits to be sent."""

from typing import Any

from accounts.models import OutgoingMail, User


def post_mail(kind: OutgoingMail.Kind, to: str, user: User | None = None, **data: Any) -> None:
    """Have a mail sent by the worker, if the transaction that it is written in commits.

    Args:
        kind: which template.
        to: the address.
        user: the account that it is about, if there is one.
        data: what else the template needs, as JSON; no secret and no link, which are made when it is sent.
    """
    OutgoingMail.objects.create(kind=kind, to=to, user=user, data=data)
