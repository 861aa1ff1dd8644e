"""What generation keeps in the database; `generation.py` has the rows that are the truth about every run."""

from generation.models.budget import Budget
from generation.models.generation import (
    ABANDONED,
    POISON_AFTER,
    QUEUED,
    UNFINISHED,
    Generation,
    State,
    from_now,
    has_proposal,
)
from generation.models.house_style import HOUSE_STYLE_MAX_LENGTH, HouseStyle
from generation.models.model_price import ModelPrice
from generation.models.provider_pause import ProviderPause
from generation.models.running_totals import RunningTotals
from generation.models.site_pause import SitePause
from generation.models.spending import Spending
from generation.models.worker_seen import WorkerSeen

__all__ = [
    "ABANDONED",
    "HOUSE_STYLE_MAX_LENGTH",
    "POISON_AFTER",
    "QUEUED",
    "UNFINISHED",
    "Budget",
    "Generation",
    "HouseStyle",
    "ModelPrice",
    "ProviderPause",
    "RunningTotals",
    "SitePause",
    "Spending",
    "State",
    "WorkerSeen",
    "from_now",
    "has_proposal",
]
