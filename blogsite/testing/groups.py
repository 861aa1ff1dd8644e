"""Members of the groups that a migration creates."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.tests.baker_recipes import writer


def member_of(*names: str, **fields: Any) -> User:
    """Return a staff user in these groups, which are created if an earlier test emptied the whole database."""
    import_module("generation.migrations.0002_groups").make_groups(apps, None)
    user: User = writer.make(is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=names))
    return user
