"""Generations over HTTP."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from accounts.registration import MAY_NOT_REQUEST
from blogs.api import headers
from blogs.api.base import Conflict, PostView, write_answer
from blogs.api.fast_reads import RETRY_AFTER
from blogs.api.idempotency import idempotent, idempotent_without_body
from blogs.api.model_choice import model_in
from blogs.api.pagination import PageSerializer, page_by_number
from blogs.api.request_bodies import RegenerateSerializer
from blogs.api.serializers import WriteAnswerSerializer
from blogs.refusals import QUEUE_FULL, TOO_MANY, BudgetExhausted, OwnerDeactivated
from generation import proposals
from generation.api.serializers import (
    GenerationAnswerSerializer,
    GenerationListSerializer,
    GenerationSerializer,
    GenerationSummarySerializer,
)
from generation.models import UNFINISHED, Generation
from generation.queue import transitions

CHANGE = [*headers.REPEATABLE, headers.IF_MATCH]
NO_SUCH = "This post has no generation with this number."
NOT_UNFINISHED = "This post has no unfinished generation."
NOT_PROPOSED = "This generation is not a proposal, or was already accepted or discarded."


@extend_schema(tags=["generations"])
class GenerationViewSet(PostView):
    generation_actions = ("regenerate",)

    @extend_schema(
        operation_id="list_generations",
        summary="List generations",
        parameters=[PageSerializer, headers.LINK],
        responses={200: GenerationListSerializer},
    )
    def list(self, request: Request, pk: int) -> Response:
        """Newest first, without their texts. For the owner, and users who may view every post."""
        rows = Generation.objects.filter(post=self.readable_post(pk)).select_related("revision")
        rows = rows.defer("content", "gate", "provenance", "steps", "revision__content")
        found, following, link = page_by_number(request.path, request.query_params, rows, "brief")
        body = {
            "generations": GenerationSummarySerializer(found, many=True, context={"reader": request.user}).data,
            "next": following,
        }
        return Response(body, headers=link)

    @extend_schema(
        operation_id="get_generation",
        summary="Get a generation",
        parameters=[headers.RETRY_AFTER],
        responses={200: GenerationAnswerSerializer},
    )
    def retrieve(self, request: Request, pk: int, number: int) -> Response:
        """`content` is the text so far while it is in progress, then the whole text, until its revision is deleted."""
        rows = Generation.objects.filter(post=self.readable_post(pk), number=number).select_related("revision")
        generation = rows.defer("steps", "revision__content").first()
        if not generation:
            raise NotFound(NO_SUCH)
        wait = {"Retry-After": RETRY_AFTER} if generation.status in UNFINISHED else {}
        return Response(
            {"generation": GenerationSerializer(generation, context={"reader": request.user}).data}, headers=wait
        )

    @extend_schema(
        operation_id="regenerate_blog",
        summary="Regenerate a post from its brief",
        request=RegenerateSerializer,
        parameters=[*CHANGE, *headers.POLLABLE],
        responses={
            202: WriteAnswerSerializer,
            402: OpenApiResponse(description=BudgetExhausted.detail),
            403: OpenApiResponse(description=MAY_NOT_REQUEST),
            409: OpenApiResponse(description=OwnerDeactivated.detail),
            429: OpenApiResponse(description=TOO_MANY),
            503: OpenApiResponse(description=QUEUE_FULL),
        },
    )
    @idempotent
    def regenerate(self, request: Request, pk: int) -> Response:
        """The live text stays until the new one is ready. An unfinished generation is superseded."""
        with self.locked_post(pk) as post:
            body = self.validated(RegenerateSerializer)
            self.check_queue()
            post.request_generation(requested_by=authenticated_user(request), model=model_in(body))
            return write_answer("Blog update is being processed.", post, status.HTTP_202_ACCEPTED)

    @extend_schema(
        operation_id="cancel_blog",
        summary="Cancel a generation",
        request=None,
        parameters=[*CHANGE, headers.ETAG],
        responses={200: WriteAnswerSerializer, 409: OpenApiResponse(description=NOT_UNFINISHED)},
    )
    @idempotent_without_body
    def cancel(self, request: Request, pk: int) -> Response:
        """The post keeps its live text; without one it becomes `failed`, with the code `cancelled`."""
        with self.locked_post(pk) as post:
            if not transitions.cancel(post):
                raise Conflict(NOT_UNFINISHED)
            return write_answer("The generation was cancelled.", post)

    @extend_schema(
        operation_id="accept_generation",
        summary="Accept a proposal",
        request=None,
        parameters=[*CHANGE, *headers.POLLABLE],
        responses={200: WriteAnswerSerializer, 409: OpenApiResponse(description=NOT_PROPOSED)},
    )
    @idempotent_without_body
    def accept(self, request: Request, pk: int, number: int) -> Response:
        """Makes its text live, as a new revision."""
        return self.decide(pk, "The proposal is live.", proposals.accept, number, by=authenticated_user(request))

    @extend_schema(
        operation_id="discard_generation",
        summary="Discard a proposal",
        request=None,
        parameters=[*CHANGE, *headers.POLLABLE],
        responses={200: WriteAnswerSerializer, 409: OpenApiResponse(description=NOT_PROPOSED)},
    )
    @idempotent_without_body
    def discard(self, request: Request, pk: int, number: int) -> Response:
        """Leaves the post as it is; the text stays readable on the generation."""
        return self.decide(pk, "The proposal was discarded.", proposals.discard, number)

    def decide(self, pk: int, message: str, decision: Callable[..., Any], number: int, **by: Any) -> Response:
        with self.locked_post(pk) as post:
            try:
                decision(post, number, **by)
            except Generation.DoesNotExist as error:
                raise NotFound(NO_SUCH) from error
            except proposals.NotProposed as error:
                raise Conflict(NOT_PROPOSED) from error
            return write_answer(message, post)
