"""Request and response bodies of posts and revisions."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.fields import StrictBooleanField, StrictCharField
from blogs.api import examples
from blogs.api.model_choice import ChosenModelField, ModelField
from blogs.models import BRIEF_MAX_LENGTH, TITLE_MAX_LENGTH, BlogPost, Revision, Status
from blogs.models.visible import INVISIBLE_BRIEF, NO_VISIBLE_TITLE, has_visible, is_invisible_brief
from blogs.options import CHOICES, DEFAULTS


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
    """The public part of a post."""

    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    failure = FailureSerializer(read_only=True, allow_null=True)
    progress = ProgressSerializer(
        read_only=True, allow_null=True, help_text="Progress of the unfinished generation; null if there is none."
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
    """A post as those see it who may change it: with its brief, options and model."""

    model = ChosenModelField(help_text="Writes its next generation; null: the default.")

    class Meta(PostSerializer.Meta):
        fields = (*PostSerializer.Meta.fields, "brief", *CHOICES, "model")
        read_only_fields = fields


# NUL is rejected, and so is a title in which nothing can be seen. The pattern names the usual characters of that kind:
# all marks of all scripts would be four thousand characters that nobody could read.
@extend_schema_field(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": TITLE_MAX_LENGTH,
        "pattern": r"^[^\x00]*[^\x00-\x20\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\s][^\x00]*$",
        "description": "At least one character can be seen.",
    }
)
class TitleField(StrictCharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=TITLE_MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        title = super().to_internal_value(data)
        if not has_visible(title):
            raise serializers.ValidationError(NO_VISIBLE_TITLE)
        return title


class LongTextField(StrictCharField):
    """Text that is kept exactly as it was sent; optional."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, trim_whitespace=False, **kwargs)


@extend_schema_field({"type": "string", "maxLength": BRIEF_MAX_LENGTH, "pattern": r"^[^\x00]*$", "default": ""})
class BriefField(LongTextField):
    """Notes for the writer."""

    def to_internal_value(self, data: Any) -> Any:
        brief = super().to_internal_value(data)
        if is_invisible_brief(brief):
            raise serializers.ValidationError(INVISIBLE_BRIEF)
        return brief


@extend_schema_field({"type": "string", "pattern": r"^[^\x00]*$"})
class PostTextField(LongTextField):
    """The text of a post, limited only by the size of a body."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, **kwargs)


class OptionField(serializers.ChoiceField):
    """One of a closed list, which the error for an invalid value names."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(choices=CHOICES[name].choices, default=DEFAULTS[name].value, **kwargs)
        self.error_messages["invalid_choice"] = f"Choose one of: {', '.join(CHOICES[name].values)}."

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class OptionsSerializer(serializers.Serializer[Any]):
    """Writing options and the model; each has a default."""

    length = OptionField("length")
    tone = OptionField("tone", help_text="Ignored by the embedded model.")
    audience = OptionField("audience", help_text="Ignored by the embedded model.")
    language = OptionField(
        "language", help_text="`auto`: the language of the title. The embedded model writes English."
    )
    model = ModelField(default=None, help_text="null: the default. Without effect where the embedded model writes.")


def options_in(body: dict[str, Any]) -> dict[str, str]:
    return {name: body[name] for name in CHOICES}


@extend_schema_serializer(examples=[examples.BRIEF, examples.BRIEF_WITH_OPTIONS])
class BriefSerializer(OptionsSerializer):
    """A title, and notes to write a post from."""

    title = TitleField()
    content = BriefField(
        max_length=BRIEF_MAX_LENGTH,
        default="",
        help_text="The brief: notes for the writer. Responses call it `brief`.",
    )


@extend_schema_serializer(examples=[examples.BRIEF, examples.BRIEF_WITH_OPTIONS, examples.OWN_TEXT])
class RewriteSerializer(OptionsSerializer):
    """A new brief with its options; or, with `regenerate: false`, a new text, and the options stay unchanged."""

    title = TitleField()
    content = PostTextField(
        default="",
        help_text=f"The brief (at most {BRIEF_MAX_LENGTH} characters) or, with `regenerate: false`, the text.",
    )
    regenerate = StrictBooleanField(default=True, help_text="If false, `content` replaces the text word for word.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["regenerate"] and len(attrs["content"]) > BRIEF_MAX_LENGTH:
            message = f"Ensure this field has no more than {BRIEF_MAX_LENGTH} characters."
            raise serializers.ValidationError({"content": [message]})
        if attrs["regenerate"] and is_invisible_brief(attrs["content"]):
            raise serializers.ValidationError({"content": [INVISIBLE_BRIEF]})
        return attrs


@extend_schema_serializer(examples=[examples.DEFAULT_MODEL])
class RegenerateSerializer(serializers.Serializer[Any]):
    """The body of a request for another text from the same brief; optional."""

    model = ModelField(required=False, help_text="From now on; null: the default. If omitted, the post's own stays.")


@extend_schema_serializer(examples=[examples.EDIT])
class EditSerializer(serializers.Serializer[Any]):
    """A person's edit of the live text; omitted fields stay as they are."""

    title = TitleField(required=False)
    content = PostTextField(help_text="The text, word for word.")


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
