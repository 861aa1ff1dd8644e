"""Headers of requests and answers, for the API schema: each view lists its own."""

from functools import partial

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from blogs.models.stored_answer import KEY_MAX_LENGTH

request_header = partial(OpenApiParameter, location=OpenApiParameter.HEADER)
response_header = partial(OpenApiParameter, location=OpenApiParameter.HEADER, response=[200, 201, 202, 304])

IF_NONE_MATCH = request_header(
    "If-None-Match",
    description="The ETag of the version you have. If the post has not changed since, the answer is an empty 304.",
)
IF_MATCH = request_header(
    "If-Match",
    description="The ETag of the version you read. If the post has changed since, nothing is done and you get 412.",
)
IDEMPOTENCY_KEY = request_header(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": KEY_MAX_LENGTH, "pattern": "^[!-~]+$"},
    description="A random value, unique to this operation. Repeating the request with the same key within 24 hours "
    "returns the first answer with `Idempotency-Replayed: true` and does nothing else. If its text was deleted since "
    "then, `content` is empty and `message` says so.",
)

ETAG = response_header(
    "ETag", required=True, description="Identifies this version of the post, for If-None-Match and If-Match."
)
LOCATION = response_header("Location", required=True, description="The URL of the post.")
LINK = response_header(
    "Link", description='The URL of the next page, with `rel="next"` (RFC 8288); absent on the last page.'
)
RETRY_AFTER = response_header(
    "Retry-After",
    OpenApiTypes.INT,
    description="Seconds to wait before the next request; on a post or a generation, only while it is unfinished.",
)
CACHE_CONTROL = response_header(
    "Cache-Control",
    description="`no-cache` while the post is being generated; `private, no-cache` on its draft; `no-store` on tokens "
    "and on what is about one person.",
)
IDEMPOTENCY_REPLAYED = response_header(
    "Idempotency-Replayed", description="`true` on a stored answer to an earlier request with the same Idempotency-Key."
)

REPEATABLE = [IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED]
POLLABLE = [ETAG, RETRY_AFTER, CACHE_CONTROL]  # on every answer that shows a post
