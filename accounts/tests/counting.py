"""What tests of passwords count: hashes, on a clock that they move."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.hashers import OwaspArgon2PasswordHasher


class CountingHasher(OwaspArgon2PasswordHasher):
    """Counts its hashes, and makes them cheap."""

    memory_cost = 8
    time_cost = 1
    count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        type(self).count += 1
        return super().verify(password, encoded)


class Clock:
    """Django's clock, which stands still until it is moved."""

    def __init__(self, monkeypatch: Any) -> None:
        self.now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
