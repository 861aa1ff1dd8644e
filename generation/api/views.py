"""Runs of the writer over HTTP."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api.base import IDEMPOTENCY_KEY, IF_MATCH, Conflict, PostView, written
from blogs.api.fast_reads import RETRY_AFTER
from blogs.api.idempotency import idempotent_without_body
from blogs.api.pagination import PageSerializer, page_by_number
from blogs.api.serializers import WriteAnswerSerializer
from generation import proposals
from generation.api.serializers import (
    GenerationAnswerSerializer,
    GenerationListSerializer,
    GenerationSerializer,
    GenerationSummarySerializer,
)
from generation.models import UNFINISHED, Generation
from generation.queue import transitions

CHANGE = [IDEMPOTENCY_KEY, IF_MATCH]
NO_SUCH = "This post has no generation of this number."


@extend_schema(tags=["generations"])
class GenerationViewSet(PostView):
    asking = ("regenerate",)

    @extend_schema(
        operation_id="list_generations",
        summary="Read how a post was written",
        parameters=[PageSerializer],
        responses={200: GenerationListSerializer},
    )
    def list(self, request: Request, pk: int) -> Response:
        """Newest first, without the texts. For the owner and staff."""
        rows = Generation.objects.filter(post=self.seen(pk)).select_related("revision")
        rows = rows.defer("content", "gate", "provenance", "steps", "revision__content")
        found, following, headers = page_by_number(request.path, request.query_params, rows)
        body = {"generations": GenerationSummarySerializer(found, many=True).data, "next": following}
        return Response(body, headers=headers)

    @extend_schema(operation_id="get_generation", summary="Read one run", responses={200: GenerationAnswerSerializer})
    def retrieve(self, request: Request, pk: int, number: int) -> Response:
        """While it runs, `content` is the text so far; later the whole text. For the owner and staff."""
        rows = Generation.objects.filter(post=self.seen(pk), number=number).select_related("revision")
        generation = rows.defer("steps", "revision__content").first()
        if not generation:
            raise NotFound(NO_SUCH)
        headers = {"Retry-After": RETRY_AFTER} if generation.status in UNFINISHED else {}
        return Response({"generation": GenerationSerializer(generation).data}, headers=headers)

    @extend_schema(
        operation_id="regenerate_blog",
        summary="Have a post written anew from its brief",
        request=None,
        parameters=CHANGE,
        responses={202: WriteAnswerSerializer},
    )
    @idempotent_without_body
    def regenerate(self, request: Request, pk: int) -> Response:
        """The old text stays until the new one is there. A generation under way is superseded."""
        with self.held(pk) as post:
            self.ask()
            post.request_generation(requested_by=authenticated_user(request))
            return written("Blog update is being processed.", post, status.HTTP_202_ACCEPTED)

    @extend_schema(
        operation_id="cancel_blog",
        summary="Stop writing",
        request=None,
        parameters=CHANGE,
        responses={200: WriteAnswerSerializer},
    )
    @idempotent_without_body
    def cancel(self, request: Request, pk: int) -> Response:
        """The post keeps the text it has; without one it is `failed`, with the code `cancelled`."""
        with self.held(pk) as post:
            if not transitions.cancel(post):
                raise Conflict("This post is not being written.")
            return written("The generation was cancelled.", post)

    @extend_schema(
        operation_id="accept_generation",
        summary="Make a proposal the live text",
        request=None,
        parameters=CHANGE,
        responses={200: WriteAnswerSerializer},
    )
    @idempotent_without_body
    def accept(self, request: Request, pk: int, number: int) -> Response:
        """It becomes a new revision; the text that was live stays readable."""
        return self.decide(pk, "The proposal is live.", proposals.accept, number, by=authenticated_user(request))

    @extend_schema(
        operation_id="discard_generation",
        summary="Put a proposal aside",
        request=None,
        parameters=CHANGE,
        responses={200: WriteAnswerSerializer},
    )
    @idempotent_without_body
    def discard(self, request: Request, pk: int, number: int) -> Response:
        """The post stays as it is; the text stays readable on the generation."""
        return self.decide(pk, "The proposal was discarded.", proposals.discard, number)

    def decide(self, pk: int, message: str, decision: Callable[..., Any], number: int, **by: Any) -> Response:
        with self.held(pk) as post:
            try:
                decision(post, number, **by)
            except Generation.DoesNotExist as error:
                raise NotFound(NO_SUCH) from error
            except proposals.NotProposed as error:
                raise Conflict("This generation is no proposal, or it was decided on already.") from error
            return written(message, post)
