"""A new client: his account, his card for the managers, his accession to the agreement, and the process that begins."""

import asyncio
import logging
from datetime import timedelta
from typing import Final
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.service import RPCError

from api.client.sessions import TokenPair, open_session
from api.context import Context
from api.http.fields import Body, Optional200, Optional500, OptionalEmail, Password, Phone
from api.http.origin import Origin
from documents.contracts.agreement import published
from domain.clients.status import ClientStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.search import search_text
from domain.people.password import check_password
from domain.people.refusals import PhoneTaken
from logs import FIELDS
from models import Accession, Client, Event, User
from models.contracts.agreement import AgreedBy
from models.people.organisation import FIRST
from workflows.onboarding.starting import begin_onboarding

PATIENCE: Final = timedelta(seconds=2)
TAKEN: Final = "Этот номер уже зарегистрирован. Войдите с ним или восстановите пароль."

log = logging.getLogger("privet.registration")


class Registration(Body):
    phone: Phone
    password: Password
    email: OptionalEmail = None
    name: Optional200 = None
    address: Optional500 = None


async def register(ctx: Context, asked: Registration, origin: Origin) -> TokenPair:
    """One transaction; the process that follows is begun at once if Temporal answers, else by the adoption Schedule."""
    check_password(asked.password)
    async with ctx.autocommit() as session:
        if await User.by_phone(session, asked.phone) is not None:
            raise PhoneTaken(TAKEN)
    user = User(
        phone=asked.phone,
        email=asked.email,
        name=asked.name,
        address=asked.address,
        password_hash=await ctx.passwords.hash(asked.password),
        created_at=ctx.now(),
    )
    async with ctx.sessions.begin() as session:
        if not await User.add(session, user):
            raise PhoneTaken(TAKEN)
        client = await _card(ctx, session, user, origin)
        pair = await open_session(ctx, session, user, origin)
    await begin(ctx, client)
    return pair


async def begin(ctx: Context, client: Client) -> None:
    """Start the client's process; without Temporal the row stays and waits to be adopted."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await begin_onboarding(ctx.temporal, client.id, PATIENCE)
    except (TimeoutError, RPCError, RuntimeError):
        # RuntimeError is what a client says that never could connect.
        log.warning("onboarding waits for adoption", extra={FIELDS: {"client_id": str(client.id)}})


async def _card(ctx: Context, session: AsyncSession, user: User, origin: Origin) -> Client:
    now, agreement = ctx.now(), published()
    client = Client(
        organisation_id=FIRST,
        user_id=user.id,
        status=ClientStatus.NEW,
        search_text=search_text(user.name, user.phone, user.email, user.address),
        created_at=now,
        updated_at=now,
    )
    session.add(client)
    session.add(
        Accession(
            user_id=user.id,
            agreed_by=AgreedBy.REGISTRATION,
            version=agreement.version,
            sha256=agreement.sha256,
            agreed_at=now,
            ip=origin.ip,
            user_agent=origin.user_agent,
        )
    )
    await session.flush()
    Event.add(
        session, client, Actor(ActorKind.CLIENT, user.id), "client-registered", now, uuid4(), version=agreement.version
    )
    return client
