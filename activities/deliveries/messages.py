"""What passes between the rows of a delivery, its activity and its workflow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Purpose, Reason
from models.deliveries.delivery import Delivery


@dataclass(frozen=True)
class Claimed:
    """An attempt to be made now; `tries` tells it from earlier and later ones of the same channel."""

    delivery: Delivery
    channel: Channel
    address: str
    tries: int


@dataclass(frozen=True)
class ReceiptDue:
    """A message whose channel is asked now what became of it."""

    delivery_id: UUID
    channel: Channel
    provider_id: str


@dataclass(frozen=True)
class Outcome:
    """How a try ended; `retry_after` in seconds, `provider_status` is the channel's own code of a refusal."""

    state: AttemptState
    reason: Reason | None = None
    provider_id: str | None = None
    provider_status: int | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class DeliveryStanding:
    """What a workflow knows of its delivery: ids, states and times. `state` is None for one that is gone.

    `due_at` is None once nothing is left to do; `attempts` are `(channel, state, reason)`.
    """

    state: DeliveryState | None = None
    due_at: datetime | None = None
    client_id: UUID | None = None
    purpose: Purpose | None = None
    reason: Reason | None = None
    attempts: tuple[tuple[str, str, str | None], ...] = ()
