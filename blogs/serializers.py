"""Posts as clients send and see them."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from blogs.models import BRIEF_MAX_LENGTH, TITLE_MAX_LENGTH, BlogPost, Status


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    retryable = serializers.BooleanField(help_text="Asking again may well succeed.")
    attempts = serializers.IntegerField()


class PostSerializer(serializers.ModelSerializer[BlogPost]):
    """What everybody may read."""

    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    failure = FailureSerializer(read_only=True, allow_null=True)

    class Meta:
        model = BlogPost
        fields: tuple[str, ...] = (
            "id", "title", "content", "owner_id", "status", "failure", "revision", "created_at", "updated_at"
        )  # fmt: skip
        read_only_fields = fields


class OwnPostSerializer(PostSerializer):
    """What the owner and staff get back: the brief too."""

    class Meta(PostSerializer.Meta):
        fields = (*PostSerializer.Meta.fields, "brief")
        read_only_fields = fields


class BriefSerializer(serializers.Serializer[Any]):
    """A title and notes to write a post from."""

    title = serializers.CharField(max_length=TITLE_MAX_LENGTH)
    content = serializers.CharField(
        max_length=BRIEF_MAX_LENGTH,
        required=False,
        default="",
        allow_blank=True,
        trim_whitespace=False,
        help_text="The brief: notes for the writer. Answers show it as `brief`.",
    )


class RewriteSerializer(serializers.Serializer[Any]):
    """A new brief, or with `regenerate: false` a new text."""

    title = serializers.CharField(max_length=TITLE_MAX_LENGTH)
    content = serializers.CharField(
        max_length=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        required=False,
        default="",
        allow_blank=True,
        trim_whitespace=False,
        help_text=f"The brief (at most {BRIEF_MAX_LENGTH} characters), or with `regenerate: false` the text itself.",
    )
    regenerate = serializers.BooleanField(default=True, help_text="false: `content` becomes the text, word for word.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["regenerate"] and len(attrs["content"]) > BRIEF_MAX_LENGTH:
            message = f"Ensure this field has no more than {BRIEF_MAX_LENGTH} characters."
            raise serializers.ValidationError({"content": [message]})
        return attrs


class PostAnswerSerializer(serializers.Serializer[Any]):
    blog = PostSerializer()


@extend_schema_serializer(many=False)
class PostListSerializer(serializers.Serializer[Any]):
    blogs = PostSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Where the next page is; null on the last one.")


class WriteAnswerSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    blog = OwnPostSerializer()
