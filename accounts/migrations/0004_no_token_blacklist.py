"""Simple JWT's lists of tokens go: they held live tokens in clear; `LoginSession` holds only ids."""

from typing import Any

from django.db import migrations
from django.db.migrations.recorder import MigrationRecorder

APP = "token_blacklist"


def forget_app(apps: Any, schema_editor: Any) -> None:
    """Delete what Django keeps about the app, so that the admin offers no permissions on tables that are gone."""
    alias = schema_editor.connection.alias
    apps.get_model("contenttypes", "ContentType").objects.using(alias).filter(app_label=APP).delete()
    MigrationRecorder(schema_editor.connection).migration_qs.filter(app=APP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_mailboxes"),
        ("admin", "0003_logentry_add_action_flag_choices"),  # its rows go with the content types
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(
            [
                "DROP TABLE IF EXISTS token_blacklist_blacklistedtoken",
                "DROP TABLE IF EXISTS token_blacklist_outstandingtoken",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(forget_app, migrations.RunPython.noop),
    ]
