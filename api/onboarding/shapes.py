"""Shapes of the answers to the managers' app."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from api.http.fields import Roubles
from api.http.shapes import Moment, Shape
from api.onboarding.code_delivery import CodeDelivery
from domain.clients.document import DocumentType
from domain.clients.status import ClientStatus
from domain.onboarding.process import WizardStep
from domain.people.confirmation import ConfirmedBy
from models.billing.invoice import InvoiceStatus


class ClientSummary(Shape):
    """Of a card that another manager holds phone, e-mail and addresses are null."""

    id: UUID
    user_id: UUID
    name: str | None
    full_name: str | None
    phone: str | None
    phone_confirmed: bool = Field(description="Of the account: without it nobody can sign.")
    email: str | None
    status: ClientStatus
    assigned_manager_id: UUID | None
    support_ticket_id: UUID | None
    created_at: Moment
    updated_at: Moment
    devices_count: int
    registration_address: str | None


class ClientWithStep(ClientSummary):
    """With what has to be done next."""

    next_step: WizardStep


class ClientCounts(Shape):
    """By tab."""

    new: int
    in_work: int
    processed: int
    mine: int


class CardUser(Shape):
    id: UUID
    phone: str | None
    phone_confirmed_at: Moment | None = Field(description="Of the account's phone, which the card's may differ from.")
    phone_confirmed_by: ConfirmedBy | None
    email: str | None
    name: str | None
    address: str | None


class CardPassport(Shape):
    """Of a card that another manager holds only the name is there."""

    id: UUID
    created_at: Moment
    updated_at: Moment
    document_type: DocumentType | None = DocumentType.PASSPORT_RF
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    series: str | None = None
    number: str | None = None
    issued_by: str | None = None
    issue_code: str | None = None
    issue_date: date | None = None
    registration_address: str | None = None
    photo_url: str | None = None


class DevicePhoto(Shape):
    id: UUID
    file_key: str
    created_at: Moment
    file_url: str


class CardDevice(Shape):
    id: UUID
    device_type: str
    title: str
    description: str | None
    specs: dict[str, Any] | None
    extra_fee: Roubles | None
    created_at: Moment
    updated_at: Moment
    photos: list[DevicePhoto]


class CardTariff(Shape):
    tariff_id: UUID | None
    name: str
    base_fee: Roubles
    extra_per_device: Roubles
    device_count: int
    total_extra_fee: Roubles
    calculated_at: Moment


class CardContract(Shape):
    """A member of staff never sees a client's code: `otp_code` is always null."""

    otp_code: None = None
    otp_sent_at: Moment | None
    code_delivery: CodeDelivery | None = Field(description="Of the newest code.")
    signed_at: Moment | None
    payment_confirmed_at: Moment | None
    contract_url: str | None
    contract_number: str


class InvoiceShape(Shape):
    id: UUID
    amount: Roubles
    description: str
    contract_number: str
    due_date: date
    status: InvoiceStatus
    created_at: Moment


class CardInvoice(InvoiceShape):
    """With its payment, as far as there is one."""

    paid_at: Moment | None
    confirmed_by_id: UUID | None = Field(description="The manager who confirmed the payment.")


class ClientDetail(Shape):
    id: UUID
    status: ClientStatus
    assigned_manager_id: UUID | None
    support_ticket_id: UUID | None
    user: CardUser
    passport: CardPassport | None
    devices: list[CardDevice]
    tariff: CardTariff | None
    contract: CardContract | None
    invoices: list[CardInvoice]
    next_step: WizardStep
