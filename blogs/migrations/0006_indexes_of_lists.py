"""Indexes of lists: of what is public, of what waits for review, and on SQLite of titles."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q


class AddIndexOnSQLite(migrations.AddIndex):
    """PostgreSQL goes without: it keeps long texts out of its rows, and its indexes take no title of 3 KB."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, *states)


class Migration(migrations.Migration):
    dependencies = [("blogs", "0005_released_as_it_is")]

    operations = [
        migrations.AddIndex(
            model_name="blogpost",
            index=models.Index(fields=["id"], condition=Q(released_at__isnull=False), name="post_public"),
        ),
        migrations.AddIndex(
            model_name="blogpost",
            index=models.Index(
                fields=["id"],
                condition=Q(publish_at=None, revision__gt=0)
                & ~Q(released_revision=F("revision"), released_revision__isnull=False),
                name="post_waits",
            ),
        ),
        AddIndexOnSQLite(
            model_name="blogpost",
            index=models.Index(fields=["id", "released_at", "folded_title"], name="post_titles"),
        ),
    ]
