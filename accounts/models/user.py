"""Users, who log in with an e-mail address and a password."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.mailbox_field import MailboxField
from accounts.signals import KEPT, Belongings, before_users_deleted, user_deactivated


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
    verified_at = models.DateTimeField("address verified", null=True, blank=True, editable=False)
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
