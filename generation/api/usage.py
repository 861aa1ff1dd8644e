"""`GET /usage`: what the user has spent, and may spend."""

from datetime import UTC
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import Private
from accounts.authentication import authenticated_user
from generation.budgets.accounts import account_of
from generation.budgets.money import dollars
from generation.budgets.periods import start_of, today
from generation.budgets.usage import standings_of, sums
from generation.models import Budget

EXAMPLE = OpenApiExample(
    "A user with a budget a day",
    value={
        "usage": {
            "day": {
                "spent": "0.412310",
                "reserved": "0.037200",
                "limit": "1.000000",
                "resets_at": "2026-11-28T00:00:00Z",
            },
            "month": {
                "spent": "3.906042",
                "reserved": "0.037200",
                "limit": None,
                "resets_at": "2026-12-01T00:00:00Z",
            },
            "posts_today": 31,
            "posts_limit": 200,
            "models": [{"model": "gpt-4o-mini", "posts": 287, "tokens": 1_607_200, "cost": "3.906042"}],
        }
    },
    response_only=True,
)


class DollarsField(serializers.DecimalField):
    """US dollars, from millionths of one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=6, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(dollars(value))


class PeriodSerializer(serializers.Serializer[Any]):
    spent = DollarsField(help_text="US dollars, at most: where a provider did not count, the most that it can be.")
    reserved = DollarsField(help_text="US dollars that your unfinished generations can cost at most.")
    limit = DollarsField(allow_null=True, help_text="US dollars; null for none.")
    resets_at = serializers.DateTimeField(default_timezone=UTC, help_text="When the next period begins.")


class ModelUsageSerializer(serializers.Serializer[Any]):
    model = serializers.CharField(source="key")
    posts = serializers.IntegerField(help_text="Generations that have ended.")
    tokens = serializers.IntegerField(help_text="In and out.")
    cost = DollarsField(help_text="US dollars, at most; 0 for a model without a price too.")


class UsageSerializer(serializers.Serializer[Any]):
    day = PeriodSerializer()
    month = PeriodSerializer()
    posts_today = serializers.IntegerField(help_text="Generations that you have requested since midnight, UTC.")
    posts_limit = serializers.IntegerField(allow_null=True, help_text="How many you may in a day; null for no limit.")
    models = ModelUsageSerializer(many=True, help_text="This month, dearest first.")


@extend_schema_serializer(examples=[EXAMPLE])
class UsageAnswerSerializer(serializers.Serializer[Any]):
    usage = UsageSerializer()


class UsageView(Private):
    @extend_schema(
        operation_id="usage", summary="Your spending and limits", tags=["accounts"], responses=UsageAnswerSerializer
    )
    def get(self, request: Request) -> Response:
        """Days and months begin at midnight, UTC. A request that a limit has no room for gets 402 or 429."""
        user = authenticated_user(request)
        day, month, posts = standings_of(user)
        usage = {
            "day": day,
            "month": month,
            "posts_today": posts.spent,
            "posts_limit": posts.limit,
            "models": sums("model", start_of(Budget.Kind.MONTH, today()), account_of(user.pk)),
        }
        return Response(UsageAnswerSerializer({"usage": usage}).data)
