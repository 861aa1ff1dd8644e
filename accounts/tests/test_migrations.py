"""Migrations on a database that has rows of earlier versions."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db(transaction=True)

BLACKLIST = [
    "CREATE TABLE token_blacklist_outstandingtoken (id bigint PRIMARY KEY, token text NOT NULL, "
    "user_id bigint REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE token_blacklist_blacklistedtoken (id bigint PRIMARY KEY, "
    "token_id bigint UNIQUE REFERENCES token_blacklist_outstandingtoken (id) DEFERRABLE INITIALLY DEFERRED)",
]


def migrate() -> None:
    """Apply the migration that removes the lists of tokens, as if it had not been applied."""
    recorder = MigrationRecorder(connection)
    applied = sorted(recorder.migration_qs.filter(app="accounts").values_list("name", flat=True))
    place = next(place for place, name in enumerate(applied) if name.endswith("no_token_blacklist"))
    for name in applied[place:]:
        recorder.record_unapplied("accounts", name)
    call_command("migrate", "accounts", applied[place], verbosity=0)
    for name in applied[place + 1 :]:  # of these only the record was taken away
        recorder.record_applied("accounts", name)


def test_the_lists_of_tokens_go_with_all_that_is_known_of_them():
    user = writer.make()
    with connection.cursor() as cursor:
        for statement in BLACKLIST:
            cursor.execute(statement)
        cursor.execute("INSERT INTO token_blacklist_outstandingtoken VALUES (1, 'a.live.token', %s)", [user.pk])
        cursor.execute("INSERT INTO token_blacklist_blacklistedtoken VALUES (1, 1)")
    ContentType.objects.create(app_label="token_blacklist", model="outstandingtoken")
    recorder = MigrationRecorder(connection)
    recorder.record_applied("token_blacklist", "0001_initial")

    migrate()

    assert not [name for name in connection.introspection.table_names() if name.startswith("token_blacklist")]
    assert not ContentType.objects.filter(app_label="token_blacklist").exists()
    assert not recorder.migration_qs.filter(app="token_blacklist").exists()
    user.delete()


def test_a_database_without_these_lists_is_migrated_too():
    migrate()
