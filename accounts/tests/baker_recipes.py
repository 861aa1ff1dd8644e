from django.contrib.auth.hashers import make_password
from model_bakery.recipe import Recipe
from model_bakery.utils import seq

from accounts.models import User

PASSWORD = "a-good-Pass-phrase-17"

writer = Recipe(
    User,
    email=seq("writer", suffix="@example.com"),
    password=lambda: make_password(PASSWORD),
    is_active=True,
    is_staff=False,
    is_superuser=False,
)
editor = writer.extend(email=seq("editor", suffix="@example.com"), is_staff=True, is_superuser=True)
