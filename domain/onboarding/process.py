"""The onboarding process of a client: its state, the next step, and the permitted operations."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.clients.status import ClientStatus
from domain.contracts.refusals import ContractMissing, ContractOutdated, ContractSigned, NotSigned
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.refusal import WrongStep
from domain.onboarding.refusals import AlreadyHeld, ClientNotTaken, ClientTaken, NotReady


class WizardStep(StrEnum):
    """What has to be done next, `next_step` of a card."""

    PROFILE = "profile"
    PASSPORT = "passport"
    DEVICES = "devices"
    TARIFF = "tariff"
    CONTRACT = "contract"
    SIGNATURE = "signature"
    PAYMENT = "payment"
    DONE = "done"


@dataclass(frozen=True)
class CodeState:
    """The newest one-time code of a contract: times and tries, never the digits."""

    sent_at: datetime
    expires_at: datetime
    tries_left: int
    expiry_noted: bool = False
    used: bool = False


@dataclass(frozen=True)
class ContractState:
    """The newest contract that is not void."""

    id: UUID
    number: str
    version: int
    status: ContractStatus
    outdated: bool
    offer_started_at: datetime | None = None
    offer_expires_at: datetime | None = None
    client_reminded: bool = False
    manager_reminded: bool = False
    certified: bool = False
    code: CodeState | None = None


@dataclass(frozen=True)
class InvoiceState:
    """An open invoice."""

    id: UUID
    remind_at: datetime
    overdue_at: datetime
    reminded: bool
    overdue: bool


@dataclass(frozen=True)
class OnboardingState:
    """Input of all decisions of the process: ids, statuses and times, no personal data.

    `unsealed` are signed contracts whose trace the sealing process has not sealed, `uncertified` those without a
    certificate. `undelivered` are deliveries whose workflows are to be started. `as_of` is the database's
    time of the read, under the lock of the client's row; it orders states. None in the histories of earlier releases.
    """

    client_id: UUID
    status: ClientStatus
    manager_id: UUID | None = None
    last_step_at: datetime | None = None
    passport_complete: bool = False
    devices: int = 0
    tariff_applied: bool = False
    contract: ContractState | None = None
    uncertified: tuple[UUID, ...] = ()
    invoices: tuple[InvoiceState, ...] = ()
    as_of: datetime | None = field(default=None, compare=False)
    unsealed: tuple[UUID, ...] = ()
    undelivered: tuple[UUID, ...] = ()

    def is_older_than(self, other: "OnboardingState") -> bool:
        return self.as_of is not None and other.as_of is not None and self.as_of < other.as_of

    @property
    def signed(self) -> bool:
        return self.contract is not None and self.contract.status is ContractStatus.SIGNED

    @property
    def out_for_signature(self) -> bool:
        return self.contract is not None and self.contract.status is ContractStatus.SENT and not self.contract.outdated


def next_step(state: OnboardingState) -> WizardStep:
    """The first incomplete step in the order of the wizard; devices are required only before the tariff."""
    if state.status is ClientStatus.NEW:
        return WizardStep.PROFILE
    if not state.passport_complete:
        return WizardStep.PASSPORT
    if not state.tariff_applied:
        return WizardStep.TARIFF if state.devices else WizardStep.DEVICES
    if state.contract is None or state.contract.outdated or state.contract.status is ContractStatus.DRAFT:
        return WizardStep.CONTRACT
    if state.contract.status is ContractStatus.SENT:
        return WizardStep.SIGNATURE
    return WizardStep.DONE if state.status is ClientStatus.PROCESSED else WizardStep.PAYMENT


def may_hold(manager_id: UUID | None, actor: Actor) -> None:
    """Raises `ClientTaken` (409 `client-taken`) if the client is assigned to another manager."""
    if actor.kind is ActorKind.MANAGER and manager_id not in (None, actor.id):
        raise ClientTaken(
            "Клиента ведёт другой менеджер. Чтобы продолжить самому, возьмите клиента себе с указанием причины."
        )


def sees_all(manager_id: UUID | None, reader: UUID, *, super_admin: bool) -> bool:
    """Whether passport, photos and contract are shown to a reader: not on a card of another manager."""
    return super_admin or manager_id in (None, reader)


def must_hold(manager_id: UUID | None, actor: Actor) -> None:
    """As `may_hold`, and raises `ClientNotTaken` for a client without a manager."""
    may_hold(manager_id, actor)
    if manager_id is None:
        raise ClientNotTaken(
            "В обращение «Подписание договора» пишет тот, кто ведёт клиента. Сначала возьмите клиента себе."
        )


def may_write(state: OnboardingState, actor: Actor) -> None:
    """As `may_hold`; the first write of a manager assigns the client."""
    may_hold(state.manager_id, actor)


def may_generate(state: OnboardingState, actor: Actor) -> None:
    """Requires profile, passport and an applied tariff; photos are optional."""
    may_write(state, actor)
    if state.status is ClientStatus.NEW:
        raise NotReady("Сначала сохраните контактные данные клиента.", missing=["profile"])
    missing = [
        word for word, there in (("passport", state.passport_complete), ("tariff", state.tariff_applied)) if not there
    ]
    if missing:
        names = {"passport": "паспортные данные", "tariff": "тариф"}
        raise NotReady(
            f"Чтобы сформировать договор, заполните: {', '.join(names[word] for word in missing)}.", missing=missing
        )


def may_request_code(state: OnboardingState, actor: Actor, contract_id: UUID | None = None) -> None:
    may_write(state, actor)
    _needs_open_contract(state, contract_id)


def may_sign(state: OnboardingState, actor: Actor, contract_id: UUID | None = None) -> None:
    """Requires a contract that is sent and not outdated; a signed one cannot be signed again."""
    may_write(state, actor)
    _needs_open_contract(state, contract_id)


def _needs_open_contract(state: OnboardingState, contract_id: UUID | None = None) -> None:
    contract = state.contract
    if contract is None or contract.status is ContractStatus.DRAFT or contract_id not in (None, contract.id):
        raise ContractMissing("Нет договора, который ждёт подписи. Сформируйте договор.")
    if contract.status is ContractStatus.SIGNED:
        raise ContractSigned("Договор уже подписан.")
    if contract.outdated:
        raise ContractOutdated("Данные изменились после формирования договора. Сформируйте договор заново.")


def may_void(state: OnboardingState, actor: Actor, contract_id: UUID | None = None) -> None:
    """Rule for voiding and declining: only an unsigned contract."""
    may_write(state, actor)
    contract = state.contract
    if contract is None or contract_id not in (None, contract.id):
        raise ContractMissing("Нет договора, который можно аннулировать.")
    if contract.status is ContractStatus.SIGNED:
        raise ContractSigned("Подписанный договор аннулировать нельзя.")


def may_confirm_payment(state: OnboardingState, actor: Actor) -> None:
    """409 before the signature; an open invoice of an earlier contract may be paid during an amendment."""
    may_write(state, actor)
    if not state.signed and not state.invoices and state.status is not ClientStatus.PROCESSED:
        raise NotSigned("Оплату можно подтвердить только после подписания договора.")


def may_release(state: OnboardingState, actor: Actor) -> None:
    if state.manager_id is None:
        raise AlreadyHeld("Клиента никто не ведёт.")
    may_write(state, actor)
    if state.status is ClientStatus.PROCESSED:
        raise WrongStep("Клиент уже обработан, возвращать его в «Новые» не нужно.")


def may_take_over(state: OnboardingState, actor: Actor) -> None:
    """Any manager may take over, also an unassigned client; the take-over is recorded."""
    if state.manager_id == actor.id:
        raise AlreadyHeld("Вы уже ведёте этого клиента.")
