"""Single-use sign-in links of the master bot; a new person gets an account and an organisation."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.refresh import digest_of
from activities.people.rights import check_employed
from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated
from domain.people.refusals import EmailTaken
from models.kernel.database import Sessions
from models.people.manager import Manager, Role
from models.people.organisation import Organisation
from models.people.sign_in import add_manager, manager_of_telegram, use_link
from models.people.sign_in_link import LoginLink

TOKEN_BYTES: Final = 32
WRONG_LINK: Final = "Ссылка уже использована или устарела. Попросите новую командой /start у главного бота."
TAKEN: Final = "Эта почта занята другой учётной записью. Укажите другую или войдите по паролю."


class _TakenMeanwhile(EmailTaken):
    """A concurrent link of the same address or person has created its account."""


@dataclass(frozen=True)
class Entrance:
    """Input of a sign-in by link: its token, an e-mail address, and optionally a name for a new account."""

    token: str
    email: str
    name: str | None


async def issue_link(sessions: Sessions, telegram_user_id: int, role: Role, now: datetime) -> str:
    """Create a link; returns its token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with sessions.begin() as session:
        await LoginLink.issue(session, digest_of(token), telegram_user_id, role, now)
    return token


class Links:
    """`auto_reply_delay` in seconds, for new organisations."""

    def __init__(self, sessions: Sessions, auto_reply_delay: int, now: Clock) -> None:
        self.sessions, self.auto_reply_delay, self.now = sessions, auto_reply_delay, now

    async def enter(self, entrance: Entrance) -> tuple[Manager, bool]:
        """The account of the link's Telegram user, and whether this call created it with its organisation.

        A link that is refused because of the address stays unused.
        """
        try:
            return await self._enter(entrance)
        except _TakenMeanwhile:
            # The account exists now if it belongs to the same person.
            return await self._enter(entrance)

    async def _enter(self, entrance: Entrance) -> tuple[Manager, bool]:
        async with self.sessions.begin() as session:
            link = await use_link(session, digest_of(entrance.token), self.now())
            if link is None:
                raise NotAuthenticated(WRONG_LINK)
            known = await self._known(session, link, entrance.email)
            if known is not None:
                return check_employed(known), False
            return await self._found(session, link, entrance), True

    async def _known(self, session: AsyncSession, link: LoginLink, email: str) -> Manager | None:
        """Raises `EmailTaken` for the account of another person: the address alone is no proof."""
        known = await manager_of_telegram(session, link.telegram_user_id)
        with_address = await Manager.by_email(session, email)
        if with_address is not None and with_address.telegram_user_id != link.telegram_user_id:
            raise EmailTaken(TAKEN)
        # A concurrent link of the same person may have created the account between the two reads.
        return known or with_address

    async def _found(self, session: AsyncSession, link: LoginLink, entrance: Entrance) -> Manager:
        now, name = self.now(), entrance.name or entrance.email.partition("@")[0]
        organisation = Organisation(
            id=uuid4(), name=name, auto_reply_delay_seconds=self.auto_reply_delay, created_at=now
        )
        manager = Manager(
            id=uuid4(),
            organisation_id=organisation.id,
            email=entrance.email,
            name=name,
            role=link.role,
            telegram_user_id=link.telegram_user_id,
            created_at=now,
            updated_at=now,
        )
        session.add(organisation)
        await session.flush()
        if not await add_manager(session, manager):
            raise _TakenMeanwhile(TAKEN)
        return manager
