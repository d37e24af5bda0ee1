"""The rows of one client in memory: what the effects do to them, what was asked, what a test arranges."""

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from activities.clients.command import ClientCommand, ClientOutcome
from domain.clients.status import ClientStatus
from domain.contracts.refusals import ContractMissing, ContractOutdated, NotSigned
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.refusal import NotFound, Refusal
from domain.onboarding.deadline import Deadline, Due
from domain.onboarding.process import CodeState, ContractState, InvoiceState, OnboardingState
from domain.onboarding.refusals import ClientTaken
from domain.people.one_time_code import cooldown_left
from domain.people.refusals import CodeExpired, CodeLocked, WrongCode
from tests.workflows.arranged import Arranged

RIGHT_CODE: Final = "111111"
CODE_TTL: Final = timedelta(minutes=10)
RESEND: Final = 60
"""Seconds between two codes."""

OFFER: Final = timedelta(hours=72)
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
OPEN = (ContractStatus.DRAFT, ContractStatus.SENT)


@dataclass
class FakeCard(Arranged):
    """The rows of one client, and what may be arranged for the next attempts at an activity."""

    client_id: UUID
    status: ClientStatus = ClientStatus.NEW
    manager_id: UUID | None = None
    last_step_at: datetime | None = None
    passport: bool = False
    devices: int = 0
    covered: int = 0
    """Devices that a signed contract speaks of."""
    tariff: bool = False
    contracts: list[ContractState] = field(default_factory=list)
    versions: int = 0
    """Also of contracts that are void."""
    uncertified: tuple[UUID, ...] = ()
    unsealed: tuple[UUID, ...] = ()
    undelivered: tuple[UUID, ...] = ()
    invoices: tuple[InvoiceState, ...] = ()
    bills: set[UUID] = field(default_factory=set)
    """Of the invoices those that no contract asked for."""
    photo: str | None = None
    fee: int = 1000
    deleted: bool = False
    deleted_objects: set[str] = field(default_factory=set)
    drafts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    answers: dict[UUID, ClientOutcome | Refusal] = field(default_factory=dict)
    faults: dict[str, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    broken: set[str] = field(default_factory=set)
    reads: int = 0
    """Readings of the state: each is newer than the one before."""

    @property
    def contract(self) -> ContractState | None:
        return self.contracts[-1] if self.contracts else None

    def state(self) -> OnboardingState:
        self.reads += 1
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
            unsealed=self.unsealed,
            invoices=self.invoices,
            as_of=EPOCH + timedelta(seconds=self.reads),
            undelivered=self.undelivered,
        )

    # What a test asks and arranges.

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

    # What the effects do.

    def take(self, actor: Actor, at: datetime) -> None:
        if actor.kind is not ActorKind.MANAGER:
            return
        if self.manager_id not in (None, actor.id):
            raise ClientTaken("Клиента ведёт другой менеджер.")
        self.manager_id, self.last_step_at = actor.id, at

    def change(self) -> None:
        contract = self.contract
        if contract is not None and contract.status in OPEN:
            self.contracts[-1] = replace(contract, outdated=True)

    def alter(self, **changes: Any) -> None:
        self.contracts[-1] = replace(self.contracts[-1], **changes)

    def settle(self) -> None:
        """After a signature: a bill that no contract asked for is not waited for."""
        owed = any(one.id not in self.bills for one in self.invoices)
        self.status = ClientStatus.AWAITING_PAYMENT if owed else ClientStatus.PROCESSED

    def is_signed(self) -> bool:
        return any(one.status is ContractStatus.SIGNED for one in self.contracts)

    def contract_out(self, at: datetime) -> ContractState:
        contract = self.contract
        if contract is None or contract.status is not ContractStatus.SENT:
            raise ContractMissing("Нет договора, который ждёт подписи.")
        if contract.outdated or (contract.offer_expires_at is not None and contract.offer_expires_at <= at):
            raise ContractOutdated("Сформируйте договор заново.")
        return contract

    def save_profile(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        if self.status is ClientStatus.NEW:
            self.status = ClientStatus.IN_VERIFICATION
        self.change()
        return ClientOutcome()

    def save_passport(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        self.passport = True
        self.change()
        return ClientOutcome()

    def add_device(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        self.devices += 1
        if self.status in (ClientStatus.AWAITING_PAYMENT, ClientStatus.PROCESSED):
            self.status = ClientStatus.AWAITING_CONTRACT
            self.alter(outdated=True)
        self.change()
        return ClientOutcome()

    def change_device(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        self.change()
        return ClientOutcome()

    def remove_device(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        """The newest one; an amendment that was asked for by it alone is needless then."""
        self.devices -= 1
        self.change()
        if self.status is ClientStatus.AWAITING_CONTRACT and self.is_signed() and self.devices <= self.covered:
            self.contracts = [one for one in self.contracts if one.status not in OPEN]
            self.alter(outdated=False)
            self.settle()
        self.covered = min(self.covered, self.devices)
        return ClientOutcome()

    def apply_tariff(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        self.tariff = True
        if self.status is ClientStatus.IN_VERIFICATION:
            self.status = ClientStatus.AWAITING_CONTRACT
        self.change()
        return ClientOutcome()

    def draft_contract(self, command: ClientCommand, _: datetime) -> ClientOutcome:
        newest = self.contract
        if newest is not None and not newest.outdated:
            return ClientOutcome(contract_id=newest.id)
        if newest is not None and newest.status in OPEN:
            self.contracts.pop()
        contract_id = uuid5(command.draft_id, "contract")
        version = self.versions = max(self.versions, newest.version if newest else 0) + 1
        self.contracts.append(
            ContractState(contract_id, f"ЁЛ-260302-{version:02}", version, ContractStatus.DRAFT, outdated=False)
        )
        return ClientOutcome(contract_id=contract_id)

    def send(self, contract_id: UUID, at: datetime) -> ClientOutcome:
        contract = self.contracts[-1]
        if contract.status is not ContractStatus.DRAFT:
            return ClientOutcome(contract_id=contract_id)
        self.alter(status=ContractStatus.SENT, offer_started_at=at, offer_expires_at=at + OFFER, code=_code(at))
        return ClientOutcome(sent=True, contract_id=contract_id)

    def request_code(self, _: ClientCommand, at: datetime) -> ClientOutcome:
        newest = self.contract_out(at).code
        if wait := cooldown_left(newest.sent_at if newest else None, at, RESEND):
            return ClientOutcome(sent=False, retry_after=wait)
        self.alter(code=_code(at))
        return ClientOutcome(sent=True, retry_after=RESEND)

    def sign_contract(self, command: ClientCommand, at: datetime) -> ClientOutcome:
        contract = self.contract_out(at)
        code = contract.code
        if code is not None and code.tries_left <= 0:
            raise CodeLocked("Слишком много неверных попыток. Запросите новый код.")
        if code is None or code.expires_at <= at:
            raise CodeExpired("Срок действия кода истёк. Запросите новый.")
        if self.drafts[command.draft_id]["code"] != RIGHT_CODE:
            self.alter(code=replace(code, tries_left=code.tries_left - 1))
            raise WrongCode("Код не подходит.", tries_left=code.tries_left - 1)
        self.alter(status=ContractStatus.SIGNED, code=replace(code, used=True))
        self.covered = self.devices
        self.uncertified += (contract.id,)
        self.unsealed += (contract.id,)
        if self.fee:
            self.invoices += (_invoice(uuid5(contract.id, "invoice"), at + timedelta(days=5)),)
        self.settle()
        return ClientOutcome()

    def certify(self, contract_id: UUID) -> None:
        self.uncertified = tuple(one for one in self.uncertified if one != contract_id)
        self.contracts = [replace(one, certified=one.certified or one.id == contract_id) for one in self.contracts]

    def void_contract(self, command: ClientCommand, at: datetime) -> ClientOutcome:
        if self.contracts:
            self.contracts.pop()
        if command.actor.kind is ActorKind.CLIENT:
            self.last_step_at = at
        return ClientOutcome()

    decline_contract = void_contract

    def confirm_payment(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        if self.invoices and not self.is_signed():
            raise NotSigned("Оплату можно подтвердить только после подписания договора.")
        self.invoices = self.invoices[1:]
        if self.status is ClientStatus.AWAITING_PAYMENT:
            self.settle()
        return ClientOutcome()

    def bill(self, command: ClientCommand, at: datetime) -> ClientOutcome:
        self.bills.add(command.draft_id)
        self.invoices += (_invoice(command.draft_id, at + timedelta(days=3)),)
        return ClientOutcome()

    def release_client(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        self.manager_id, self.last_step_at = None, None
        return ClientOutcome()

    def take_over_client(self, command: ClientCommand, at: datetime) -> ClientOutcome:
        self.manager_id, self.last_step_at = command.actor.id, at
        return ClientOutcome()

    def nothing(self, _: ClientCommand, __: datetime) -> ClientOutcome:
        return ClientOutcome()

    agree = record_device_photo = remove_device_photo = nothing

    def show_photo(self, key: str | None) -> tuple[str, ...]:
        """Trash: the photo before it."""
        if key is None and self.photo is None:
            raise NotFound("Фотографии паспорта нет.")
        before, self.photo = self.photo, key
        return (before,) if before else ()

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
