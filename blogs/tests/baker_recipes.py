from django.utils import timezone
from model_bakery.recipe import Recipe, foreign_key
from model_bakery.utils import seq

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Disclosure, Status

finished_post = Recipe(
    BlogPost,
    owner=foreign_key(writer),
    title=seq("Post "),
    brief_title=seq("Post "),
    brief="salt; water",
    content="The text that readers see.",
    status=Status.COMPLETED,
    revision=1,
    released_revision=1,
    released_at=timezone.now,
    ai_disclosure=Disclosure.AI_AUTONOMOUS,
)
failed_post = finished_post.extend(
    status=Status.FAILED,
    failure={"code": "timeout", "message": "The model took too long.", "retryable": True, "attempts": 3},
)
waiting_post = finished_post.extend(
    content="", revision=0, status=Status.PENDING, released_revision=None, released_at=None, ai_disclosure=None
)
