"""Response bodies of posts and revisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from blogs.api import examples
from blogs.api.model_choice import ChosenModelField
from blogs.models import BlogPost, Disclosure, Revision, Status
from blogs.options import CHOICES


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="One of the failure codes that generations have.")
    message = serializers.CharField()
    retryable = serializers.BooleanField(help_text="Whether a retry may succeed.")
    attempts = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer[Any]):
    stage = serializers.CharField(help_text="`wait`, `start`, then the writer's stages.")
    done = serializers.IntegerField(help_text="Completed steps of this stage.")
    total = serializers.IntegerField(help_text="Number of steps of this stage; 0 while unknown.")


class PostSerializer(serializers.ModelSerializer[BlogPost]):
    """The public part of a post, with the text that readers see."""

    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    failure = FailureSerializer(read_only=True, allow_null=True)
    progress = ProgressSerializer(
        read_only=True, allow_null=True, help_text="Progress of the unfinished generation; null if there is none."
    )
    revision = serializers.IntegerField(read_only=True, help_text="Number of this text's revision; 0 if there is none.")
    released_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Since when readers see a text, and this one; null if they see none."
    )
    ai_disclosure = serializers.ChoiceField(
        choices=Disclosure.choices,
        read_only=True,
        allow_null=True,
        help_text="Of the text that readers see; null if they see none.",
    )

    class Meta:
        model = BlogPost
        fields: tuple[str, ...] = (
            "id",
            "title",
            "content",
            "owner_id",
            "status",
            "failure",
            "progress",
            "revision",
            "created_at",
            "updated_at",
            "released_at",
            "ai_disclosure",
        )
        read_only_fields = fields


class ListedPostSerializer(PostSerializer):
    """A post in a list: `fields` may omit everything but the id."""

    # For the schema only; `fast_reads` answers.

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            field.read_only, field.required = name == "id", False
        return fields


class OwnPostSerializer(PostSerializer):
    """A post as those see it who may change it: its newest text, which readers may not see yet, brief and options."""

    brief_title = serializers.CharField(read_only=True, help_text="The title of the brief, until its text lands.")
    released_revision = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Number of the revision that readers see; null: none."
    )
    publish_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="When a scheduled revision becomes public; null: nothing is scheduled.",
    )
    model = ChosenModelField(help_text="Writes its next generation; null: the default.")

    class Meta(PostSerializer.Meta):
        fields = (
            *PostSerializer.Meta.fields,
            "released_revision",
            "publish_at",
            "brief_title",
            "brief",
            *CHOICES,
            "model",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.ONE])
class PostAnswerSerializer(serializers.Serializer[Any]):
    blog = PostSerializer()


@extend_schema_serializer(many=False, examples=[examples.MANY])
class PostListSerializer(serializers.Serializer[Any]):
    blogs = ListedPostSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the next page; null on the last one.")


@extend_schema_serializer(examples=[examples.WRITTEN])
class WriteAnswerSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    blog = OwnPostSerializer()


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    """A text that is or was live, and its source."""

    source = serializers.ChoiceField(choices=Revision.Source.choices, read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Revision
        fields: tuple[str, ...] = ("number", "source", "author_id", "title", "content", "created_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.REVISION])
class RevisionAnswerSerializer(serializers.Serializer[Any]):
    revision = RevisionSerializer()


@extend_schema_serializer(many=False, examples=[examples.REVISIONS])
class RevisionListSerializer(serializers.Serializer[Any]):
    revisions = RevisionSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the next page; null on the last one.")
