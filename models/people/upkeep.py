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
"""Telegram's widget accepts a log-in for a day; a used one is known twice as long."""


def deletions(now: datetime) -> Sequence[Delete]:
    """Sessions when they have expired, with their tokens; links after `LINKS_KEPT`, log-ins after `LOGINS_KEPT`."""
    return (
        delete(UserSession).where(col(UserSession.expires_at) < now),
        delete(ManagerSession).where(col(ManagerSession.expires_at) < now),
        delete(LoginLink).where(col(LoginLink.expires_at) < now - LINKS_KEPT),
        delete(TelegramLogin).where(col(TelegramLogin.used_at) < now - LOGINS_KEPT),
    )
