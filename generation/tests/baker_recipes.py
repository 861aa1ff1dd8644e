import uuid
from datetime import timedelta

from django.utils import timezone
from model_bakery.recipe import Recipe, foreign_key

from accounts.tests.baker_recipes import writer
from blogs.models import Status
from blogs.tests.baker_recipes import finished_post, waiting_post
from generation.models import Generation, State

waiting = Recipe(
    Generation,
    post=foreign_key(waiting_post),
    owner=foreign_key(writer),
    number=1,
    brief_title="Bread",
    brief="flour and water; patience; a hot oven",
    base_revision=0,
    status=State.PENDING,
)
abandoned = waiting.extend(
    post=foreign_key(waiting_post.extend(status=Status.IN_PROGRESS)),
    status=State.IN_PROGRESS,
    attempts=1,
    token=uuid.uuid4,
    worker="elsewhere:1",
    lease_until=lambda: timezone.now() - timedelta(seconds=1),
)
written = waiting.extend(
    post=foreign_key(finished_post),
    status=State.COMPLETED,
    landing=Generation.Landing.LANDED,
    attempts=1,
    provider="compatible",
    model="gpt-4o-mini",
    title="Bread at home",
    content="Flour, water, patience.",
    calls=2,
    prompt_tokens=2_400,
    completion_tokens=1_600,
    cost="0.001320",
    started_at=lambda: timezone.now() - timedelta(seconds=30),
    finished_at=timezone.now,
)
