"""The column for addresses."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models

from accounts.addresses import canonical_address


class MailboxValidator(EmailValidator):
    """Rejects an address that has no canonical form, too."""

    def __call__(self, value: str | None) -> None:
        super().__call__(value)
        try:
            canonical_address(str(value))
        except ValueError as error:
            raise ValidationError(self.message, code=self.code) from error


class MailboxField(models.EmailField):  # type: ignore[type-arg]
    """An address that is stored, compared and looked up in its canonical form.

    An address that has none, as older ones may, is compared in lower case.
    """

    default_validators = [MailboxValidator()]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if isinstance(value, str):
            with suppress(ValueError):  # the validators say what is wrong
                return canonical_address(value)
            return value.lower()
        return value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
