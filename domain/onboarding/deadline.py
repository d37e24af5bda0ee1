"""Deadlines of the onboarding process; one durable timer waits for the nearest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.onboarding.process import OnboardingState

LEFT_AFTER = timedelta(days=3)
"""An assigned client without a step for this long is returned to «Новые»."""


class Due(StrEnum):
    CODE_EXPIRES = "code-expires"
    REMIND_CLIENT_OF_OFFER = "remind-client-of-offer"
    REMIND_MANAGER_OF_OFFER = "remind-manager-of-offer"
    OFFER_EXPIRES = "offer-expires"
    REMIND_OF_INVOICE = "remind-of-invoice"
    INVOICE_OVERDUE = "invoice-overdue"
    OFFER_BACK = "offer-back"


@dataclass(frozen=True)
class Deadline:
    """An effect due at `at` on `subject` (a contract, an invoice or the client)."""

    due: Due
    at: datetime
    subject: UUID


def deadlines(state: OnboardingState) -> Iterator[Deadline]:
    """All open deadlines, unordered."""
    yield from _of_offer(state)
    for invoice in state.invoices:
        if not invoice.reminded and not invoice.overdue:
            yield Deadline(Due.REMIND_OF_INVOICE, invoice.remind_at, invoice.id)
        if not invoice.overdue:
            yield Deadline(Due.INVOICE_OVERDUE, invoice.overdue_at, invoice.id)
    if _managers_turn(state) and state.last_step_at is not None:
        yield Deadline(Due.OFFER_BACK, state.last_step_at + LEFT_AFTER, state.client_id)


def next_deadline(state: OnboardingState) -> Deadline | None:
    return min(deadlines(state), key=lambda deadline: deadline.at, default=None)


def _of_offer(state: OnboardingState) -> Iterator[Deadline]:
    """Expiry of the code; reminders to the client and the manager after one and two thirds of the offer; its end."""
    contract = state.contract
    if contract is None or contract.status is not ContractStatus.SENT:
        return
    if contract.code is not None and not contract.code.expiry_noted and not contract.code.used:
        yield Deadline(Due.CODE_EXPIRES, contract.code.expires_at, contract.id)
    if contract.offer_started_at is None or contract.offer_expires_at is None:
        return
    third = (contract.offer_expires_at - contract.offer_started_at) / 3
    if not contract.client_reminded:
        yield Deadline(Due.REMIND_CLIENT_OF_OFFER, contract.offer_started_at + third, contract.id)
    if not contract.manager_reminded:
        yield Deadline(Due.REMIND_MANAGER_OF_OFFER, contract.offer_started_at + 2 * third, contract.id)
    yield Deadline(Due.OFFER_EXPIRES, contract.offer_expires_at, contract.id)


def _managers_turn(state: OnboardingState) -> bool:
    """Whether a manager is assigned and the next step is the manager's: not a signature, a payment or the end."""
    return (
        state.manager_id is not None
        and state.status not in (ClientStatus.AWAITING_PAYMENT, ClientStatus.PROCESSED)
        and not state.out_for_signature
    )
