"""The client's own data: what he changes at once, and what waits for a confirmation."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.confirmation import EMAIL_TAKEN, NO_ACCOUNT, PHONE_TAKEN, follow_account, require_proof
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.phone import known_phone
from domain.kernel.refusal import found
from domain.people.refusals import EmailTaken, PhoneTaken
from models.clients.client import Client
from models.clients.trail import Event
from models.kernel.database import Sessions
from models.people.client_session import UserSession
from models.people.user import User


@dataclass(frozen=True)
class ProfileChange:
    """None is unchanged. `phone` has ten digits."""

    name: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None


class Profiles:
    def __init__(self, sessions: Sessions, keyring: Keyring, now: Clock) -> None:
        self.sessions, self.keyring, self.now = sessions, keyring, now

    async def change(self, user_id: UUID, session_id: UUID, change: ProfileChange) -> User:
        """Save name and address; a new phone or e-mail address waits until it is confirmed.

        Raises `PhoneTaken` and `EmailTaken` for what another account has confirmed. Of an account with a confirmed
        phone both are changed only in a session that has proven it, else `PhoneUnconfirmed`: they are the keys to
        codes and copies.
        """
        async with self.sessions.begin() as session:
            cards = await Client.locked_of_users(session, [user_id])
            user = found(next(iter(await User.locked(session, [user_id])), None), NO_ACCOUNT)
            before = {card.id: card.contact(user) for card in cards}
            fields = [name for name in ("name", "address") if _put(user, name, getattr(change, name))]
            own = await UserSession.live(session, session_id, user_id, self.now())
            fields += await _put_phone(session, user, own, change.phone)
            fields += await _put_email(session, user, own, change.email)
            await session.flush()
            for card in cards if fields else ():
                await follow_account(session, self.keyring, card, user, before[card.id])
                actor = Actor(ActorKind.CLIENT, user.id)
                Event.add(session, card, actor, "account-changed", self.now(), uuid4(), fields=fields)
            return user


def _put(user: User, name: str, value: str | None) -> bool:
    if value is None or getattr(user, name) == value:
        return False
    setattr(user, name, value)
    return True


async def _put_phone(session: AsyncSession, user: User, own: UserSession | None, phone: str | None) -> list[str]:
    """The present number takes back a new one that was not confirmed."""
    new = None if phone == known_phone(user.phone) else phone
    if phone is None or user.new_phone == new:
        return []
    if new is not None:
        if user.phone_is_confirmed:
            require_proof(user, own)
        if await User.phone_is_taken(session, new, besides=user.id):
            raise PhoneTaken(PHONE_TAKEN)
    user.new_phone = new
    return ["phone"]


async def _put_email(session: AsyncSession, user: User, own: UserSession | None, email: str | None) -> list[str]:
    new = None if email is not None and email.lower() == (user.email or "").lower() else email
    if email is None or user.new_email == new:
        return []
    if new is not None:
        if user.phone_is_confirmed:
            require_proof(user, own)
        if await User.email_is_confirmed(session, new, besides=user.id):
            raise EmailTaken(EMAIL_TAKEN)
    user.new_email = new
    return ["email"]
