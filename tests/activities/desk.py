"""A desk at which activities are done as the workflow does them: every one twice, over real rows and a real store."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import SQLModel, col, select

from activities.adoption import AdoptionActivities
from activities.certificate import CertificateActivities
from activities.command import Applied, Command
from activities.contract import ContractActivities, RenderingActivities, Terms
from activities.deadline import DeadlineActivities
from activities.device import DeviceActivities
from activities.invoice import InvoiceActivities
from activities.onboarding import OnboardingActivities
from activities.otp import CodeRules, OtpActivities
from activities.passport import PassportActivities
from activities.payment import PaymentActivities
from activities.pep import PepActivities
from activities.photo import PhotoActivities
from activities.step import Steps
from activities.tariff import TariffActivities
from activities.upkeep import UpkeepActivities
from documents.agreement import published
from documents.seal import Seal
from domain.contract import Executor
from domain.crypto import Keyring, NamedSecrets
from domain.deadline import Deadline, Due
from domain.errors import Refusal
from domain.onboarding import Actor, ActorKind, ContractStatus, OnboardingState
from gateways.storage import Storage
from models import Client, Contract, Draft, Event, Invoice, Manager, SupportMessage, User
from models.columns import seal, unseal
from models.database import Sessions
from models.draft import PAYLOAD
from models.support import BODY
from tests.activities.rows import dump
from tests.clock import FakeClock
from tests.factories import BASIC, PASSPORT, make_client, make_manager, make_user, stored

ZONE = ZoneInfo("Europe/Moscow")
OFFER = timedelta(hours=72)
CODE = "428571"
WRONG = "000000"
WEB_URL = "https://privet.example"
EXECUTOR = Executor(
    name="ООО «Привет»",
    inn="7700000000",
    ogrn="1027700000000",
    address="г. Москва, ул. Тверская, д. 1",
    phone="4950000000",
    email="office@example.com",
)
NOTHING: Mapping[str, object] = {}
PROFILE = {"phone": "9161112233", "email": "maria@example.com", "name": "Мария", "address": "г. Тула, ул. Мира, д. 5"}
DEVICE = {"device_type": "Ноутбук", "title": "ThinkPad", "description": None, "specs": {"ram": "16"}, "extra_fee": None}
ORIGIN = {"ip": "203.0.113.7", "user_agent": "Firefox/140"}

Answer = TypeVar("Answer")
Row = TypeVar("Row", bound=SQLModel)
Payload: TypeAlias = Mapping[str, object]
Activity: TypeAlias = Callable[[Command], Awaitable[Applied]]


@dataclass
class Dice:
    """The chance that codes are made of: what is next in `numbers`, `CODE` when there is nothing."""

    numbers: list[int] = field(default_factory=list)

    def __call__(self, bound: int) -> int:
        return self.numbers.pop(0) if self.numbers else int(CODE) % bound


class Desk:
    """All families over one database, one store and one clock; `manager` is who asks unless somebody else is named."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        storage: Storage,
        clock: FakeClock,
        key_store: bytes,
        manager: Manager,
    ) -> None:
        self.sessions, self.keyring, self.storage, self.clock = sessions, keyring, storage, clock
        self.manager = as_manager(manager)
        self.dice = Dice()
        self.begun: list[UUID] = []
        self.seal = Seal(key_store, "")
        self.secrets = NamedSecrets({"s2": b"new secret", "s1": b"old secret"}, "s2")
        self.steps = Steps(sessions, keyring, ZONE, clock)
        agreement = published()
        rules = CodeRules(600, 5, 60, agreement.version, agreement.sha256)
        self.onboarding = OnboardingActivities(self.steps)
        self.passports = PassportActivities(self.steps)
        self.devices = DeviceActivities(self.steps)
        self.tariffs = TariffActivities(self.steps)
        self.codes = OtpActivities(self.steps, rules, self.dice)
        self.contracts = ContractActivities(self.steps, self.codes, Terms(EXECUTOR, OFFER))
        self.pep = PepActivities(self.steps, self.codes, self.secrets)
        self.payments = PaymentActivities(self.steps)
        self.invoices = InvoiceActivities(self.steps)
        self.due = DeadlineActivities(self.steps, self.contracts)
        self.rendering = RenderingActivities(self.steps, storage)
        self.photos = PhotoActivities(sessions, keyring, storage, clock)
        self.certificates = CertificateActivities(self.steps, storage, self.seal, self.secrets, WEB_URL)
        self.adoption = AdoptionActivities(sessions, self._begin, clock)
        self.upkeep = UpkeepActivities(sessions, clock)

    async def _begin(self, client_id: UUID) -> None:
        self.begun.append(client_id)

    # How activities are called.

    async def command(
        self, client: Client, payload: Payload, actor: Actor | None = None, contract_id: UUID | None = None
    ) -> Command:
        """The draft that a route would have stored, and the command that it would have sent."""
        draft_id = uuid4()
        draft = Draft(
            id=draft_id,
            caller="test",
            route="/test",
            key=str(draft_id),
            digest=hashlib.sha256(draft_id.bytes).digest(),
            payload=seal(self.keyring, PAYLOAD, dict(payload)),
            created_at=self.clock(),
        )
        await stored(self.sessions, draft)
        return Command(client.id, draft_id, actor or self.manager, contract_id)

    async def twice(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Its answer, after the same work was done again, changed no row and answered the same."""
        first = await work()
        rows = await dump(self.sessions)
        again = await work()
        assert again == first
        assert await dump(self.sessions) == rows
        return first

    async def do(
        self, activity: Activity, client: Client, payload: Payload = NOTHING, actor: Actor | None = None
    ) -> Applied:
        """A command carried out (twice)."""
        command = await self.command(client, payload, actor)
        return await self.twice(lambda: activity(command))

    async def refused(
        self,
        kind: type[Refusal],
        activity: Activity,
        client: Client,
        payload: Payload = NOTHING,
        actor: Actor | None = None,
    ) -> Refusal:
        """A command that is refused, with the same words when it is repeated; the repeat changes nothing."""
        return await self.refuses(kind, activity, await self.command(client, payload, actor))

    async def refuses(
        self, kind: type[Refusal], activity: Callable[[Command], Awaitable[Any]], command: Command
    ) -> Refusal:
        first = await refusal_of(activity, command)
        rows = await dump(self.sessions)
        again = await refusal_of(activity, command)
        assert (again.code, again.detail, again.extra) == (first.code, first.detail, first.extra)
        assert await dump(self.sessions) == rows
        assert first.code == kind.code
        return first

    async def fall_due(self, client: Client, due: Due, subject: UUID) -> Applied:
        """A deadline that comes now (and its activity twice)."""
        deadline = Deadline(due, self.clock(), subject)
        return await self.twice(lambda: self.due.fall_due(client.id, deadline))

    async def state(self, client: Client) -> OnboardingState:
        return await self.onboarding.load_onboarding(client.id)

    # How far a client has come.

    async def new_client(self, **values: Any) -> Client:
        """Registered, seen by nobody."""
        return await make_client(self.sessions, await make_user(self.sessions), **values)

    async def ready_client(self, devices: int = 1, tariff_id: UUID | None = BASIC, **passport: str | None) -> Client:
        """Profile, passport, devices and tariff are there; the contract may be generated."""
        client = await self.new_client()
        await self.do(self.onboarding.save_profile, client, PROFILE)
        number = f"{client.id.int % 10**6:06}"
        await self.do(self.passports.save_passport, client, {**PASSPORT, "number": number, **passport})
        for _ in range(devices):
            await self.do(self.devices.add_device, client, DEVICE)
        await self.apply_tariff(client, devices, tariff_id)
        return client

    async def apply_tariff(self, client: Client, devices: int, tariff_id: UUID | None = BASIC) -> Applied:
        chosen = str(tariff_id) if tariff_id else None
        return await self.do(self.tariffs.apply_tariff, client, {"device_count": devices, "tariff_id": chosen})

    async def generate(self, client: Client, actor: Actor | None = None) -> Applied:
        """Draft, render, send, as the workflow does it."""
        applied = await self.do(self.contracts.draft_contract, client, actor=actor)
        contract = applied.state.contract
        if contract is None or contract.status is not ContractStatus.DRAFT:
            return applied
        await self.twice(lambda: self.rendering.store_contract(contract.id))
        sent = await self.contracts.send_contract(client.id, contract.id, actor or self.manager)
        rows = await dump(self.sessions)
        again = await self.contracts.send_contract(client.id, contract.id, actor or self.manager)
        assert (again.state, again.outcome.contract_id) == (sent.state, contract.id)
        assert await dump(self.sessions) == rows
        return sent

    async def offered(self, devices: int = 1, tariff_id: UUID | None = BASIC) -> Client:
        """A client with a contract and a code before him."""
        client = await self.ready_client(devices, tariff_id)
        await self.generate(client)
        return client

    async def sign(self, client: Client, code: str = CODE, actor: Actor | None = None) -> Applied:
        return await self.do(self.pep.sign_contract, client, {"code": code, **ORIGIN}, actor)

    async def signed(self, devices: int = 1, tariff_id: UUID | None = BASIC) -> Client:
        client = await self.offered(devices, tariff_id)
        await self.sign(client)
        return client

    async def wrong(
        self, client: Client, kind: type[Refusal], code: str = WRONG, actor: Actor | None = None
    ) -> Refusal:
        """A try with a code that is refused."""
        return await self.refused(kind, self.pep.sign_contract, client, {"code": code, **ORIGIN}, actor)

    # What stands in the rows.

    async def row(self, kind: type[Row], key: UUID) -> Row:
        async with self.sessions() as session:
            return await session.get_one(kind, key)

    async def rows(self, kind: type[Row]) -> list[Row]:
        async with self.sessions() as session:
            return list((await session.exec(select(kind))).all())

    async def card(self, client: Client) -> Client:
        return await self.row(Client, client.id)

    async def user(self, client: Client) -> User:
        return await self.row(User, client.user_id)

    async def versions(self, client: Client) -> list[Contract]:
        """Oldest first."""
        async with self.sessions() as session:
            return list(reversed(await Contract.all_of(session, client.id)))

    async def contract(self, client: Client) -> Contract:
        """The newest that is not void."""
        async with self.sessions() as session:
            found = await Contract.newest(session, client.id)
        assert found is not None
        return found

    async def bills(self, client: Client) -> list[Invoice]:
        """Oldest first."""
        async with self.sessions() as session:
            return list(await Invoice.of_client(session, client.id))

    async def events(self, client: Client) -> list[Event]:
        async with self.sessions() as session:
            return list(await Event.of_client(session, client.id))

    async def verbs(self, client: Client) -> list[str]:
        return [event.verb for event in await self.events(client)]

    async def messages(self, client: Client) -> list[str]:
        """What staff read in the client's signing ticket."""
        return [message.body or "" for message in await self._in_ticket(client)]

    async def read_by_client(self, client: Client) -> list[str]:
        """What the client himself reads there."""
        return [
            unseal(self.keyring, BODY, message.body_sealed) if message.body_sealed else message.body or ""
            for message in await self._in_ticket(client)
        ]

    async def _in_ticket(self, client: Client) -> list[SupportMessage]:
        ticket_id = (await self.card(client)).support_ticket_id
        async with self.sessions() as session:
            query = select(SupportMessage).where(col(SupportMessage.ticket_id) == ticket_id)
            return list((await session.exec(query.order_by(col(SupportMessage.created_at)))).all())


async def refusal_of(activity: Callable[[Command], Awaitable[Any]], command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await activity(command)
    return refused.value


def as_manager(manager: Manager) -> Actor:
    return Actor(ActorKind.MANAGER, manager.id)


def as_client(client: Client) -> Actor:
    """The client himself, in his own session."""
    return Actor(ActorKind.CLIENT, client.user_id)


async def another_manager(desk: Desk) -> Actor:
    return as_manager(await make_manager(desk.sessions))
