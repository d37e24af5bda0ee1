"""Upkeep of sessions, links and log-ins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from models.people.client_session import UserSession, UserSessionToken
from models.people.confirmation import Confirmation
from models.people.manager_session import ManagerSession, ManagerSessionToken
from models.people.phone_link import PhoneLink
from models.people.sign_in_link import LoginLink, TelegramLogin

GROWS: Final = (
    *(UserSession, UserSessionToken, Confirmation, PhoneLink),
    *(ManagerSession, ManagerSessionToken, LoginLink, TelegramLogin),
)

LINKS_KEPT: Final = timedelta(hours=24)

LOGINS_KEPT: Final = timedelta(hours=48)
"""A payload of the Telegram widget is valid for minutes; used ones are kept much longer."""

CODES_KEPT: Final = timedelta(days=30)
"""Codes that confirmed nothing; those that did are evidence."""


def deletions(now: datetime) -> Sequence[Delete]:
    """Expired sessions with their tokens; links, log-ins and unused codes after `…_KEPT`."""
    return (
        delete(UserSession).where(col(UserSession.expires_at) < now),
        delete(ManagerSession).where(col(ManagerSession.expires_at) < now),
        delete(PhoneLink).where(col(PhoneLink.expires_at) < now - LINKS_KEPT),
        delete(LoginLink).where(col(LoginLink.expires_at) < now - LINKS_KEPT),
        delete(Confirmation).where(col(Confirmation.used_at).is_(None), col(Confirmation.sent_at) < now - CODES_KEPT),
        delete(TelegramLogin).where(col(TelegramLogin.used_at) < now - LOGINS_KEPT),
    )
