"""The client's support chat. Only here, in his own session, a code can be read."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.client.access import SIGNED_IN, CurrentUser
from api.context import Context, Ctx
from api.files.photos import accept
from api.http.fields import Body, Line200, Optional4000, Token
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.onboarding.access import CurrentManager, caller_of
from api.writes.once import IdempotencyKey, once
from domain.kernel.crypto import CannotDecrypt
from domain.kernel.refusal import EmptyMessage, IdempotencyMismatch, NotFound, PhotoRejected
from models import SupportMessage, SupportTicket
from models.kernel.columns import unseal
from models.kernel.upload import manager_place, user_place
from models.people.user import client_caller
from models.support.ticket import BODY, Author

NO_TICKET: Final = "Такого обращения нет."
FOUND: Final = (*SIGNED_IN, NotFound)
WRITES: Final = (*FOUND, EmptyMessage, IdempotencyMismatch, PhotoRejected)

routes = router("client: support")


class NewTicket(Body):
    subject: Line200


class NewMessage(Body):
    body: Optional4000 = None
    file_key: Annotated[Token | None, Field(description="Of an upload ticket of one's own.")] = None


class TicketView(Shape):
    id: UUID
    user_id: UUID
    subject: str
    status: str = Field(examples=["open", "pending", "closed", "rejected"])
    created_at: Moment | None


class MessageView(Shape):
    id: UUID
    ticket_id: UUID
    author: str = Field(examples=["user", "support"])
    body: str | None
    file_key: str | None
    file_url: str | None
    created_at: Moment | None


class Counts(Shape):
    active: int = Field(description="`open` and `pending`.")
    total: int


async def own_ticket(ticket_id: UUID, user: CurrentUser, ctx: Ctx) -> SupportTicket:
    async with ctx.autocommit() as session:
        ticket = await SupportTicket.owned(session, ticket_id, user.id)
    if ticket is None:
        raise NotFound(NO_TICKET)
    return ticket


async def clients_ticket(ticket_id: UUID, manager: CurrentManager, ctx: Ctx) -> SupportTicket:
    """The ticket of a client of the manager's organisation."""
    async with ctx.autocommit() as session:
        ticket = await SupportTicket.of_organisation(session, ticket_id, manager.organisation_id)
    if ticket is None:
        raise NotFound(NO_TICKET)
    return ticket


OwnTicket = Annotated[SupportTicket, Depends(own_ticket)]
ClientsTicket = Annotated[SupportTicket, Depends(clients_ticket)]


@routes.get("/support", responses=problems(*SIGNED_IN))
async def list_tickets(
    user: CurrentUser, ctx: Ctx, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[TicketView]:
    """Newest first."""
    async with ctx.autocommit() as session:
        found = await SupportTicket.of_user(session, user.id, limit)
    return [_ticket(one) for one in found]


@routes.post(
    "/support", status_code=201, response_model=TicketView, responses=problems(*SIGNED_IN, IdempotencyMismatch)
)
async def open_ticket(asked: NewTicket, user: CurrentUser, ctx: Ctx, key: IdempotencyKey = None) -> Response:
    async def make(session: AsyncSession) -> TicketView:
        ticket = SupportTicket(user_id=user.id, subject=asked.subject, created_at=ctx.now())
        session.add(ticket)
        return _ticket(ticket)

    return await once(
        ctx,
        caller=client_caller(user.id),
        route="POST /support",
        key=key,
        body=asked.model_dump(),
        make=make,
        status=HTTPStatus.CREATED,
    )


@routes.get("/support/meta", responses=problems(*SIGNED_IN))
async def count_tickets(user: CurrentUser, ctx: Ctx) -> Counts:
    async with ctx.autocommit() as session:
        active, total = await SupportTicket.counted(session, user.id)
    return Counts(active=active, total=total)


@routes.get("/support/{ticket_id}", responses=problems(*FOUND))
async def show_ticket(ticket: OwnTicket) -> TicketView:
    return _ticket(ticket)


@routes.get("/support/{ticket_id}/messages", responses=problems(*FOUND))
async def list_messages(
    ticket: OwnTicket, ctx: Ctx, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[MessageView]:
    """The newest `limit` of them in the order of the chat."""
    async with ctx.autocommit() as session:
        found = await SupportMessage.last_of(session, ticket.id, limit)
    return [_message(ctx, one, _for_the_client(ctx, one)) for one in found]


@routes.post(
    "/support/{ticket_id}/messages/user", status_code=201, response_model=MessageView, responses=problems(*WRITES)
)
async def write_as_client(asked: NewMessage, ticket: OwnTicket, ctx: Ctx, key: IdempotencyKey = None) -> Response:
    return await _write(ctx, asked, ticket, Author.USER, client_caller(ticket.user_id), user_place(ticket.user_id), key)


@routes.post(
    "/support/{ticket_id}/messages/support",
    status_code=201,
    response_model=MessageView,
    responses=problems(*WRITES),
    tags=["manager: support"],
)
async def write_as_support(
    asked: NewMessage, ticket: ClientsTicket, manager: CurrentManager, ctx: Ctx, key: IdempotencyKey = None
) -> Response:
    """Staff only, with the manager's token."""
    return await _write(ctx, asked, ticket, Author.SUPPORT, caller_of(manager), manager_place(manager.id), key)


async def _write(
    ctx: Context, asked: NewMessage, ticket: SupportTicket, author: Author, caller: str, place: str, key: str | None
) -> Response:
    if not asked.body and not asked.file_key:
        raise EmptyMessage("Напишите сообщение или приложите фотографию.")
    file_key = await accept(ctx, asked.file_key, place) if asked.file_key else None

    async def make(session: AsyncSession) -> MessageView:
        message = SupportMessage(
            ticket_id=ticket.id, author=author, body=asked.body, file_key=file_key, created_at=ctx.now()
        )
        session.add(message)
        return _message(ctx, message, asked.body)

    return await once(
        ctx,
        caller=caller,
        route=f"POST /support/{{id}}/messages/{author}",
        key=key,
        body={"id": ticket.id, **asked.model_dump()},
        make=make,
        status=HTTPStatus.CREATED,
    )


def _for_the_client(ctx: Context, message: SupportMessage) -> str | None:
    """What he alone may read, else what everybody may; a key that is no longer there leaves the latter."""
    if message.body_sealed is None:
        return message.body
    try:
        text: str = unseal(ctx.keyring, BODY, message.body_sealed)
    except CannotDecrypt:
        return message.body
    return text


def _ticket(ticket: SupportTicket) -> TicketView:
    return TicketView.model_validate(ticket)


def _message(ctx: Context, message: SupportMessage, body: str | None) -> MessageView:
    return MessageView(
        id=message.id,
        ticket_id=message.ticket_id,
        author=message.author,
        body=body,
        file_key=message.file_key,
        file_url=ctx.link(message.file_key),
        created_at=message.created_at,
    )
