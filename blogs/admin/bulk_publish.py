"""Publishing many posts at once in the admin."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from blogs.admin.bulk import BulkPanel, Kind
from blogs.models import BlogPost, Revision, waits_for_review


def publish(post: BlogPost, user: User) -> None:
    post.publish(by=user)  # who selects many posts has not said which texts they read


PUBLISH = Kind(
    "publish",
    "Publish selected posts",
    "Publish these posts?",
    waits_for_review(),
    "None of the selected posts waits for review.",
    "Posts published",
    publish,
)


class BulkPublishPanel(BulkPanel):
    kinds = (PUBLISH,)
    template = "admin/blogs/blogpost/bulk_publish.html"

    def details(self, user: User, posts: QuerySet[BlogPost], kind: Kind) -> dict[str, Any]:
        newest = Revision.objects.filter(post=OuterRef("pk"), number=OuterRef("revision"), has_machine_text=True)
        return posts.aggregate(by_machines=Count("pk", filter=Exists(newest)))
