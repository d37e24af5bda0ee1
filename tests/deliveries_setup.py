"""Deliveries to a client whose account has confirmed everything, by carriers that remember."""

from datetime import timedelta
from uuid import UUID, uuid4

from activities.deliveries.carrier import Carrier
from activities.deliveries.deliver import DeliveryActivities
from activities.deliveries.messages import DeliveryStanding
from activities.deliveries.queue import Letter, NewDelivery, queue_delivery
from domain.deliveries.delivery import Channel, Purpose
from domain.kernel.crypto import Keyring
from gateways.storage.client import Storage
from models import Client, Delivery, DeliveryAttempt, Event
from models.kernel.database import Sessions
from tests.carriers import FakeCarrier
from tests.clock import FakeClock
from tests.stored_rows import StoredRows

TEXT = "Договор ИВ-261130-01, код подтверждения 428571."
LETTER = Letter("Код", TEXT, short="428571: подпись", masked="Код ••••••")
LIFETIME = timedelta(minutes=10)
ALL = (Channel.SMS, Channel.TELEGRAM, Channel.MAIL, Channel.SUPPORT_CHAT)


class Deliveries(StoredRows):
    def __init__(
        self, sessions: Sessions, keyring: Keyring, storage: Storage, clock: FakeClock, client: Client
    ) -> None:
        super().__init__(sessions, keyring)
        self.storage, self.clock, self.client = storage, clock, client
        self.sms, self.telegram = FakeCarrier(), FakeCarrier(gives_receipts=False)
        self.mail = FakeCarrier(gives_receipts=False)
        self.on: dict[Channel, Carrier] = {
            Channel.SMS: self.sms,
            Channel.TELEGRAM: self.telegram,
            Channel.MAIL: self.mail,
        }

    def worker(self, seconds: float = 5) -> DeliveryActivities:
        """A process of its own: it knows nothing but the rows."""
        return DeliveryActivities(self.sessions, self.keyring, self.on, self.storage, self.clock, seconds)

    async def queued(
        self,
        *channels: Channel,
        purpose: Purpose = Purpose.SIGNING_CODE,
        letter: Letter = LETTER,
        **values: object,
    ) -> UUID:
        code = purpose is Purpose.SIGNING_CODE
        defaults: dict[str, object] = {
            "user_id": self.client.user_id,
            "client_id": self.client.id,
            "expires_at": self.clock() + LIFETIME if code else None,
        }
        new = NewDelivery(
            id=uuid4(),
            purpose=purpose,
            channels=channels,
            letter=letter,
            at=self.clock(),
            **(defaults | values),  # type: ignore[arg-type]  # names of its fields
        )
        async with self.sessions.begin() as session:
            assert await queue_delivery(session, self.keyring, new)
            assert not await queue_delivery(session, self.keyring, new)
        return new.id

    async def run(self, delivery_id: UUID) -> DeliveryStanding:
        return await self.worker().deliver(delivery_id)

    async def to_the_end(self, delivery_id: UUID) -> DeliveryStanding:
        """As the workflow does it: when something is due, it is done."""
        while (standing := await self.run(delivery_id)).due_at is not None:
            self.clock.now = max(standing.due_at, self.clock())
        return standing

    async def attempts(self, delivery_id: UUID) -> dict[Channel, DeliveryAttempt]:
        async with self.sessions() as session:
            return {one.channel: one for one in await DeliveryAttempt.of(session, delivery_id)}

    async def delivery(self, delivery_id: UUID) -> Delivery:
        return await self.row(Delivery, delivery_id)

    async def told(self) -> list[tuple[str, str | None]]:
        """Verbs of the client's trail, with channel or reason."""
        async with self.sessions() as session:
            events = await Event.of_client(session, self.client.id)
        return [(one.verb, (one.details or {}).get("channel") or (one.details or {}).get("reason")) for one in events]
