"""The service's settings, with a hasher that counts in the file that HASHES names."""

import os

from accounts.hashers import OwaspArgon2PasswordHasher
from blogsite.settings import *  # noqa: F403

PASSWORD_HASHERS = ["blogsite.benchmarks.passwords.settings.CountingHasher"]


class CountingHasher(OwaspArgon2PasswordHasher):
    """Adds a byte to the file for each hash."""

    def encode(self, password: str, salt: str) -> str:
        count()
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        count()
        return super().verify(password, encoded)


def count() -> None:
    with open(os.environ["HASHES"], "ab", buffering=0) as file:  # noqa: PTH123 (it has no unbuffered form)
        file.write(b".")
