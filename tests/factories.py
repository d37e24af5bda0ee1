"""Rows for tests: valid, different from each other, and the same in every run of a test."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid5

from sqlmodel import SQLModel

from domain.clients.status import ClientStatus
from domain.contracts.contract import to_canonical_json
from domain.contracts.status import ContractStatus
from domain.kernel.crypto import Keyring
from domain.kernel.search import search_text
from domain.onboarding.passport import missing_fields
from domain.people.confirmation import ConfirmedBy
from domain.people.password import hash_password
from models import Client, Contract, Device, Invoice, Manager, PassportRow, SupportTicket, User, UserSession
from models.billing.invoice import InvoiceStatus
from models.clients.passport import NUMBER, SEALED
from models.contracts.contract import SNAPSHOT
from models.kernel.columns import seal
from models.kernel.database import Sessions
from models.people.manager import Role
from models.people.manager_session import ManagerSession, SessionKind
from models.people.organisation import FIRST
from models.support.ticket import SIGNING
from tests import contract_samples
from tests.clock import MONDAY_NOON

FREE = UUID("00000000-0000-4000-8000-000000000101")
BASIC = UUID("00000000-0000-4000-8000-000000000102")
FAMILY = UUID("00000000-0000-4000-8000-000000000103")
"""The three tariffs of the first migration."""

PASSWORD = "ChangeMe123"
PASSPORT: Mapping[str, str | None] = {
    "last_name": "Ёлкина",
    "first_name": "Мария",
    "middle_name": "Петровна",
    "series": "4510",
    "number": "123456",
    "issued_by": "ОВД района Арбат города Москвы",
    "issue_code": "770-001",
    "issue_date": "2015-05-20",
    "registration_address": "г. Москва, ул. Арбат, д. 1, кв. 2",
}

Row = TypeVar("Row", bound=SQLModel)
_numbers = count(1)
_password_hash = hash_password(PASSWORD)


async def stored(sessions: Sessions, row: Row) -> Row:
    """The row, committed."""
    async with sessions.begin() as session:
        session.add(row)
    return row


async def make_user(sessions: Sessions, **values: Any) -> User:
    """A client with a log-in of his own and a confirmed phone; the password is `PASSWORD`."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "phone": f"916{number:07}",
        "email": f"client{number}@example.com",
        "name": f"Мария Ёлкина {number}",
        "address": "г. Москва, ул. Арбат, д. 1",
        "password_hash": _password_hash,
        "phone_confirmed_at": MONDAY_NOON - timedelta(days=1),
        "phone_confirmed_by": ConfirmedBy.SMS,
        "created_at": MONDAY_NOON,
    }
    if values.get("phone", "") is None or ("phone_confirmed_at", None) in values.items():
        defaults |= dict.fromkeys(("phone_confirmed_at", "phone_confirmed_by"))
    return await stored(sessions, User(**defaults | values))


async def make_session(sessions: Sessions, user: User, **values: Any) -> UserSession:
    """A session of a client, in which the phone was proven when it was confirmed; one for a user, unless `id` is
    given."""
    defaults: dict[str, Any] = {
        "id": client_session_of(user.id),
        "user_id": user.id,
        "phone_proved_at": user.phone_confirmed_at,
        "created_at": MONDAY_NOON,
        "last_used_at": MONDAY_NOON,
        "expires_at": MONDAY_NOON.replace(year=2100),
    }
    return await stored(sessions, UserSession(**defaults | values))


def client_session_of(user_id: UUID) -> UUID:
    """The session that `make_session` opens."""
    return uuid5(user_id, "session")


async def make_manager(sessions: Sessions, **values: Any) -> Manager:
    """A manager of the first organisation with the onboarding right, in a session; the password is `PASSWORD`."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "organisation_id": FIRST,
        "email": f"manager{number}@example.com",
        "name": f"Анна Менеджер {number}",
        "password_hash": _password_hash,
        "role": Role.MANAGER,
        "can_onboard": True,
        "created_at": MONDAY_NOON,
        "updated_at": MONDAY_NOON,
    }
    manager = await stored(sessions, Manager(**defaults | values))
    opened = ManagerSession(
        id=session_of(manager), manager_id=manager.id, kind=SessionKind.TOKEN, expires_at=MONDAY_NOON.replace(year=2100)
    )
    await stored(sessions, opened)
    return manager


def session_of(manager: Manager) -> UUID:
    """The session that `make_manager` opens."""
    return uuid5(manager.id, "session")


async def make_client(
    sessions: Sessions, user: User | None = None, manager: Manager | None = None, **values: Any
) -> Client:
    """A card in «Новые», or in the hands of `manager`."""
    user = user or await make_user(sessions)
    defaults: dict[str, Any] = {
        "organisation_id": FIRST,
        "user_id": user.id,
        "status": ClientStatus.IN_VERIFICATION if manager else ClientStatus.NEW,
        "assigned_manager_id": manager.id if manager else None,
        "search_text": search_text(user.phone, user.email, user.name, user.address),
        "created_at": MONDAY_NOON,
        "updated_at": MONDAY_NOON,
    }
    return await stored(sessions, Client(**defaults | values))


async def make_passport(sessions: Sessions, keyring: Keyring, client: Client, **fields: str | None) -> PassportRow:
    """A passport with a number of its own, complete unless a field is given as None."""
    document = {**PASSPORT, "number": f"{next(_numbers):06}", **fields}
    row = PassportRow(
        user_id=client.user_id,
        data=seal(keyring, SEALED, document),
        number_index=keyring.blind_index(NUMBER, f"{document['series']}{document['number']}"),
        complete=not missing_fields(document),
        created_at=MONDAY_NOON,
        updated_at=MONDAY_NOON,
    )
    return await stored(sessions, row)


async def make_device(sessions: Sessions, client: Client, **values: Any) -> Device:
    defaults: dict[str, Any] = {
        "client_id": client.id,
        "device_type": "Ноутбук",
        "title": f"ThinkPad {next(_numbers)}",
        "created_at": MONDAY_NOON,
        "updated_at": MONDAY_NOON,
    }
    return await stored(sessions, Device(**defaults | values))


async def make_ticket(sessions: Sessions, user: User, **values: Any) -> SupportTicket:
    defaults: dict[str, Any] = {"user_id": user.id, "subject": SIGNING, "created_at": MONDAY_NOON}
    return await stored(sessions, SupportTicket(**defaults | values))


async def make_contract(sessions: Sessions, keyring: Keyring, client: Client, **values: Any) -> Contract:
    """A contract that waits for its signature; its snapshot is the sample's."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "organisation_id": FIRST,
        "client_id": client.id,
        "number": f"ЕЛ-260302-{number:02}",
        "version": number,
        "status": ContractStatus.SENT,
        "card_version": client.card_version,
        "content_digest": "0" * 64,
        "snapshot": keyring.encrypt(SNAPSHOT, to_canonical_json(contract_samples.contract(*contract_samples.DEVICES))),
        "total_fee": 100_000,
        "file_key": f"contracts/{number}.pdf",
        "sha256": f"{number:064x}",
        "size": 1,
        "created_at": MONDAY_NOON,
    }
    return await stored(sessions, Contract(**defaults | values))


async def make_invoice(sessions: Sessions, contract: Contract, **values: Any) -> Invoice:
    """An open invoice over the contract's sum, due five days after the clock's noon."""
    defaults: dict[str, Any] = {
        "organisation_id": FIRST,
        "client_id": contract.client_id,
        "contract_id": contract.id,
        "contract_number": contract.number,
        "amount": contract.total_fee,
        "description": f"Оплата по договору {contract.number}",
        "due_date": MONDAY_NOON.date().replace(day=7),
        "status": InvoiceStatus.PENDING,
        "created_at": MONDAY_NOON,
    }
    return await stored(sessions, Invoice(**defaults | values))
