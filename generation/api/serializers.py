"""Response bodies of generations, for those who may view their post."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from blogs.api.model_choice import ChosenModelField
from blogs.api.serializers import ProgressSerializer
from blogs.models import FIRST_PROGRESS, Progress, Status
from blogs.options import CHOICES
from blogs.roles import Action, has_permission
from generation.api import examples
from generation.failures import FailureCode
from generation.models import UNFINISHED, Generation, State
from generation.queue.retries import FALLBACK_REASONS
from generation.warnings import warnings_of
from generation.writer.checks.findings import FindingName

WARNING_NAMES = [(name.value, name.summary) for name in FindingName]


class WhySerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[(code.value, code.value) for code in FailureCode])
    message = serializers.CharField(
        help_text="For users with the permission to view posts with what the model's server said."
    )
    retryable = serializers.BooleanField(help_text="Whether a retry may succeed.")
    advice = serializers.CharField(help_text="What to do next.")


class WarningSerializer(serializers.Serializer[Any]):
    """Something that is wrong with a text, for whoever reads it before the readers do."""

    name = serializers.ChoiceField(choices=WARNING_NAMES)
    message = serializers.CharField(source="name.summary", help_text="What the name means, in a sentence.")
    holds_back = serializers.BooleanField(
        source="name.holds_back", help_text="Whether a text with this goes live only if a person accepts it."
    )
    sentence = serializers.CharField(help_text="Of the text, to the letter; empty if it is about something missing.")
    detail = serializers.CharField(help_text="The figure, name, link or phrase in question; empty if there is none.")
    note = serializers.CharField(help_text="The part of the notes that it is about, to the letter; empty if none.")


class GenerationSummarySerializer(serializers.ModelSerializer[Generation]):
    """One run of the writer, without its text."""

    status = serializers.ChoiceField(choices=State.choices, read_only=True)
    progress = serializers.SerializerMethodField(help_text="Same as on the post; null once the generation is finished.")
    failure = serializers.SerializerMethodField(help_text="Why the last attempt failed, if it did.")
    landing = serializers.SerializerMethodField(
        help_text="What became of the text: `landed` is or was live; `proposed` awaits your decision, because the post "
        "was edited in the meantime, a bulk request does not replace the text that a person wrote or restored, or a "
        "warning or a sanity check holds it back."
    )
    warnings = serializers.SerializerMethodField(
        help_text="What the checks found wrong with the text; those that hold it back come first. They find what code "
        "can see: a text without warnings may still be wrong."
    )
    revision = serializers.SerializerMethodField(help_text="Number of the revision that the text became.")
    requested_model = ChosenModelField(help_text="Chosen for this generation; null: the default.")
    fallback_reason = serializers.SerializerMethodField(
        help_text="Why the fallback provider writes it; null while the first one does."
    )
    next_attempt_at = serializers.DateTimeField(source="not_before", read_only=True, allow_null=True)

    class Meta:
        model = Generation
        fields: tuple[str, ...] = (
            "number",
            "status",
            "brief_title",
            "brief",
            *CHOICES,
            "requested_model",
            "economy",
            "requested_by_id",
            "request_id",
            "base_revision",
            "attempts",
            "next_attempt_at",
            "progress",
            "failure",
            "landing",
            "warnings",
            "revision",
            "title",
            "provider",
            "model",
            "fallback_reason",
            "prompt_version",
            "calls",
            "prompt_tokens",
            "cached_tokens",
            "completion_tokens",
            "cost",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields
        extra_kwargs = {"cost": {"help_text": "US dollars for all calls; null while any of it is not known."}}

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, generation: Generation) -> Progress | None:
        if generation.status not in UNFINISHED:
            return None
        if generation.status == State.PENDING or not generation.stage:  # an earlier attempt may have left a stage
            return FIRST_PROGRESS[Status(generation.status)]
        return {"stage": generation.stage, "done": generation.done, "total": generation.total}

    @extend_schema_field(WhySerializer(allow_null=True))
    def get_failure(self, generation: Generation) -> dict[str, Any] | None:
        if not generation.failure_code:
            return None
        code = FailureCode(generation.failure_code)
        reader = self.context.get("reader")
        sees_all = isinstance(reader, User) and has_permission(reader, Action.VIEW)
        message = generation.failure_for_staff if sees_all else generation.failure_message
        return {"code": code, "message": message, "retryable": code.retryable, "advice": code.advice}

    @extend_schema_field({"oneOf": [{"type": "string", "enum": Generation.Landing.values}, {"type": "null"}]})
    def get_landing(self, generation: Generation) -> str | None:
        return generation.landing or None

    @extend_schema_field(WarningSerializer(many=True))
    def get_warnings(self, generation: Generation) -> Any:
        return WarningSerializer(warnings_of(generation), many=True).data

    @extend_schema_field({"oneOf": [{"type": "string", "enum": sorted(FALLBACK_REASONS)}, {"type": "null"}]})
    def get_fallback_reason(self, generation: Generation) -> str | None:
        return generation.fallback_reason or None

    def get_revision(self, generation: Generation) -> int | None:
        return generation.revision.number if generation.revision else None


NUMBERS = {"type": "object", "additionalProperties": {"type": "number"}}


@extend_schema_field(
    {
        "type": "object",
        "properties": {"failed": {"type": "array", "items": {"type": "string"}}},
        "additionalProperties": {
            "oneOf": [{"type": "number"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
    }
)
class GateField(serializers.DictField):
    """Sanity measures by name, and the names of those outside their limits."""


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "sampling": {"type": "object", "additionalProperties": NUMBERS},
            "seed": {"type": ["integer", "null"]},
            "seconds": NUMBERS,
            "house_style": {"type": "string"},
            "prices_of": {"type": "string"},
            "added": {"type": "array", "items": {"type": "string"}},
            "answered_by": {"type": "array", "items": {"type": "string"}},
            "service_tier": {"type": "object", "additionalProperties": {"type": "integer"}},
            "verification": {"type": "string"},
            "repair": {"type": "object", "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "integer"}]}},
            "offered_title": {"type": "string"},
            "instead_of": {"type": "string"},
            "why": {"type": "string"},
        },
    }
)
class ProvenanceField(serializers.DictField):
    """How the text was produced; empty until there is one."""


class GenerationSerializer(GenerationSummarySerializer):
    """One run of the writer, with its text: the text so far while it is in progress."""

    gate = GateField(
        read_only=True,
        help_text="Sanity measures: whether the text repeats itself, breaks off or strays. They say nothing about its "
        "quality or truth. `failed` names those outside their limits.",
    )
    provenance = ProvenanceField(
        read_only=True,
        help_text="`sampling` and `seed`, `seconds` by stage, `house_style` (a hash), `prices_of` (whose and of when), "
        "`added` (where the author's words are the text: the sentences that the model added, to the letter), "
        "`answered_by` (models that answered although another was requested); "
        "`service_tier`: how many calls each tier of the provider answered, if the answers said; "
        "of a large model `verification` (`passed`, `found 2`, `unusable`, `off`, `no notes`), `repair` (its `form`, "
        "how many `problems`, `edits` and `skipped` ones, its `result`) and `offered_title` (instead of the author's); "
        "if another model wrote it than was requested, that is `instead_of`, and `why` is a failure code of the first "
        "provider or `not_offered`.",
    )

    class Meta(GenerationSummarySerializer.Meta):
        fields = (*GenerationSummarySerializer.Meta.fields, "content", "gate", "provenance")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.GENERATION])
class GenerationAnswerSerializer(serializers.Serializer[Any]):
    generation = GenerationSerializer()


@extend_schema_serializer(many=False, examples=[examples.GENERATIONS])
class GenerationListSerializer(serializers.Serializer[Any]):
    generations = GenerationSummarySerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the next page; null on the last one.")
