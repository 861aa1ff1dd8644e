"""Posts, their revisions, and stored answers."""

from blogs.models.deleted_text import DeletedText
from blogs.models.disclosure import Disclosure
from blogs.models.kept_texts import RevisionNeeded, RevisionsFull
from blogs.models.limits import BRIEF_MAX_LENGTH, ID_MAX, MODEL_MAX_LENGTH, TITLE_MAX_LENGTH
from blogs.models.post import BlogPost
from blogs.models.post_queryset import BlogPostQuerySet, has_persons_text, is_of_deactivated_owner, waits_for_review
from blogs.models.release import NothingToPublish, NotPublished, Release
from blogs.models.revision import Revision
from blogs.models.status import FIRST_PROGRESS, RUNNING, STAGES, Failure, Progress, Status
from blogs.models.stored_answer import StoredAnswer

__all__ = [
    "BRIEF_MAX_LENGTH",
    "FIRST_PROGRESS",
    "ID_MAX",
    "MODEL_MAX_LENGTH",
    "RUNNING",
    "STAGES",
    "TITLE_MAX_LENGTH",
    "BlogPost",
    "BlogPostQuerySet",
    "DeletedText",
    "Disclosure",
    "Failure",
    "NotPublished",
    "NothingToPublish",
    "Progress",
    "Release",
    "Revision",
    "RevisionNeeded",
    "RevisionsFull",
    "Status",
    "StoredAnswer",
    "has_persons_text",
    "is_of_deactivated_owner",
    "waits_for_review",
]
