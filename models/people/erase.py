"""Erasure of a client's account, and of a manager's."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.draft import Draft
from models.kernel.subject import Person
from models.people.client_session import UserSession, UserSessionToken
from models.people.confirmation import Confirmation
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken
from models.people.phone_link import PhoneLink
from models.people.sign_in_link import LoginLink
from models.people.user import User, client_caller

ERASES: Final = (Confirmation, Draft, PhoneLink, User, UserSession, UserSessionToken)

ERASES_MANAGER: Final = (LoginLink, Manager, ManagerSession, ManagerSessionToken)

_BLANK: Final = {
    "phone": None,
    "email": None,
    "name": None,
    "address": None,
    "password_hash": None,
    "has_subscription": None,
    "blocked_at": None,
    "phone_confirmed_at": None,
    "phone_confirmed_by": None,
    "new_phone": None,
    "email_confirmed_at": None,
    "new_email": None,
    "telegram_user_id": None,
    "telegram_linked_at": None,
}

_FORMER: Final = "Бывший сотрудник"


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Delete sessions, drafts and confirmations of the client; delete the account or, if a card refers to it, blank it.

    A draft of a manager's request does not refer to its client: upkeep deletes it after a day.
    """
    connection = await session.connection()
    await connection.execute(delete(Draft).where(col(Draft.caller) == client_caller(person.user_id)))
    await connection.execute(delete(UserSession).where(col(UserSession.user_id) == person.user_id))
    await connection.execute(delete(PhoneLink).where(col(PhoneLink.user_id) == person.user_id))
    await connection.execute(delete(Confirmation).where(col(Confirmation.user_id) == person.user_id))
    own = col(User.id) == person.user_id
    await connection.execute(
        delete(User).where(own) if person.client_id is None else update(User).where(own).values(_BLANK)
    )
    return set()


async def erase_manager(session: AsyncSession, manager_id: UUID, at: datetime) -> None:
    """Delete the manager's sessions and links; disable and blank the account, to which trail and messages refer."""
    connection = await session.connection()
    own = col(Manager.id) == manager_id
    telegram = select(Manager.telegram_user_id).where(own)
    await connection.execute(delete(LoginLink).where(col(LoginLink.telegram_user_id).in_(telegram)))
    await connection.execute(delete(ManagerSession).where(col(ManagerSession.manager_id) == manager_id))
    disabled = func.coalesce(col(Manager.disabled_at), at)
    blank = {"email": None, "name": _FORMER, "password_hash": None, "telegram_user_id": None, "disabled_at": disabled}
    await connection.execute(update(Manager).where(own).values(blank))
