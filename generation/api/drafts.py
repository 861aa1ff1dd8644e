"""The draft of a post over HTTP: everything about it that readers do not see."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api import headers
from blogs.api.base import PostView, shared_instance, with_post_headers, write_answer
from blogs.api.model_choice import model_in
from blogs.api.permissions import check_right
from blogs.api.request_bodies import DraftEditSerializer
from blogs.api.serializers import OwnPostSerializer, WriteAnswerSerializer
from blogs.etags import etag, matches
from blogs.models import BlogPost, Release, Status
from blogs.roles import Action
from generation.api import examples
from generation.api.serializers import WarningSerializer
from generation.models import Generation
from generation.queue import backlog
from generation.warnings import warnings_of

PROPOSALS = 20  # shown at most
PRIVATE = "private, no-cache"  # a browser may keep it, and asks each time whether it is still so


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A person's decision that readers are to see a revision."""

    class Meta:
        model = Release
        fields = ("revision", "by_id", "is_named", "moment")
        read_only_fields = fields
        extra_kwargs = {
            "by_id": {"help_text": "Who decided it; null if the account is gone."},
            "is_named": {"help_text": "Whether they said which revision they mean, by its number or by If-Match."},
            "moment": {"help_text": "From when on readers see it."},
        }


class ProposalSerializer(serializers.ModelSerializer[Generation]):
    """A finished text that awaits a decision: accept or discard its generation."""

    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Generation
        fields = ("number", "title", "base_revision", "finished_at", "warnings")
        read_only_fields = fields

    @extend_schema_field(WarningSerializer(many=True))
    def get_warnings(self, generation: Generation) -> Any:
        return WarningSerializer(warnings_of(generation), many=True).data


class DraftSerializer(OwnPostSerializer):
    """A post with its newest text, and what is about to become of it."""

    warnings = serializers.SerializerMethodField(
        help_text="What the checks found wrong with the newest text, if a machine wrote it."
    )
    proposals = serializers.SerializerMethodField(help_text=f"The newest {PROPOSALS} that await a decision.")
    release = ReleaseSerializer(
        read_only=True, allow_null=True, help_text="Who released what readers see; null: nobody, it was by itself."
    )
    schedule = ReleaseSerializer(read_only=True, allow_null=True, source="schedule_of_release")
    queued_before = serializers.SerializerMethodField(
        help_text="How many generations a worker writes before this post's; null if none of it is queued. At most "
        f"{backlog.COUNTED_TO}: that many or more."
    )

    class Meta(OwnPostSerializer.Meta):
        fields = (*OwnPostSerializer.Meta.fields, "warnings", "proposals", "release", "schedule", "queued_before")
        read_only_fields = fields

    @extend_schema_field(WarningSerializer(many=True))
    def get_warnings(self, post: BlogPost) -> Any:
        live = Generation.objects.filter(post=post, revision__number=post.revision).first()
        return WarningSerializer(warnings_of(live) if live else [], many=True).data

    @extend_schema_field(ProposalSerializer(many=True))
    def get_proposals(self, post: BlogPost) -> Any:
        proposed = Generation.objects.filter(post=post, landing=Generation.Landing.PROPOSED).newest_first()
        return ProposalSerializer(proposed.defer("content", "steps")[:PROPOSALS], many=True).data

    @extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "null"}]})
    def get_queued_before(self, post: BlogPost) -> int | None:
        newest = Generation.objects.filter(post=post).newest_first().defer("content", "steps").first()
        return backlog.queued_before(newest) if newest else None


@extend_schema_serializer(examples=[examples.DRAFT])
class DraftAnswerSerializer(serializers.Serializer[Any]):
    blog = DraftSerializer()


@extend_schema(tags=["blogs"])
class DraftViewSet(PostView):
    @extend_schema(
        operation_id="get_draft",
        summary="Get the draft of a post",
        parameters=[headers.IF_NONE_MATCH, *headers.POLLABLE],
        responses={
            200: DraftAnswerSerializer,
            304: OpenApiResponse(description="You have this version. A queued post is sent whole: its place changes."),
        },
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """Its newest text, which readers may not see yet, its brief, and what is released, scheduled and proposed.

        For the owner, and users who may view every post. If-Match takes the ETag of this answer.
        """
        post = self.get_post(BlogPost.objects.all(), pk)
        check_right(authenticated_user(request), Action.VIEW, post)
        known = request.headers.get("If-None-Match", "")
        if known and matches(known, etag(post.pk, post.version)) and post.status != Status.PENDING:
            answer = Response(status=status.HTTP_304_NOT_MODIFIED)
        else:
            answer = Response({"blog": shared_instance(DraftSerializer).to_representation(post)})
        answer = with_post_headers(answer, post)
        answer.headers["Cache-Control"] = PRIVATE
        return answer

    @extend_schema(
        operation_id="edit_draft",
        summary="Edit the brief and options of a post",
        request=DraftEditSerializer,
        parameters=[headers.IF_MATCH, *headers.POLLABLE],
        responses={200: WriteAnswerSerializer},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """Requests nothing: the next generation is written from them. An unfinished one goes on with its own."""
        with self.locked_post(pk) as post:
            body = self.validated(DraftEditSerializer)
            if (model := model_in(body)) is not None:
                body["model"] = model
            if body:
                post.change_brief(body)
            return write_answer("Draft updated.", post)
