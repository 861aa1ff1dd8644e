from functools import cache

from django.contrib.auth.hashers import make_password
from model_bakery.recipe import Recipe
from model_bakery.utils import seq

from accounts.hashers import OwaspArgon2PasswordHasher
from accounts.models import User

PASSWORD = "a-good-Pass-phrase-17"


@cache
def password_hash() -> str:
    """Return a real hash of PASSWORD, made once: it is slow on purpose. A test may have another hasher set."""
    return make_password(PASSWORD, hasher=OwaspArgon2PasswordHasher())


writer = Recipe(
    User,
    email=seq("writer", suffix="@example.com"),
    password=password_hash,
    is_active=True,
    is_staff=False,
    is_superuser=False,
)
editor = writer.extend(email=seq("editor", suffix="@example.com"), is_staff=True, is_superuser=True)
