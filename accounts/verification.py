"""Addresses that their owners verify, and accounts that hold one until its owner wants it.

A link alone verifies nothing: whoever registered another's address could wait for the owner to follow it. It takes the
account's password too, which only the one who registered knows.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.counts import key_of
from accounts.links import VERIFICATION_AGE, verification_in
from accounts.models import OutgoingMail, RequestCount, User
from accounts.refusals import Refusal

RESEND_AFTER = timedelta(minutes=10)  # between two mails to one address, whoever registers it


class AddressNotVerified(Refusal):
    problem = "address-not-verified"
    detail = (
        "Your e-mail address is not verified. Follow the link in the mail that was sent to it, or request another one "
        "at /api/v1/verify/resend. Until then you cannot request posts."
    )


class VerificationNotValid(Refusal):
    problem = "verification-not-valid"
    detail = "This link is not for your account, or has expired. Request another one at /api/v1/verify/resend."


class AlreadySent(Refusal):
    status = 429
    problem = "verification-already-sent"
    detail = "A mail was sent to this address a moment ago. Look for it, also among unwanted mail, or try again later."


def settle_address(user: User) -> None:
    """Save a new user, in place of an account that holds the address unverified; write to it if it must be verified.

    Call it in a transaction.

    Raises:
        IntegrityError: another account has the address.
    """
    release(user.email)
    if needs_verification(user):
        user.verification_sent_at = next_mail(user.email)
    user.save()
    if user.verification_sent_at:
        post_link(user, user.verification_sent_at)


def release(email: str) -> None:
    """Delete the account that holds an address unverified, if there is one.

    With it go its tokens, its links, and a mail that was not sent yet.
    """
    if not settings.VERIFY_EMAIL:
        return
    holder = User.objects.get_queryset().filter(email=email).unverified().select_for_update().first()
    if not holder:
        return
    now = timezone.now()
    was_sent = not OutgoingMail.objects.filter(
        user=holder, kind=OutgoingMail.Kind.VERIFICATION, not_before__lte=now
    ).exists()
    User.objects.get_queryset().filter(pk=holder.pk).unverified().delete()  # locked; it may have got posts before
    if not was_sent:  # a mail that nobody got keeps nobody waiting
        RequestCount.objects.filter(key=key_of("verification", email)).update(ends_at=now)


def next_mail(email: str) -> datetime:
    """Return when the next mail to an address is due, and note it: nobody can be flooded, whoever registers it.

    Call it in a transaction. The note outlives the account, which may end and come back.
    """
    now = timezone.now()
    notes = RequestCount.objects.select_for_update()
    note, _ = notes.get_or_create(key=key_of("verification", email), defaults={"ends_at": now})
    if (last := note.ends_at - RESEND_AFTER) > now:  # it ended with its account; this one takes its place
        return last
    moment = max(now, note.ends_at)
    note.ends_at = moment + RESEND_AFTER
    note.save()
    return moment


def post_link(user: User, moment: datetime) -> None:
    OutgoingMail.objects.create(kind=OutgoingMail.Kind.VERIFICATION, to=user.email, user=user, not_before=moment)


def needs_verification(user: User) -> bool:
    return settings.VERIFY_EMAIL and user.verified_at is None


def verify(user: User, token: str) -> None:
    """Note that the address belongs to a user who has just shown to know the account's password, or is logged in.

    Raises:
        VerificationNotValid: the token is not for this user and address, or has expired.
    """
    if verification_in(token) != (user.pk, user.email):
        raise VerificationNotValid
    # The row's own password: whoever shows one that was changed since shows nothing.
    same = User.objects.filter(pk=user.pk, email=user.email, password=user.password, is_active=True)
    same.filter(verified_at=None).update(verified_at=timezone.now())
    if not same.exists():
        raise VerificationNotValid


def resend_verification(user: User) -> None:
    """Post another mail with a link, if the last one is some time ago.

    Raises:
        AlreadySent: it is not.
    """
    with transaction.atomic():
        # The user's row before the note, as when somebody else registers the address.
        if not User.objects.filter(pk=user.pk, verified_at=None).update(verification_sent_at=timezone.now()):
            return  # it was verified, or replaced, meanwhile
        moment = next_mail(user.email)
        if (wait := (moment - timezone.now()).total_seconds()) > 0:
            raise AlreadySent(wait=wait)
        post_link(user, moment)


def purge_unverified(most: int) -> int:
    """Delete accounts that own nothing and whose address nobody verified by the last link; return how many.

    Args:
        most: how many at once.
    """
    if not settings.VERIFY_EMAIL:
        return 0
    unverified = User.objects.get_queryset().unverified()
    with transaction.atomic():
        stale = unverified.filter(verification_sent_at__lt=timezone.now() - VERIFICATION_AGE).order_by("pk")
        keys = list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        return unverified.filter(pk__in=keys).delete()[1].get(User._meta.label, 0)
