"""The client's support chat. Codes are shown only here, in the client's own session."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.deliveries.chat import note_shown
from api.client.access import CurrentSession, CurrentUser
from api.context import Context, Ctx
from api.http.fields import Body, Line200
from api.http.problems import LISTING, READING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.support.messages import NO_TICKET, WRITES, MessageView, NewMessage, Writer, view, write_message
from api.writes.once import Asked, IdempotencyKey, once
from domain.kernel.crypto import CannotDecrypt
from domain.kernel.refusal import IdempotencyMismatch, found
from models import SupportMessage, SupportTicket
from models.kernel.columns import unseal
from models.kernel.upload import user_place
from models.people.user import client_caller
from models.support.ticket import BODY

routes = router("client: support")


class NewTicket(Body):
    subject: Line200


class TicketView(Shape):
    id: UUID
    user_id: UUID
    subject: str
    status: str = Field(examples=["open", "pending", "closed", "rejected"])
    created_at: Moment | None


class Counts(Shape):
    active: int = Field(description="`open` and `pending`.")
    total: int


async def own_ticket(ticket_id: UUID, user: CurrentUser, ctx: Ctx) -> SupportTicket:
    async with ctx.autocommit() as session:
        return found(await SupportTicket.owned(session, ticket_id, user.id), NO_TICKET)


OwnTicket = Annotated[SupportTicket, Depends(own_ticket)]


@routes.get("/support", responses=problems(*LISTING))
async def list_tickets(
    user: CurrentUser, ctx: Ctx, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[TicketView]:
    """Newest first."""
    async with ctx.autocommit() as session:
        found = await SupportTicket.of_user(session, user.id, limit)
    return [TicketView.model_validate(one) for one in found]


@routes.post("/support", status_code=201, response_model=TicketView, responses=problems(*LISTING, IdempotencyMismatch))
async def open_ticket(asked: NewTicket, user: CurrentUser, ctx: Ctx, key: IdempotencyKey = None) -> Response:
    async def make(session: AsyncSession) -> TicketView:
        ticket = SupportTicket(user_id=user.id, subject=asked.subject, created_at=ctx.now())
        session.add(ticket)
        return TicketView.model_validate(ticket)

    return await once(
        ctx, Asked(client_caller(user.id), "POST /support", key, asked.model_dump()), make, HTTPStatus.CREATED
    )


@routes.get("/support/meta", responses=problems(*LISTING))
async def count_tickets(user: CurrentUser, ctx: Ctx) -> Counts:
    async with ctx.autocommit() as session:
        active, total = await SupportTicket.counted(session, user.id)
    return Counts(active=active, total=total)


@routes.get("/support/{ticket_id}", responses=problems(*READING))
async def show_ticket(ticket: OwnTicket) -> TicketView:
    return TicketView.model_validate(ticket)


@routes.get("/support/{ticket_id}/messages", responses=problems(*READING))
async def list_messages(
    ticket: OwnTicket, signed: CurrentSession, ctx: Ctx, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[MessageView]:
    """The newest `limit` of them in the order of the chat.

    Once the phone is confirmed, a code's digits are shown only in sessions that have proven it.
    """
    async with ctx.autocommit() as session:
        found = await SupportMessage.last_of(session, ticket.id, limit)
    whole = signed.has_proven or not (signed.user.phone_is_confirmed and ctx.settings.signing_needs_confirmed_phone)
    if whole:
        codes = [one.id for one, _ in found if one.body_sealed is not None]
        await note_shown(ctx.sessions, ctx.keyring, signed.user.id, codes, ctx.now())
    return [view(ctx, one, _for_the_client(ctx, one) if whole else one.body, name) for one, name in found]


@routes.post(
    "/support/{ticket_id}/messages/user", status_code=201, response_model=MessageView, responses=problems(*WRITES)
)
async def write_as_client(
    asked: NewMessage, ticket: OwnTicket, user: CurrentUser, ctx: Ctx, key: IdempotencyKey = None
) -> Response:
    return await write_message(ctx, asked, ticket, Writer(client_caller(user.id), user_place(user.id)), key)


def _for_the_client(ctx: Context, message: SupportMessage) -> str | None:
    """The sealed text for the client; without its key, the text for managers."""
    if message.body_sealed is None:
        return message.body
    try:
        return str(unseal(ctx.keyring, BODY, message.body_sealed))
    except CannotDecrypt:
        return message.body
