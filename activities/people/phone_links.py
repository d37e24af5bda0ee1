"""Links to the bot by which a client proves his phone with his own contact in Telegram."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.confirmation import Proof, confirm_phone, require_proof
from activities.people.rights import check_not_blocked
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.phone import Phone, known_phone, mask_phone
from domain.people.confirmation import ConfirmedBy
from domain.people.contact import SharedContact, own_number
from domain.people.refusals import ContactRefused, NothingToConfirm
from models.clients.client import Client
from models.clients.trail import Event
from models.kernel.database import Sessions
from models.people.client_session import UserSession
from models.people.phone_link import PHONE_LINK_TTL, PhoneLink
from models.people.user import User

TOKEN_BYTES: Final = 32
PREFIX: Final = "p-"
"""Of the payload of `/start`; the whole fits Telegram's 64 characters."""

PHONE_DIGITS: Final = 10
HIDDEN: Final = "номер учётной записи"

NO_PHONE: Final = "У учётной записи нет номера телефона: сначала укажите его в профиле."
STALE: Final = (
    "Эта ссылка уже использована или устарела. Вернитесь в приложение и нажмите «Подтвердить через Telegram» ещё раз."
)
ENDED: Final = "Вход в приложении, для которого была эта ссылка, завершён. Войдите заново и запросите новую ссылку."
UNASKED: Final = (
    "Чтобы подтвердить номер, откройте приложение, нажмите «Подтвердить через Telegram» и перейдите по новой ссылке."
)


@dataclass(frozen=True)
class Issued:
    """`expires_in` in seconds."""

    token: str = field(repr=False)
    expires_in: int


class PhoneLinks:
    def __init__(self, sessions: Sessions, keyring: Keyring, now: Clock) -> None:
        self.sessions, self.keyring, self.now = sessions, keyring, now

    async def issue(self, user_id: UUID, session_id: UUID) -> Issued:
        """A link for this session, in place of an earlier one that was not used. Raises `NothingToConfirm` for an
        account without a number."""
        token, at = secrets.token_urlsafe(TOKEN_BYTES), self.now()
        async with self.sessions.begin() as session:
            user = await session.get_one(User, user_id)
            if user.phone is None and user.new_phone is None:
                raise NothingToConfirm(NO_PHONE)
            await PhoneLink.issue(session, digest_of(PREFIX + token), user_id, session_id, at)
        return Issued(PREFIX + token, int(PHONE_LINK_TTL.total_seconds()))

    async def open(self, token_hash: bytes, telegram_user_id: int) -> str:
        """Whoever opens the link first is the only one who may use it; returns the masked number that is asked for.

        Raises `ContactRefused`.
        """
        async with self.sessions.begin() as session:
            link = await PhoneLink.by_token(session, token_hash)
            at = self.now()
            if link is None or link.used_at is not None or at >= link.expires_at:
                raise ContactRefused(STALE)
            if link.telegram_user_id not in (None, telegram_user_id):
                raise ContactRefused(STALE)
            user = await self._signed_in(session, link)
            link.telegram_user_id, link.opened_at = telegram_user_id, at
            return _masked(user)

    async def accept(self, contact: SharedContact, source: UUID) -> str:
        """The account's phone is confirmed, its session proven and Telegram linked, all or nothing; returns the masked
        number. A repeat with the same `source` changes nothing.

        Raises `ContactRefused`, and what `confirm_phone` raises.
        """
        phone, at = own_number(contact), self.now()
        person = contact.chat_id
        async with self.sessions.begin() as session:
            # One at a time decides whose account a Telegram account belongs to.
            await User.lock_address(session, f"telegram:{person}")
            if await PhoneLink.is_used(session, person, source):
                return mask_phone(phone)
            link = await PhoneLink.opened_by(session, person)
            if link is None:
                raise ContactRefused(UNASKED)
            if link.used_at is not None or at >= link.expires_at:
                raise ContactRefused(STALE)
            await self._signed_in(session, link)
            proof = Proof(link.user_id, source, at, link.session_id)
            await confirm_phone(session, self.keyring, phone, ConfirmedBy.TELEGRAM, proof)
            await self._link(session, link.user_id, person, source)
            link.used_at, link.used_by = at, source
        return mask_phone(phone)

    async def unlink(self, user_id: UUID, session_id: UUID) -> None:
        """Raises `PhoneUnconfirmed` in a session that has not proven a confirmed phone: it would cut off its owner."""
        async with self.sessions.begin() as session:
            cards = await Client.locked_of_users(session, [user_id])
            [user] = await User.locked(session, [user_id])
            if user.telegram_user_id is None:
                return
            if user.phone_is_confirmed:
                require_proof(user, await UserSession.live(session, session_id, user_id, self.now()))
            user.telegram_user_id = user.telegram_linked_at = None
            _record(session, cards, user_id, "telegram-unlinked", self.now(), uuid4())

    async def _signed_in(self, session: AsyncSession, link: PhoneLink) -> User:
        """Raises `ContactRefused` when the session has ended or the account may not sign in."""
        user = await session.get_one(User, link.user_id)
        live = await UserSession.live(session, link.session_id, link.user_id, self.now())
        if live is None:
            raise ContactRefused(ENDED)
        check_not_blocked(user)
        return user

    async def _link(self, session: AsyncSession, user_id: UUID, person: int, source: UUID) -> None:
        """The Telegram account leaves the account that had it before."""
        await session.flush()
        former = await User.with_telegram(session, person)
        cards = await Client.locked_of_users(session, {user_id, *([former] if former else [])})
        at = self.now()
        if former is not None and former != user_id:
            [other] = await User.locked(session, [former])
            other.telegram_user_id = other.telegram_linked_at = None
            _record(session, cards, former, "telegram-unlinked", at, source)
            await session.flush()
        [user] = await User.locked(session, [user_id])
        if user.telegram_user_id != person:
            user.telegram_user_id, user.telegram_linked_at = person, at
            _record(session, cards, user_id, "telegram-linked", at, source)


def digest_of(payload: str) -> bytes:
    return hashlib.sha256(payload.encode()).digest()


def _masked(user: User) -> str:
    """What waits to be confirmed, else what the account has."""
    phone = user.new_phone or known_phone(user.phone) or ""
    return mask_phone(Phone(phone)) if len(phone) == PHONE_DIGITS else HIDDEN


def _record(
    session: AsyncSession, cards: Sequence[Client], user_id: UUID, verb: str, at: datetime, source: UUID
) -> None:
    for card in cards:
        if card.user_id == user_id:
            Event.add(session, card, Actor(ActorKind.CLIENT, user_id), verb, at, uuid5(source, f"{verb}-{card.id}"))
