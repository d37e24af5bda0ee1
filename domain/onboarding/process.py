"""The process of onboarding a client: where it stands, what may be done now and by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.kernel.refusal import (
    AlreadyHeld,
    ClientTaken,
    ContractMissing,
    ContractOutdated,
    ContractSigned,
    NotReady,
    NotSigned,
    WrongStep,
)


class Status(StrEnum):
    """What lists are filtered by."""

    NEW = "new"
    IN_VERIFICATION = "in_verification"
    AWAITING_CONTRACT = "awaiting_contract"
    AWAITING_PAYMENT = "awaiting_payment"
    PROCESSED = "processed"


class Step(StrEnum):
    """What has to be done next, `next_step` of a card."""

    PROFILE = "profile"
    PASSPORT = "passport"
    DEVICES = "devices"
    TARIFF = "tariff"
    CONTRACT = "contract"
    SIGNATURE = "signature"
    PAYMENT = "payment"
    DONE = "done"


class ContractStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    SIGNED = "signed"
    VOID = "void"
    DECLINED = "declined"


class ActorKind(StrEnum):
    MANAGER = "manager"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who asks: a manager, the client himself, or a timer of ours."""

    kind: ActorKind
    id: UUID | None = None


SYSTEM = Actor(ActorKind.SYSTEM)


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
    """An invoice that still waits for money."""

    id: UUID
    remind_at: datetime
    overdue_at: datetime
    reminded: bool
    overdue: bool


@dataclass(frozen=True)
class OnboardingState:
    """All that the process decides by; ids, statuses and times, no personal data."""

    client_id: UUID
    status: Status
    manager_id: UUID | None = None
    last_step_at: datetime | None = None
    passport_complete: bool = False
    devices: int = 0
    tariff_applied: bool = False
    contract: ContractState | None = None
    uncertified: tuple[UUID, ...] = ()
    invoices: tuple[InvoiceState, ...] = ()

    @property
    def signed(self) -> bool:
        return self.contract is not None and self.contract.status is ContractStatus.SIGNED

    @property
    def out_for_signature(self) -> bool:
        return self.contract is not None and self.contract.status is ContractStatus.SENT and not self.contract.outdated


def next_step(state: OnboardingState) -> Step:
    """The first thing still missing, in the order of the wizard; devices are asked for once, before the tariff."""
    if state.status is Status.NEW:
        return Step.PROFILE
    if not state.passport_complete:
        return Step.PASSPORT
    if not state.tariff_applied:
        return Step.TARIFF if state.devices else Step.DEVICES
    if state.contract is None or state.contract.outdated or state.contract.status is ContractStatus.DRAFT:
        return Step.CONTRACT
    if state.contract.status is ContractStatus.SENT:
        return Step.SIGNATURE
    return Step.DONE if state.status is Status.PROCESSED else Step.PAYMENT


def may_write(state: OnboardingState, actor: Actor) -> None:
    """The first step somebody does takes the client; a card that another manager holds is his (409 `client-taken`)."""
    if actor.kind is ActorKind.MANAGER and state.manager_id not in (None, actor.id):
        raise ClientTaken(
            "Клиента ведёт другой менеджер. Чтобы продолжить самому, возьмите клиента себе с указанием причины."
        )


def needs_profile(state: OnboardingState) -> None:
    if state.status is Status.NEW:
        raise NotReady("Сначала сохраните контактные данные клиента.", missing=["profile"])


def may_generate(state: OnboardingState, actor: Actor) -> None:
    """Profile, passport and an applied tariff; photos are optional."""
    may_write(state, actor)
    needs_profile(state)
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
    """The one contract that is out for signature; a signed one is signed for ever."""
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
    """A manager voids, a client declines, a timer lets an offer lapse: only what is not signed."""
    may_write(state, actor)
    contract = state.contract
    if contract is None or contract_id not in (None, contract.id):
        raise ContractMissing("Нет договора, который можно аннулировать.")
    if contract.status is ContractStatus.SIGNED:
        raise ContractSigned("Подписанный договор аннулировать нельзя.")


def may_confirm_payment(state: OnboardingState, actor: Actor) -> None:
    """409 before the signature; an open invoice of an earlier contract may be paid while an amendment is on its way."""
    may_write(state, actor)
    if not state.signed and not state.invoices and state.status is not Status.PROCESSED:
        raise NotSigned("Оплату можно подтвердить только после подписания договора.")


def may_release(state: OnboardingState, actor: Actor) -> None:
    if state.manager_id is None:
        raise AlreadyHeld("Клиента никто не ведёт.")
    may_write(state, actor)
    if state.status is Status.PROCESSED:
        raise WrongStep("Клиент уже обработан, возвращать его в «Новые» не нужно.")


def may_take_over(state: OnboardingState, actor: Actor) -> None:
    """Any manager may, on record, a free client too."""
    if state.manager_id == actor.id:
        raise AlreadyHeld("Вы уже ведёте этого клиента.")
