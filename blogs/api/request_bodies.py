"""Request bodies of posts: briefs, texts, edits and releases."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.fields import StrictBooleanField, StrictCharField
from blogs.api import examples
from blogs.api.model_choice import ModelField
from blogs.models import BRIEF_MAX_LENGTH, ID_MAX, TITLE_MAX_LENGTH
from blogs.models.visible import INVISIBLE_BRIEF, NO_VISIBLE_TITLE, has_visible, is_invisible_brief
from blogs.options import CHOICES

FARTHEST = timedelta(days=3653)
NOT_AHEAD = "Choose a moment in the future, within ten years; without `publish_at` the revision is public at once."


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


@extend_schema_field({"type": "string", "maxLength": BRIEF_MAX_LENGTH, "pattern": r"^[^\x00]*$"})
class BriefField(LongTextField):
    """Notes for the writer."""

    def to_internal_value(self, data: Any) -> Any:
        brief = super().to_internal_value(data)
        if is_invisible_brief(brief):
            raise serializers.ValidationError(INVISIBLE_BRIEF)
        return brief


@extend_schema_field({"type": "string", "maxLength": settings.TEXT_MAX, "pattern": r"^[^\x00]*$"})
class PostTextField(LongTextField):
    """The text of a post."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=settings.TEXT_MAX, **kwargs)


class OptionField(serializers.ChoiceField):
    """One of a closed list, which the error for an invalid value names."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(choices=CHOICES[name].choices, required=False, **kwargs)
        self.error_messages["invalid_choice"] = f"Choose one of: {', '.join(CHOICES[name].values)}."

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class OptionsSerializer(serializers.Serializer[Any]):
    """Writing options and the model; those that are left out stay as they are."""

    length = OptionField("length")
    tone = OptionField("tone", help_text="Ignored by the embedded model.")
    audience = OptionField("audience", help_text="Ignored by the embedded model.")
    language = OptionField(
        "language", help_text="`auto`: the language of the title. The embedded model writes English."
    )
    model = ModelField(required=False, help_text="null: the default. Without effect where the embedded model writes.")


def options_in(body: dict[str, Any]) -> dict[str, str]:
    return {name: body[name] for name in CHOICES if name in body}


def check_brief(brief: str) -> None:
    """Raises:
    ValidationError: it is too long, or looks empty and is not.
    """
    if len(brief) > BRIEF_MAX_LENGTH:
        message = f"Ensure this field has no more than {BRIEF_MAX_LENGTH} characters."
        raise serializers.ValidationError({"content": [message]})
    if is_invisible_brief(brief):
        raise serializers.ValidationError({"content": [INVISIBLE_BRIEF]})


@extend_schema_serializer(examples=[examples.BRIEF, examples.BRIEF_WITH_OPTIONS, examples.OWN_WORDS])
class BriefSerializer(OptionsSerializer):
    """A title, and notes to write a post from; or, with `generate: false`, a text of your own."""

    title = TitleField()
    content = PostTextField(
        default="",
        help_text=f"The brief: notes for the writer (at most {BRIEF_MAX_LENGTH} characters), `brief` in responses. "
        "With `generate: false` the text.",
    )
    generate = StrictBooleanField(
        default=True, help_text="If false, `content` is the text, word for word, and nothing is generated."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["generate"]:
            check_brief(attrs["content"])
        return attrs


@extend_schema_serializer(examples=[examples.BRIEF, examples.BRIEF_WITH_OPTIONS, examples.OWN_TEXT])
class RewriteSerializer(OptionsSerializer):
    """A new brief, with options to change; or, with `regenerate: false`, a new text, and the options stay unchanged."""

    title = TitleField()
    content = PostTextField(
        default="",
        help_text=f"The brief (at most {BRIEF_MAX_LENGTH} characters) or, with `regenerate: false`, the text.",
    )
    regenerate = StrictBooleanField(default=True, help_text="If false, `content` replaces the text word for word.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["regenerate"]:
            check_brief(attrs["content"])
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


@extend_schema_serializer(examples=[examples.DRAFT_EDIT])
class DraftEditSerializer(OptionsSerializer):
    """What the next generation is to be written from; omitted fields stay as they are."""

    brief_title = TitleField(required=False)
    brief = BriefField(max_length=BRIEF_MAX_LENGTH)


@extend_schema_serializer(examples=[examples.PUBLISH, examples.PUBLISH_LATER])
class PublishSerializer(serializers.Serializer[Any]):
    """What readers are to see, and from when on; optional."""

    revision = serializers.IntegerField(
        min_value=1, max_value=ID_MAX, required=False, help_text="Number of the revision; if omitted, the newest."
    )
    publish_at = serializers.DateTimeField(
        required=False, help_text="A moment in the future, with its offset from UTC; if omitted, at once."
    )

    def validate_publish_at(self, moment: Any) -> Any:
        if not timedelta() < moment - timezone.now() < FARTHEST:
            raise serializers.ValidationError(NOT_AHEAD)
        return moment
