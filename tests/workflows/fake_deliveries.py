"""A delivery in memory: what its runs are told, one standing after the other."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from activities.deliveries.messages import DeliveryStanding
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Purpose, Reason
from tests.workflows.arranged import Arranged


@dataclass
class FakeDelivery(Arranged):
    """`plan`: the state after each run, and when something is due next; at the end it is over."""

    delivery_id: UUID
    plan: deque[tuple[DeliveryState, timedelta]] = field(default_factory=deque)
    faults: deque[Exception] = field(default_factory=deque)
    exists: bool = True

    def standing(self, at: datetime) -> DeliveryStanding:
        if not self.exists:
            return DeliveryStanding()
        state, due = self.plan.popleft() if self.plan else (DeliveryState.DELIVERED, None)
        lost = (Channel.TELEGRAM.value, AttemptState.REJECTED.value, Reason.ACCOUNT.value)
        return DeliveryStanding(
            state=state,
            due_at=at + due if due is not None else None,
            client_id=self.delivery_id,
            purpose=Purpose.SIGNING_CODE,
            attempts=(lost, (Channel.SMS.value, AttemptState.SENT.value, None)),
        )
