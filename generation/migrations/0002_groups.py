from django.db import migrations

OWN_POSTS = {
    ("blogs", "blogpost"): ("view", "add", "change", "delete"),
    ("blogs", "revision"): ("view",),
    ("generation", "generation"): ("view",),
}
# Editors name a post's owner and the rules that the whole site is written by.
ALL_POSTS = OWN_POSTS | {("accounts", "user"): ("view",), ("generation", "housestyle"): ("view", "add", "change")}
GROUPS = {"Writers": OWN_POSTS, "Editors": ALL_POSTS}


def make_groups(apps, schema_editor):
    """Make the groups, or add to those of these names. Django makes the permissions only after all migrations."""
    group_model = apps.get_model("auth", "Group")
    for name, rights in GROUPS.items():
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.add(
            *(permission(apps, *model, action) for model, actions in rights.items() for action in actions)
        )


def permission(apps, app_label, model, action):
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app_label, model=model)
    verbose_names = {"blogpost": "post", "housestyle": "house style"}
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind,
        codename=f"{action}_{model}",
        defaults={"name": f"Can {action} {verbose_names.get(model, model)}"},
    )
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0001_initial"),
        ("blogs", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
