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
from documents.contracts.agreement import published
from domain.clients.status import ClientStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.people.guessable import Owner
from domain.people.nearby import Act, Place
from domain.people.origin import Origin
from domain.people.refusals import PhoneTaken
from models.clients.client import Client
from models.clients.trail import Event
from models.contracts.agreement import Accession, AgreedBy
from models.kernel.database import Sessions
from models.people.client_session import UserSession
from models.people.organisation import FIRST
from models.people.user import User

TAKEN: Final = "Этот номер уже зарегистрирован. Войдите с ним или восстановите пароль."


@dataclass(frozen=True)
class Applicant:
    phone: str
    password: str = field(repr=False)
    email: str | None
    name: str | None
    address: str | None


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
    """Add the user with card, accession and first event; None if the phone is taken.

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
        self, sessions: Sessions, keyring: Keyring, passwords: Passwords, logins: ClientSessions, now: Clock
    ) -> None:
        self.sessions, self.keyring, self.now = sessions, keyring, now
        self.passwords, self.logins = passwords, logins

    async def register(self, applicant: Applicant, origin: Origin, place: Place) -> tuple[UUID, Opened[UserSession]]:
        """Create the client and a first session in one transaction; the caller starts the client's workflow."""
        self.passwords.check_new(applicant.password, Owner(applicant.phone, applicant.name, applicant.email))
        async with self.sessions() as session:
            if await User.by_phone(session, applicant.phone) is not None:
                raise PhoneTaken(TAKEN)
        user = User(
            phone=applicant.phone,
            email=applicant.email,
            name=applicant.name,
            address=applicant.address,
            password_hash=await self.passwords.hash(applicant.password),
            created_at=self.now(),
        )
        async with self.sessions.begin() as session:
            client = await add_client(session, self.keyring, user, origin, self.now())
            if client is None:
                raise PhoneTaken(TAKEN)
            await note_act(session, self.keyring, client, Act.REGISTERED, place, self.now())
            return client.id, await self.logins.open(session, user.id, origin)
