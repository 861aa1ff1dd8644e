"""A new address for an account: asked for with the password, confirmed by a link that only its mailbox gets."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.links import LinkNotValid
from accounts.mail.outbox import post_mail, post_or_refuse
from accounts.models import OutgoingMail, User
from accounts.registration import AddressTaken
from accounts.verification import release

Kind = OutgoingMail.Kind
CONFIRM_IT = "A mail with a link is on its way to the new address. Nothing changes until it is followed."
TAKEN_MEANWHILE = "Another account has this address by now. Nothing was changed."


def ask_for_new_address(user: User, address: str) -> None:
    """Send a link to the new address, and a notice to the present one; nothing changes yet.

    Raises:
        TooManyMails: one of the two would not be sent.
    """
    with transaction.atomic():
        # The stamp is what the link is signed with: one that is sent late must not outlive a new password.
        post_or_refuse(Kind.ADDRESS_CONFIRMATION, address, user, old=user.email, stamp=user.login_stamp())
        post_or_refuse(Kind.ADDRESS_NOTICE, user.email, user, new=address)


def set_new_address(user: User, address: str) -> None:
    """Change the address of the user of a link. Sessions stay: whoever asked has just given the password.

    Raises:
        LinkNotValid: something has changed since the link was read.
        AddressTaken: another account has it by now.
    """
    same = User.objects.filter(
        pk=user.pk, email=user.email, password=user.password, login_epoch=user.login_epoch, is_active=True
    )
    try:
        with transaction.atomic():
            release(address)
            if not same.update(email=address, verified_at=timezone.now()):
                raise LinkNotValid
            for to in sorted((user.email, address)):  # whose counts are locked in one order
                post_mail(Kind.ADDRESS_CHANGED, to, user, old=user.email, new=address)
    except IntegrityError as error:
        raise AddressTaken(TAKEN_MEANWHILE) from error
