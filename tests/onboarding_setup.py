"""Activities of onboarding, done as the workflow does them: every one twice, over real rows and a real store."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from activities.billing.invoice import InvoiceActivities
from activities.billing.payment import PaymentActivities
from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientSteps
from activities.contracts.agreement import Agreements
from activities.contracts.certificate import CertificateActivities
from activities.contracts.code import CodeActivities
from activities.contracts.contract import ContractActivities, RenderingActivities, Terms
from activities.contracts.sealing import SealingActivities
from activities.contracts.signature import SignatureActivities
from activities.onboarding.card import OnboardingActivities
from activities.onboarding.deadline import DeadlineActivities
from activities.onboarding.device import DeviceActivities
from activities.onboarding.passport import PassportActivities
from activities.onboarding.photo import PhotoActivities
from activities.onboarding.tariff import TariffActivities
from activities.operations.adoption import AdoptionActivities
from activities.operations.upkeep import UpkeepActivities
from documents.contracts.agreement import published
from documents.contracts.seal import Seal
from domain.contracts.contract import Executor
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.crypto import Keyring, NamedSecrets
from domain.kernel.refusal import Refusal
from domain.onboarding.deadline import Deadline, Due
from domain.onboarding.process import OnboardingState
from domain.people.one_time_code import CodeRules
from gateways.storage.client import Storage
from models import Client, Contract, Manager
from models.kernel import upkeep as kernel_upkeep
from models.kernel.database import Sessions
from tests.clock import FakeClock
from tests.database_content import dump
from tests.drafts import new_draft
from tests.factories import BASIC, PASSPORT, client_session_of, make_client, make_manager, make_session, make_user
from tests.stored_rows import StoredRows
from worker.subjects import SUBJECTS

UPKEEPS = [kernel_upkeep, *(subject.upkeep for subject in SUBJECTS if subject.upkeep is not None)]
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
Payload: TypeAlias = Mapping[str, object]
Activity: TypeAlias = Callable[[ClientCommand], Awaitable[ClientApplied]]


@dataclass
class Dice:
    """The chance that codes are made of: what is next in `numbers`, `CODE` when there is nothing."""

    numbers: list[int] = field(default_factory=list)

    def __call__(self, bound: int) -> int:
        return self.numbers.pop(0) if self.numbers else int(CODE) % bound


class OnboardingSetup(StoredRows):
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
        super().__init__(sessions, keyring)
        self.storage, self.clock = storage, clock
        self.manager = as_manager(manager)
        self.dice = Dice()
        self.in_passing = False
        self.begun: list[UUID] = []
        self.seal = Seal(key_store, "")
        self.secrets = NamedSecrets({"s2": b"new secret", "s1": b"old secret"}, "s2")
        self.steps = ClientSteps(sessions, keyring, ZONE, clock)
        agreements = Agreements(published().version, published().sha256)
        self.cards = OnboardingActivities(self.steps)
        self.passports = PassportActivities(self.steps)
        self.devices = DeviceActivities(self.steps)
        self.tariffs = TariffActivities(self.steps)
        self.codes = CodeActivities(self.steps, CodeRules(600, 5, 60), self.dice)
        self.contracts = ContractActivities(self.steps, self.codes, agreements, Terms(EXECUTOR, OFFER))
        self.pep = SignatureActivities(self.steps, agreements)
        self.payments = PaymentActivities(self.steps)
        self.invoices = InvoiceActivities(self.steps)
        self.due = DeadlineActivities(self.steps)
        self.rendering = RenderingActivities(self.steps, storage)
        self.photos = PhotoActivities(sessions, keyring, storage, clock)
        self.certificates = CertificateActivities(self.steps, storage, self.seal, self.secrets, WEB_URL)
        self.sealing = SealingActivities(self.steps, storage, self.secrets, None)
        self.adoption = AdoptionActivities(sessions, keyring, self._begin, clock)
        self.upkeep = UpkeepActivities(sessions, UPKEEPS, clock)

    async def _begin(self, client_id: UUID) -> None:
        self.begun.append(client_id)

    # How activities are called.

    async def command(
        self, client: Client, payload: Payload, actor: Actor | None = None, contract_id: UUID | None = None
    ) -> ClientCommand:
        """The draft that a route would have stored, and the command that it would have sent."""
        draft_id = await new_draft(self.sessions, self.keyring, self.clock(), payload)
        return ClientCommand(client.id, draft_id, actor or self.manager, contract_id)

    async def twice(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Its answer, after the same work was done again, changed no row and answered the same."""
        first = await work()
        if self.in_passing:
            return first
        rows = await dump(self.sessions)
        again = await work()
        assert again == first
        assert await dump(self.sessions) == rows
        return first

    async def do(
        self, activity: Activity, client: Client, payload: Payload = NOTHING, actor: Actor | None = None
    ) -> ClientApplied:
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
        self, kind: type[Refusal], activity: Callable[[ClientCommand], Awaitable[Any]], command: ClientCommand
    ) -> Refusal:
        first = await refusal_of(activity, command)
        rows = await dump(self.sessions)
        again = await refusal_of(activity, command)
        assert (again.code, again.detail, again.extra) == (first.code, first.detail, first.extra)
        assert await dump(self.sessions) == rows
        assert first.code == kind.code
        return first

    async def fall_due(self, client: Client, due: Due, subject: UUID) -> ClientApplied:
        """A deadline that comes now (and its activity twice)."""
        deadline = Deadline(due, self.clock(), subject)
        return await self.twice(lambda: self.due.fall_due(client.id, deadline))

    async def state(self, client: Client) -> OnboardingState:
        return await self.cards.load_onboarding(client.id)

    # How far a client has come.

    async def new_client(self, **values: Any) -> Client:
        """Registered, seen by nobody."""
        user = await make_user(self.sessions)
        await make_session(self.sessions, user)
        return await make_client(self.sessions, user, **values)

    @contextmanager
    def on_the_way(self) -> Iterator[None]:
        """What only leads to the matter of a test is done once: elsewhere it is itself the matter, and done twice."""
        before, self.in_passing = self.in_passing, True
        yield
        self.in_passing = before

    async def ready_client(self, devices: int = 1, tariff_id: UUID | None = BASIC, **passport: str | None) -> Client:
        """Profile, passport, devices and tariff are there; the contract may be generated."""
        client = await self.new_client()
        number = f"{client.id.int % 10**6:06}"
        with self.on_the_way():
            await self.do(self.cards.save_profile, client, PROFILE)
            await self.do(self.passports.save_passport, client, {**PASSPORT, "number": number, **passport})
            for _ in range(devices):
                await self.do(self.devices.add_device, client, DEVICE)
            await self.apply_tariff(client, devices, tariff_id)
        return client

    async def apply_tariff(self, client: Client, devices: int, tariff_id: UUID | None = BASIC) -> ClientApplied:
        chosen = str(tariff_id) if tariff_id else None
        return await self.do(self.tariffs.apply_tariff, client, {"device_count": devices, "tariff_id": chosen})

    async def draft(self, client: Client) -> Contract:
        applied = await self.do(self.contracts.draft_contract, client)
        assert applied.outcome.contract_id is not None
        return await self.row(Contract, applied.outcome.contract_id)

    async def generate(self, client: Client, actor: Actor | None = None) -> ClientApplied:
        """Draft, render, send, as the workflow does it."""
        applied = await self.do(self.contracts.draft_contract, client, actor=actor)
        contract = applied.state.contract
        if contract is None or contract.status is not ContractStatus.DRAFT:
            return applied
        await self.twice(lambda: self.rendering.store_contract(contract.id))
        send = partial(self.contracts.send_contract, client.id, contract.id, actor or self.manager)
        sent = await send()
        again = replace(await self.twice(send), outcome=sent.outcome)
        assert again == sent
        return sent

    async def offered(self, devices: int = 1, tariff_id: UUID | None = BASIC) -> Client:
        """A client with a contract and a code before him."""
        client = await self.ready_client(devices, tariff_id)
        with self.on_the_way():
            await self.generate(client)
        return client

    async def sign(self, client: Client, code: str = CODE, actor: Actor | None = None) -> ClientApplied:
        return await self.do(self.pep.sign_contract, client, entered(client, code), actor)

    async def signed(self, devices: int = 1, tariff_id: UUID | None = BASIC) -> Client:
        client = await self.offered(devices, tariff_id)
        with self.on_the_way():
            await self.sign(client)
            await self.seal_traces(client)
        return client

    async def seal_traces(self, client: Client) -> None:
        """What the sealing process does first."""
        for contract_id in (await self.state(client)).unsealed:
            await self.twice(partial(self.sealing.seal_trace, client.id, contract_id))

    async def wrong(
        self, client: Client, kind: type[Refusal], code: str = WRONG, actor: Actor | None = None
    ) -> Refusal:
        """A try with a code that is refused."""
        return await self.refused(kind, self.pep.sign_contract, client, entered(client, code), actor)


def own_session(client: Client) -> Payload:
    """What a request in the session that `new_client` has opened says of it; the phone is proven there."""
    return {"session_id": str(client_session_of(client.user_id))}


def entered(client: Client, code: str) -> Payload:
    """A code as it is entered in the session that `new_client` has opened."""
    return {"code": code, **own_session(client), **ORIGIN}


async def refusal_of(activity: Callable[[ClientCommand], Awaitable[Any]], command: ClientCommand) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await activity(command)
    return refused.value


def as_manager(manager: Manager) -> Actor:
    return Actor(ActorKind.MANAGER, manager.id)


def as_client(client: Client) -> Actor:
    """The client himself, in his own session."""
    return Actor(ActorKind.CLIENT, client.user_id)


async def another_manager(onboarding: OnboardingSetup) -> Actor:
    return as_manager(await make_manager(onboarding.sessions))
