"""Users, who log in with an e-mail address and a password."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.utils import timezone

from accounts.signals import before_users_deleted


class LowercaseEmailField(models.EmailField):  # type: ignore[type-arg]
    """An address that is stored, compared and looked up in lower case."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class UserQuerySet(models.QuerySet["User"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete users with all that is theirs, in one transaction that begins with `before_users_deleted`."""
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            before_users_deleted.send(sender=User, users=User.objects.filter(pk__in=keys))
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
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = LowercaseEmailField("e-mail address", unique=True, error_messages={"unique": "This address is taken."})
    is_staff = models.BooleanField(
        "staff",
        default=False,
        help_text="May log in to the admin and edit every post; members of Writers but not Editors, only their own.",
    )
    is_active = models.BooleanField("active", default=True, help_text="Untick instead of deleting an account.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return str(self.email)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            before_users_deleted.send(sender=User, users=User.objects.filter(pk=self.pk))
            return super().delete(*args, **kwargs)
