"""Who may register, and who may request posts."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.addresses import canonical_address
from accounts.links import invitation_in
from accounts.mail.outbox import post_mail
from accounts.models import Invitation, OutgoingMail, User
from accounts.models.invitation import InvitationState
from accounts.refusals import Refusal
from accounts.verification import AddressNotVerified, needs_verification, settle_address

TAKEN = "This address is taken. Log in, or register another one."
CLOSED_TO_INVITED = "Registration is closed, also to those who are invited: set REGISTRATION=invite first."
HAS_ACCOUNT = "This address has an account already."
FORGED = "This invitation is not valid. Ask for another one."
EXPIRED = "This invitation has expired. Ask for another one."
USED = "This invitation was used already. Log in, or ask for another one."
FOR_ANOTHER = "This invitation is for another address. Register with the address that it was made for."


class AddressTaken(Refusal):
    status = 409
    problem = "address-taken"
    detail = TAKEN


class RegistrationClosed(Refusal):
    problem = "registration-closed"
    detail = "Registration is closed. An administrator can create an account for you."


class InvitationRequired(Refusal):
    problem = "invitation-required"
    detail = "Registration needs an invitation. Ask an administrator for one, and send it as `invitation`."


class InvitationNotValid(Refusal):
    problem = "invitation-not-valid"
    detail = FORGED


class AwaitingApproval(Refusal):
    problem = "awaiting-approval"
    detail = "An administrator has not approved your account yet. Until then you cannot request posts."


MAY_NOT_REQUEST = f"{AddressNotVerified.detail} {AwaitingApproval.detail}"


def require_may_request(user: User) -> None:
    """Make sure that a user may request posts.

    Raises:
        AddressNotVerified, AwaitingApproval.
    """
    if needs_verification(user):
        raise AddressNotVerified
    if not user.is_approved:
        raise AwaitingApproval


def require_open_registration() -> None:
    """Make sure that anybody may register, if only with an invitation.

    Raises:
        RegistrationClosed.
    """
    if settings.REGISTRATION == "closed":
        raise RegistrationClosed


def find_invitation(token: str) -> tuple[Invitation, bool]:
    """Return the pending invitation of a token, and whether that proves whose the mailbox is: it came by mail.

    Raises:
        RegistrationClosed.
        InvitationNotValid: it is forged, revoked, used or expired; only the last two are said.
    """
    require_open_registration()
    identity = invitation_in(token)
    invitation = Invitation.objects.filter(pk=identity[0]).first() if identity else None
    if identity is None or invitation is None:
        raise InvitationNotValid
    if invitation.state != InvitationState.PENDING:
        raise InvitationNotValid(USED if invitation.state == InvitationState.USED else EXPIRED)
    return invitation, identity[1]


def check_invitation(token: str, email: str) -> tuple[Invitation | None, bool]:
    """Return the invitation to register an address, and whether it proves that; None if there is and needs to be none.

    Raises:
        RegistrationClosed, InvitationRequired.
        InvitationNotValid: as for `find_invitation`, or it is for another address.
    """
    if not token:
        require_open_registration()
        if settings.REGISTRATION == "invite":
            raise InvitationRequired
        return None, False
    invitation, by_mail = find_invitation(token)
    if invitation.email != canonical_address(email):
        raise InvitationNotValid(FOR_ANOTHER)
    return invitation, by_mail


def why_not_invite(email: str) -> str:
    """Return why an invitation of an address would be of no use; "" if it would."""
    if settings.REGISTRATION == "closed":
        return CLOSED_TO_INVITED
    return HAS_ACCOUNT if is_taken(email) else ""


def is_taken(email: str) -> bool:
    """Return whether an account has this address for good."""
    holder = User.objects.get_queryset().filter(email=email)
    return holder.exists() and not (settings.VERIFY_EMAIL and holder.unverified().exists())


def register(email: str, password: str, token: str = "") -> User:
    """Create an account; one that holds the address unverified ends, with all its tokens and links.

    Args:
        token: of an invitation.

    Raises:
        AddressTaken.
        RegistrationClosed, InvitationRequired, InvitationNotValid.
    """
    invitation, by_mail = check_invitation(token, email)
    user = User(email=email, is_self_registered=invitation is None)
    user.is_approved = invitation is not None or settings.REGISTRATION != "approval"
    user.verified_at = timezone.now() if by_mail else None
    user.set_password(password)  # before the transaction: on SQLite it keeps everybody else from writing
    try:
        with transaction.atomic():
            if invitation and not invitation.use():
                raise InvitationNotValid(USED)
            settle_address(user)
            if invitation:
                Invitation.objects.filter(pk=invitation.pk).update(used_by=user)
    except IntegrityError as error:
        raise AddressTaken from error
    return user


def approve(users: QuerySet[User]) -> int:
    """Let users request posts, and write to those who waited for it; return how many these were."""
    with transaction.atomic():
        waiting = list(users.filter(is_approved=False).order_by("pk").select_for_update(no_key=True))
        User.objects.filter(pk__in=[user.pk for user in waiting]).update(is_approved=True)
        for user in waiting:
            post_mail(OutgoingMail.Kind.APPROVED, user.email, user)
    return len(waiting)
