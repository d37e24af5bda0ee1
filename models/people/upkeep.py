"""Upkeep of sessions, links and log-ins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from models.people.client_session import UserSession, UserSessionToken
from models.people.manager_session import ManagerSession, ManagerSessionToken
from models.people.sign_in_link import LoginLink, TelegramLogin

GROWS: Final = (UserSession, UserSessionToken, ManagerSession, ManagerSessionToken, LoginLink, TelegramLogin)

LINKS_KEPT: Final = timedelta(hours=24)

LOGINS_KEPT: Final = timedelta(hours=48)
"""A payload of the Telegram widget is valid for minutes; used ones are kept much longer."""


def deletions(now: datetime) -> Sequence[Delete]:
    """Expired sessions with their tokens; links after `LINKS_KEPT`, log-ins after `LOGINS_KEPT`."""
    return (
        delete(UserSession).where(col(UserSession.expires_at) < now),
        delete(ManagerSession).where(col(ManagerSession.expires_at) < now),
        delete(LoginLink).where(col(LoginLink.expires_at) < now - LINKS_KEPT),
        delete(TelegramLogin).where(col(TelegramLogin.used_at) < now - LOGINS_KEPT),
    )
