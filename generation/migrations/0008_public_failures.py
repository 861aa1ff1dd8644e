from django.db import migrations

SUMMARY = {
    "rate_limited": "The model's server takes no more requests for now.",
    "timeout": "The text was not finished in time.",
    "provider_unavailable": "The model's server could not be reached, or broke off.",
    "provider_rejected": "The model's server did not take the request.",
    "refused": "The model refused to write the post.",
    "truncated": "The model's text was cut at its length limit.",
    "empty_output": "The model wrote nothing.",
    "invalid_output": "The model's text did not pass the checks.",
    "unsupported_language": "The model does not write in this language.",
    "quota_exceeded": "What may be spent on the post is used up.",
    "cancelled": "The generation was cancelled.",
    "worker_lost": "The worker ended before the text was finished.",
}


def keep_the_rest_private(apps, schema_editor):
    """Posts are public: what a model's server said stays on the generations, which have it already."""
    posts = apps.get_model("blogs", "BlogPost").objects.using(schema_editor.connection.alias)
    for pk, version, failure in posts.filter(status="failed").values_list("pk", "version", "failure").iterator():
        told = failure | {"message": SUMMARY[failure["code"]]} if failure else None
        posts.filter(pk=pk).update(failure=told, version=version + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("blogs", "0005_owner_and_status"),
        ("generation", "0007_history_apart"),
    ]

    operations = [migrations.RunPython(keep_the_rest_private, migrations.RunPython.noop)]
