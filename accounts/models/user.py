"""Users, who log in with an e-mail address and a password."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar, cast

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.mailbox_field import MailboxField
from accounts.passwords import normalized
from accounts.signals import KEPT, Belongings, before_users_deleted, belongings_asked, user_deactivated


class UserQuerySet(models.QuerySet["User"]):
    def delete(self, belongings: Belongings = KEPT) -> tuple[int, dict[str, int]]:
        """Delete users, in one transaction that begins with `before_users_deleted`; what they own is kept by default.

        Of users who may own much `accounts.leaving` deletes that in pieces.
        """
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            before_users_deleted.send(sender=User, users=User.objects.filter(pk__in=keys), belongings=belongings)
            # A user who matches only since then is not locked, and stays.
            return super(UserQuerySet, self.filter(pk__in=keys)).delete()

    def owning_nothing(self) -> "UserQuerySet":
        """Leave out who owns something in another app."""
        users, answers = self, cast(Any, belongings_asked.send(sender=User))
        for _, things in answers:
            users = users.exclude(models.Exists(things.filter(owner=models.OuterRef("pk"))))
        return users

    def unverified(self) -> "UserQuerySet":
        """Return accounts that hold their address only until its owner wants it, or nobody has shown that it is theirs.

        They registered while verification was asked for, own nothing, and nobody gave them rights or took them away.
        """
        started = self.filter(verified_at=None, verification_sent_at__isnull=False)
        plain = started.filter(is_staff=False, is_superuser=False, is_active=True)
        return plain.exclude(groups__isnull=False).exclude(user_permissions__isnull=False).owning_nothing()


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, verified_at=timezone.now(), **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = MailboxField("e-mail address", unique=True, error_messages={"unique": "This address is taken."})
    is_staff = models.BooleanField(
        "staff",
        default=False,
        help_text="May log in to the admin. What they may do there and in the API, groups and permissions say.",
    )
    is_active = models.BooleanField("active", default=True, help_text="Untick instead of deleting an account.")
    is_approved = models.BooleanField(
        "approved", default=True, help_text="May request posts. With REGISTRATION=approval, an administrator decides."
    )
    is_self_registered = models.BooleanField("registered without an invitation", default=False, editable=False)
    # What they may have written, where that is not what the settings grant; `generation/budgets/` asks.
    budget_day = models.DecimalField(
        "budget a day", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text="US dollars. Empty for BUDGET_USER_DAY of the settings.",
    )  # fmt: skip
    budget_month = models.DecimalField(
        "budget a month", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text="US dollars. Empty for BUDGET_USER_MONTH of the settings.",
    )  # fmt: skip
    posts_day = models.PositiveIntegerField(
        "posts a day", null=True, blank=True, help_text="Requests. Empty for POSTS_USER_DAY of the settings."
    )
    verified_at = models.DateTimeField("address verified", null=True, blank=True, editable=False)
    # When the last mail with a link for that was due.
    verification_sent_at = models.DateTimeField(null=True, editable=False)
    # What all of a user's tokens and sessions carry, by `login_stamp`: another number ends them.
    login_epoch = models.PositiveIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return str(self.email)

    def set_password(self, raw_password: str | None) -> None:
        """Hash a password in its normal form.

        For an unknown address ModelBackend hashes by this, on a new user: that costs as much as `check_password`.
        """
        if raw_password is not None and self._state.adding and normalized(raw_password) != raw_password:
            make_password(raw_password)
        super().set_password(None if raw_password is None else normalized(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Compare a password in its normal form, and as it was typed: older hashes are of that.

        A password in another than its normal form costs two hashes, whatever comes of it.
        """
        if raw_password is None or normalized(raw_password) == raw_password:
            return super().check_password(raw_password)
        is_right = super().check_password(normalized(raw_password))
        if check_password(raw_password, self.password) and not is_right:
            same = User.objects.filter(pk=self.pk, password=self.password)  # unless it has just been changed
            self.set_password(raw_password)
            same.update(password=self.password)
            return True
        return is_right

    def login_stamp(self) -> str:
        """Return what a token must carry to be accepted; it changes with the password and with `log_out_everywhere`."""
        return salted_hmac("accounts.login_stamp", f"{self.password}{self.login_epoch}").hexdigest()[:32]

    def get_session_auth_hash(self) -> str:
        """Bind the sessions of the admin to the same."""
        return self.login_stamp()

    def log_out_everywhere(self) -> None:
        """End all tokens and sessions of this user."""
        User.objects.filter(pk=self.pk).update(login_epoch=models.F("login_epoch") + 1)
        self.refresh_from_db(fields=["login_epoch"])
        self.login_sessions.all().delete()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save; a user who was active and no longer is loses all tokens and sessions."""
        names = None if update_fields is None else [*update_fields]
        if self.is_active or self._state.adding or "is_active" not in (["is_active"] if names is None else names):
            super().save(*args, update_fields=names, **kwargs)
            return
        with transaction.atomic():
            was = User.objects.filter(pk=self.pk, is_active=True).select_for_update(no_key=True).exists()
            super().save(*args, update_fields=names, **kwargs)
            if was:
                self.log_out_everywhere()
                transaction.on_commit(partial(user_deactivated.send, sender=User, user=self), robust=True)

    def delete(self, *args: Any, belongings: Belongings = KEPT, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            before_users_deleted.send(sender=User, users=User.objects.filter(pk=self.pk), belongings=belongings)
            return super().delete(*args, **kwargs)
