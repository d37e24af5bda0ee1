"""Fake activities: the same names and types as the real ones, over a card in memory that remembers what was asked."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from activities.command import Applied, Command, Outcome
from domain.deadline import Deadline, Due
from domain.errors import CodeExpired, NotFound, Refusal, WrongCode
from domain.onboarding import (
    Actor,
    ActorKind,
    CodeState,
    ContractState,
    ContractStatus,
    InvoiceState,
    OnboardingState,
    Status,
)
from worker.parts import activities_of
from workflows.names import onboarding_id

RIGHT_CODE: Final = "111111"
CODE_TTL: Final = timedelta(minutes=10)
OFFER: Final = timedelta(hours=72)
PATIENCE: Final = 30
"""Seconds after which something that should have happened is missed."""

OPEN = (ContractStatus.DRAFT, ContractStatus.SENT)


@dataclass(frozen=True)
class Call:
    """An attempt at an activity; `at` is the workflow's own time."""

    name: str
    at: datetime
    about: object = None


@dataclass
class FakeCard:
    """The rows of one client, and what may be arranged for the next attempts at an activity."""

    client_id: UUID
    status: Status = Status.NEW
    manager_id: UUID | None = None
    last_step_at: datetime | None = None
    passport: bool = False
    devices: int = 0
    tariff: bool = False
    contracts: list[ContractState] = field(default_factory=list)
    uncertified: tuple[UUID, ...] = ()
    invoices: tuple[InvoiceState, ...] = ()
    photo: str | None = None
    fee: int = 1000
    deleted: bool = False
    deleted_objects: set[str] = field(default_factory=set)
    drafts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    answers: dict[UUID, Outcome | Refusal] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    broken: set[str] = field(default_factory=set)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def contract(self) -> ContractState | None:
        return self.contracts[-1] if self.contracts else None

    def state(self) -> OnboardingState:
        return OnboardingState(
            client_id=self.client_id,
            status=self.status,
            manager_id=self.manager_id,
            last_step_at=self.last_step_at,
            passport_complete=self.passport,
            devices=self.devices,
            tariff_applied=self.tariff,
            contract=self.contract,
            uncertified=self.uncertified,
            invoices=self.invoices,
        )

    # What a test asks and arranges.

    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def fallen(self) -> list[Due]:
        return [call.about.due for call in self.calls if isinstance(call.about, Deadline)]

    def removed(self) -> list[str]:
        return [key for call in self.calls if call.name == "delete_objects" for key in _texts(call.about)]

    def fails(self, name: str, *errors: Exception) -> None:
        """The next attempts raise these, one each."""
        self.faults[name].extend(errors)

    def breaks(self, name: str) -> None:
        """All attempts fail until it is mended."""
        self.broken.add(name)

    def is_mended(self, name: str) -> None:
        self.broken.discard(name)

    def holds(self, name: str) -> asyncio.Event:
        """Attempts wait until the event is set."""
        return self.gates.setdefault(name, asyncio.Event())

    async def until(self, happened: Callable[[], bool]) -> None:
        """Looked at after every attempt and every effect."""
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self.news.clear()
                await self.news.wait()

    async def tried(self, name: str, times: int = 1) -> None:
        await self.until(lambda: self.names().count(name) >= times)

    # What the effects do.

    def take(self, actor: Actor, at: datetime) -> None:
        if actor.kind is ActorKind.MANAGER:
            self.manager_id, self.last_step_at = self.manager_id or actor.id, at

    def change(self) -> None:
        contract = self.contract
        if contract is not None and contract.status in OPEN:
            self.contracts[-1] = replace(contract, outdated=True)

    def alter(self, **changes: Any) -> None:
        self.contracts[-1] = replace(self.contracts[-1], **changes)

    def save_profile(self, _: Command, __: datetime) -> Outcome:
        if self.status is Status.NEW:
            self.status = Status.IN_VERIFICATION
        self.change()
        return Outcome()

    def save_passport(self, _: Command, __: datetime) -> Outcome:
        self.passport = True
        self.change()
        return Outcome()

    def add_device(self, _: Command, __: datetime) -> Outcome:
        self.devices += 1
        if self.status in (Status.AWAITING_PAYMENT, Status.PROCESSED):
            self.status = Status.AWAITING_CONTRACT
            self.alter(outdated=True)
        self.change()
        return Outcome()

    def remove_device(self, _: Command, __: datetime) -> Outcome:
        self.devices -= 1
        self.change()
        return Outcome()

    def apply_tariff(self, _: Command, __: datetime) -> Outcome:
        self.tariff = True
        if self.status is Status.IN_VERIFICATION:
            self.status = Status.AWAITING_CONTRACT
        self.change()
        return Outcome()

    def draft_contract(self, command: Command, _: datetime) -> Outcome:
        newest = self.contract
        if newest is not None and not newest.outdated:
            return Outcome(contract_id=newest.id)
        if newest is not None and newest.status in OPEN:
            self.contracts.pop()
        contract_id = uuid5(command.draft_id, "contract")
        version = newest.version + 1 if newest else 1
        self.contracts.append(
            ContractState(contract_id, f"ЁЛ-260302-{version:02}", version, ContractStatus.DRAFT, outdated=False)
        )
        return Outcome(contract_id=contract_id)

    def send(self, contract_id: UUID, at: datetime) -> Outcome:
        contract = self.contracts[-1]
        if contract.status is not ContractStatus.DRAFT:
            return Outcome(contract_id=contract_id)
        self.alter(status=ContractStatus.SENT, offer_started_at=at, offer_expires_at=at + OFFER, code=_code(at))
        return Outcome(sent=True, contract_id=contract_id)

    def request_code(self, _: Command, at: datetime) -> Outcome:
        self.alter(code=_code(at))
        return Outcome(sent=True, retry_after=60)

    def sign_contract(self, command: Command, at: datetime) -> Outcome:
        contract = self.contracts[-1]
        code = contract.code
        if code is None or code.expires_at <= at:
            raise CodeExpired("Срок действия кода истёк. Запросите новый.")
        if self.drafts[command.draft_id]["code"] != RIGHT_CODE:
            self.alter(code=replace(code, tries_left=code.tries_left - 1))
            raise WrongCode("Код не подходит.", attempts_left=code.tries_left - 1)
        self.alter(status=ContractStatus.SIGNED, code=replace(code, used=True))
        self.uncertified += (contract.id,)
        if self.fee:
            self.invoices += (_invoice(uuid5(contract.id, "invoice"), at + timedelta(days=5)),)
        self.status = Status.AWAITING_PAYMENT if self.invoices else Status.PROCESSED
        return Outcome()

    def void_contract(self, _: Command, __: datetime) -> Outcome:
        self.contracts.pop()
        return Outcome()

    decline_contract = void_contract

    def confirm_payment(self, _: Command, __: datetime) -> Outcome:
        self.invoices = self.invoices[1:]
        if not self.invoices and self.status is Status.AWAITING_PAYMENT:
            self.status = Status.PROCESSED
        return Outcome()

    def bill(self, command: Command, at: datetime) -> Outcome:
        self.invoices += (_invoice(command.draft_id, at + timedelta(days=3)),)
        return Outcome()

    def release_client(self, _: Command, __: datetime) -> Outcome:
        self.manager_id, self.last_step_at = None, None
        return Outcome()

    def take_over_client(self, command: Command, at: datetime) -> Outcome:
        self.manager_id, self.last_step_at = command.actor.id, at
        return Outcome()

    def nothing(self, _: Command, __: datetime) -> Outcome:
        return Outcome()

    agree = change_device = record_device_photo = remove_device_photo = nothing

    def fall_due(self, deadline: Deadline, at: datetime) -> None:
        match deadline.due:
            case Due.CODE_EXPIRES:
                code = self.contracts[-1].code
                assert code is not None
                self.alter(code=replace(code, expiry_noted=True))
            case Due.REMIND_CLIENT_OF_OFFER:
                self.alter(client_reminded=True)
            case Due.REMIND_MANAGER_OF_OFFER:
                self.alter(manager_reminded=True)
            case Due.OFFER_EXPIRES:
                self.contracts.pop()
                self.last_step_at = at
            case Due.REMIND_OF_INVOICE:
                self._alter_invoice(deadline.subject, reminded=True)
            case Due.INVOICE_OVERDUE:
                self._alter_invoice(deadline.subject, overdue=True)
            case Due.OFFER_BACK:
                self.manager_id, self.last_step_at = None, None

    def _alter_invoice(self, subject: UUID, **changes: Any) -> None:
        self.invoices = tuple(replace(one, **changes) if one.id == subject else one for one in self.invoices)


class FakeRows:
    """The cards of all clients, and the activities over them."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self.env = env
        self.cards: dict[UUID, FakeCard] = {}
        self.adopted: list[int] = []
        self.uploads: list[list[str]] = []
        """What is found abandoned, batch by batch."""
        self.upkeep: list[tuple[str, object]] = []

    def card(self, client_id: UUID) -> FakeCard:
        return self.cards.setdefault(client_id, FakeCard(client_id))

    def row_activities(self) -> list[Callable[..., Awaitable[Any]]]:
        return activities_of(FakeCore(self))

    def document_activities(self) -> list[Callable[..., Awaitable[Any]]]:
        return activities_of(FakeDocuments(self))

    async def attempt(self, client_id: UUID, name: str, about: object = None) -> tuple[FakeCard, datetime]:
        """Remember it, wait where a test wants to, fail as it arranged."""
        card = self.cards.get(client_id)
        if card is None or card.deleted:
            raise NotFound("Клиент не найден.")
        at = await self.env.get_current_time(self.env.client.get_workflow_handle(onboarding_id(client_id)))
        card.calls.append(Call(name, at, about))
        card.news.set()
        if name in card.gates:
            await card.gates[name].wait()
        if name in card.broken:
            raise ConnectionError(name)
        if card.faults[name]:
            raise card.faults[name].popleft()
        return card, at

    async def apply(self, command: Command, *, takes: bool = True) -> Applied:
        """Once per draft, as `Steps.apply` does it."""
        name = activity.info().activity_type
        card, at = await self.attempt(command.client_id, name, command)
        if command.draft_id not in card.answers:
            if takes:
                card.take(command.actor, at)
            try:
                card.answers[command.draft_id] = getattr(card, name)(command, at)
            except Refusal as refusal:
                card.answers[command.draft_id] = refusal
        card.news.set()
        return _answer(card, command)

    async def apply_photo(self, command: Command, key: str | None) -> Applied:
        """Point the card to another object: the one before is trash."""
        name = activity.info().activity_type
        card, at = await self.attempt(command.client_id, name, command)
        trash: tuple[str, ...] = ()
        if command.draft_id not in card.answers:
            card.take(command.actor, at)
            trash = (card.photo,) if card.photo else ()
            card.photo = key
            card.answers[command.draft_id] = Outcome()
        return replace(_answer(card, command), trash=trash)


class FakeCore:
    """What the core queue does; `at` is never asked of the machine's clock."""

    def __init__(self, rows: FakeRows) -> None:
        self.rows = rows

    @activity.defn
    async def load_onboarding(self, client_id: UUID) -> OnboardingState:
        card, _ = await self.rows.attempt(client_id, "load_onboarding")
        return card.state()

    @activity.defn
    async def save_profile(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def save_passport(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def record_passport_photo(self, command: Command) -> Applied:
        return await self.rows.apply_photo(command, f"photos/{command.draft_id}.jpg")

    @activity.defn
    async def remove_passport_photo(self, command: Command) -> Applied:
        return await self.rows.apply_photo(command, None)

    @activity.defn
    async def add_device(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def change_device(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def remove_device(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def record_device_photo(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def remove_device_photo(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def apply_tariff(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def draft_contract(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def send_contract(self, client_id: UUID, contract_id: UUID, actor: Actor) -> Applied:
        card, at = await self.rows.attempt(client_id, "send_contract", contract_id)
        outcome = card.send(contract_id, at)
        return Applied(card.state(), outcome)

    @activity.defn
    async def request_code(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def agree(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def sign_contract(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def void_contract(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def decline_contract(self, command: Command) -> Applied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def confirm_payment(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def bill(self, command: Command) -> Applied:
        return await self.rows.apply(command)

    @activity.defn
    async def release_client(self, command: Command) -> Applied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def take_over_client(self, command: Command) -> Applied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def fall_due(self, client_id: UUID, deadline: Deadline) -> Applied:
        card, at = await self.rows.attempt(client_id, "fall_due", deadline)
        card.fall_due(deadline, at)
        card.news.set()
        return Applied(card.state())

    @activity.defn
    async def adopt_clients(self) -> int:
        return self.rows.adopted.pop(0)

    @activity.defn
    async def delete_leftovers(self) -> int:
        self.rows.upkeep.append(("delete_leftovers", None))
        return 7

    @activity.defn
    async def abandoned_uploads(self) -> list[str]:
        return self.rows.uploads.pop(0) if self.rows.uploads else []

    @activity.defn
    async def forget_uploads(self, keys: list[str]) -> None:
        self.rows.upkeep.append(("forget_uploads", keys))


class FakeDocuments:
    """What the queue for slow work does."""

    def __init__(self, rows: FakeRows) -> None:
        self.rows = rows

    @activity.defn
    async def store_contract(self, contract_id: UUID) -> None:
        await self.rows.attempt(_client_of_this(), "store_contract", contract_id)

    @activity.defn
    async def accept_photo(self, command: Command) -> None:
        await self.rows.attempt(command.client_id, "accept_photo", command)

    @activity.defn
    async def delete_objects(self, keys: list[str]) -> None:
        if not _is_of_a_client():
            self.rows.upkeep.append(("delete_objects", keys))
            return
        card, _ = await self.rows.attempt(_client_of_this(), "delete_objects", keys)
        card.deleted_objects.update(keys)
        card.news.set()

    @activity.defn
    async def certify_signature(self, client_id: UUID, contract_id: UUID) -> Applied:
        card, _ = await self.rows.attempt(client_id, "certify_signature", contract_id)
        card.uncertified = tuple(one for one in card.uncertified if one != contract_id)
        card.news.set()
        return Applied(card.state())


def _answer(card: FakeCard, command: Command) -> Applied:
    answer = card.answers[command.draft_id]
    if isinstance(answer, Refusal):
        raise answer
    return Applied(card.state(), answer)


def _is_of_a_client() -> bool:
    return activity.info().workflow_type == "OnboardingWorkflow"


def _client_of_this() -> UUID:
    return UUID((activity.info().workflow_id or "").removeprefix("onboarding-"))


def _code(at: datetime) -> CodeState:
    return CodeState(sent_at=at, expires_at=at + CODE_TTL, tries_left=5)


def _invoice(invoice_id: UUID, due: datetime) -> InvoiceState:
    return InvoiceState(
        invoice_id,
        remind_at=due - timedelta(days=1),
        overdue_at=due + timedelta(days=1),
        reminded=False,
        overdue=False,
    )


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
