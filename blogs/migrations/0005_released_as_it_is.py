"""Every text that is public stays so: the live one is released. Machines' texts were published unread, as far as is known."""

from typing import Any

from django.db import migrations
from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from blogs.models.folding import fold

PIECE = 1000  # posts


def release(apps: Any, schema_editor: Any) -> None:
    posts, revisions = (apps.get_model("blogs", name).objects for name in ("BlogPost", "Revision"))
    # What a person kept of a machine's earlier text is not known, and counts as the machine's.
    earlier = revisions.filter(post=OuterRef("post"), number__lt=OuterRef("number"), source="ai")
    revisions.exclude(source="ai").exclude(Exists(earlier)).update(has_machine_text=False)
    live = revisions.filter(post=OuterRef("pk"), number=OuterRef("revision"))
    typed = Exists(live.filter(has_machine_text=False))
    posts.filter(revision__gt=0).update(
        released_revision=F("revision"),
        released_at=Coalesce(Subquery(live.values("created_at")[:1]), F("updated_at")),
        ai_disclosure=Case(When(typed, then=Value("human-only")), default=Value("ai-autonomous")),
    )
    last = 0
    while piece := list(posts.filter(pk__gt=last).order_by("pk").values_list("title", "pk")[:PIECE]):
        last = piece[-1][1]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE blogs_blogpost SET folded_title = %s WHERE id = %s", [(fold(title), pk) for title, pk in piece]
            )


class Migration(migrations.Migration):
    dependencies = [("blogs", "0004_release")]

    operations = [migrations.RunPython(release, migrations.RunPython.noop)]
