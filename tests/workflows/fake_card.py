"""The rows of one client in memory: what the effects do to them, what was asked, what a test arranges."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from activities.kernel.command import Command, Outcome
from domain.kernel.refusal import CodeExpired, Refusal, WrongCode
from domain.onboarding.deadline import Deadline, Due
from domain.onboarding.process import (
    Actor,
    ActorKind,
    CodeState,
    ContractState,
    ContractStatus,
    InvoiceState,
    OnboardingState,
    Status,
)

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
