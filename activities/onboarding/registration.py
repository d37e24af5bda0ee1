"""New clients: the account, the card, the accession to the agreement and the first event of the trail."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.clients.nearby import note_act
from activities.people.client_sessions import ClientSessions
from activities.people.passwords import Passwords
from activities.people.refresh import Opened
from activities.people.sign_in import SignIn
from documents.contracts.agreement import published
from domain.clients.status import ClientStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import Unavailable
from domain.people.guessable import Owner
from domain.people.nearby import Act, Place
from domain.people.origin import Origin
from domain.people.refusals import EmailTaken, PhoneTaken
from models.clients.client import Client
from models.clients.trail import Event
from models.contracts.agreement import Accession, AgreedBy
from models.kernel.database import Sessions
from models.people.client_session import UserSession
from models.people.organisation import FIRST
from models.people.user import User

EMAIL_TAKEN: Final = "Эта почта уже зарегистрирована. Войдите или укажите другую."
RACES: Final = 20
"""Registrations of one phone at the same time that one of them gives way to."""

TAKEN: Final = "Этот номер уже зарегистрирован. Войдите с ним или восстановите пароль."


@dataclass(frozen=True)
class Applicant:
    phone: str
    password: str = field(repr=False)
    email: str | None
    name: str | None
    address: str | None


@dataclass(frozen=True)
class Earlier:
    """The newest unconfirmed account of a phone, and whether the applicant knows its password."""

    user_id: UUID | None
    is_his: bool


def add_card(session: AsyncSession, keyring: Keyring, user: User, at: datetime, card_id: UUID | None = None) -> Client:
    """Add a card without an accession, for users of another product."""
    card = Client(
        id=card_id or uuid4(),
        organisation_id=FIRST,
        user_id=user.id,
        status=ClientStatus.NEW,
        created_at=user.created_at or at,
        updated_at=at,
    )
    card.index(user, None)
    card.key_head(keyring)
    session.add(card)
    return card


async def add_client(
    session: AsyncSession,
    keyring: Keyring,
    user: User,
    origin: Origin,
    at: datetime,
    ids: tuple[UUID, UUID] | None = None,
) -> Client | None:
    """Add the user with card, accession and first event; None if the phone is taken by a concurrent registration.

    `ids` of card and event; random by default.
    """
    if not await User.add(session, user):
        return None
    card_id, event_id = ids or (uuid4(), uuid4())
    card, agreement = add_card(session, keyring, user, at, card_id), published()
    session.add(
        Accession(
            user_id=user.id,
            agreed_by=AgreedBy.REGISTRATION,
            version=agreement.version,
            sha256=agreement.sha256,
            agreed_at=at,
            ip=origin.ip,
            user_agent=origin.user_agent,
        )
    )
    await session.flush()
    actor = Actor(ActorKind.CLIENT, user.id)
    Event.add(session, keyring, card, actor, "client-registered", at, event_id, version=agreement.version)
    return card


class Registration:
    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        passwords: Passwords,
        sign_in: SignIn,
        logins: ClientSessions,
        now: Clock,
    ) -> None:
        self.sessions, self.keyring, self.now = sessions, keyring, now
        self.passwords, self.sign_in, self.logins = passwords, sign_in, logins

    async def register(self, applicant: Applicant, origin: Origin, place: Place) -> tuple[UUID, Opened[UserSession]]:
        """Create the client and a first session in one transaction; the caller starts the client's workflow.

        What another account has confirmed is `PhoneTaken` or `EmailTaken`. What one merely holds becomes the new
        account's `new_phone` or `new_email`: who confirms it first has it. Who repeats an unconfirmed registration with
        its password, because the answer was lost, gets a further session of it. The work is the same for numbers that
        are known and unknown: one password is checked and one is hashed. One that does not match is counted like a
        log-in's for this phone, else a registration would be a further way to guess; `TooManyRequests`.
        """
        self.passwords.check_new(applicant.password, Owner(applicant.phone, applicant.name, applicant.email))
        password_hash = await self.passwords.hash(applicant.password)
        for turn in range(RACES):
            earlier = await self._earlier(applicant, origin if turn == 0 else None)
            async with self.sessions.begin() as session:
                await self._lock_addresses(session, applicant)
                newest = await User.newest_unconfirmed(session, applicant.phone)
                if (newest.id if newest else None) != earlier.user_id:
                    continue  # Another registration of the same phone came in between.
                if earlier.is_his and newest is not None:
                    card = await Client.of_user(session, newest.id) or add_card(
                        session, self.keyring, newest, self.now()
                    )
                    return card.id, await self.logins.open(session, newest.id, origin)
                return await self._create(session, applicant, password_hash, origin, place)
        raise Unavailable()

    async def _earlier(self, applicant: Applicant, origin: Origin | None) -> "Earlier":
        """The password is counted with `origin`: once for a registration."""
        async with self.sessions() as session:
            newest = await User.newest_unconfirmed(session, applicant.phone)
        stored = newest.password_hash if newest is not None and newest.blocked_at is None else None
        if origin is not None:
            is_his = await self.sign_in.knows(applicant.phone, stored, applicant.password, origin)
        else:
            async with self.passwords.turn():
                is_his = (await self.passwords.check(stored, applicant.password)).ok
        return Earlier(newest.id if newest else None, is_his)

    async def _create(
        self, session: AsyncSession, applicant: Applicant, password_hash: str, origin: Origin, place: Place
    ) -> tuple[UUID, Opened[UserSession]]:
        user = User(name=applicant.name, address=applicant.address, password_hash=password_hash, created_at=self.now())
        await self._take_addresses(session, user, applicant)
        client = await add_client(session, self.keyring, user, origin, self.now())
        if client is None:
            raise PhoneTaken(TAKEN)
        await note_act(session, self.keyring, client, Act.REGISTERED, place, self.now())
        return client.id, await self.logins.open(session, user.id, origin)

    @staticmethod
    async def _lock_addresses(session: AsyncSession, applicant: Applicant) -> None:
        """In one order, so that registrations wait for each other and never in a circle."""
        for address in sorted({applicant.phone, (applicant.email or applicant.phone).lower()}):
            await User.lock_address(session, address)

    @staticmethod
    async def _take_addresses(session: AsyncSession, user: User, applicant: Applicant) -> None:
        if await User.phone_is_taken(session, applicant.phone):
            raise PhoneTaken(TAKEN)
        is_held = await User.by_phone(session, applicant.phone) is not None
        user.phone, user.new_phone = (None, applicant.phone) if is_held else (applicant.phone, None)
        if applicant.email is None:
            return
        if await User.email_is_confirmed(session, applicant.email):
            raise EmailTaken(EMAIL_TAKEN)
        email_is_held = bool(await User.ids_with_email(session, applicant.email))
        user.email, user.new_email = (None, applicant.email) if email_is_held else (applicant.email, None)
