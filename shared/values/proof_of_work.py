"""Computing time that a form asks of whoever posts to it, people and programs alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field

from shared.values.base import Value
from shared.values.form_scalars import Duration


class ProofOfWork(Value):
    """How much work, and how long its result counts."""

    difficulty: int = Field(
        default=5000,
        ge=10,
        le=100_000,
        description="the most tries that a solution takes, 1,000 rounds of PBKDF2 each; half as "
        "many on average",
    )
    lifetime: Duration = Field(
        default=timedelta(minutes=20),
        ge=timedelta(minutes=1),
        le=timedelta(days=1),
        description="how long after it was asked for a challenge may be solved and sent",
    )


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A challenge of ours that was solved in time. `challenge` names it: its signature."""

    challenge: str
    expires_at: datetime
