"""Messages of support tickets, written by clients and by managers."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.files.photos import clean_key
from api.context import Context
from api.http.fields import Body, Optional4000, Token
from api.http.problems import READING
from api.http.shapes import Moment, Shape
from api.writes.once import Asked, once
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.refusal import EmptyMessage, IdempotencyMismatch, PhotoRejected
from domain.onboarding.process import must_hold
from domain.support.message import check_written
from models.people.manager import Manager
from models.support.ticket import Author, SupportMessage, SupportTicket

NO_TICKET: Final = "Такого обращения нет."
EMPTY: Final = "Напишите сообщение или приложите фотографию."
WRITES: Final = (*READING, EmptyMessage, IdempotencyMismatch, PhotoRejected)


class NewMessage(Body):
    body: Optional4000 = None
    file_key: Annotated[Token | None, Field(description="Of an upload ticket of one's own.")] = None


class MessageView(Shape):
    id: UUID
    ticket_id: UUID
    author: str = Field(examples=["user", "support"])
    author_name: str | None = Field(description="Of the manager who wrote it; null: the client or the system did.")
    body: str | None
    file_key: str | None
    file_url: str | None
    created_at: Moment | None


@dataclass(frozen=True)
class Writer:
    """The client, or a manager; `place` is where the photos of his messages are uploaded to."""

    caller: str
    place: str
    manager: Manager | None = None

    @property
    def author(self) -> Author:
        return Author.USER if self.manager is None else Author.SUPPORT


async def write_message(
    ctx: Context, asked: NewMessage, ticket: SupportTicket, writer: Writer, key: str | None
) -> Response:
    """Write a message once."""
    manager = writer.manager
    if manager is not None:
        check_written(asked.body or "")
    if not asked.body and not asked.file_key:
        raise EmptyMessage(EMPTY)
    photo = await ctx.photos.accept(asked.file_key, writer.place, clean_key(asked.file_key)) if asked.file_key else None

    async def make(session: AsyncSession) -> MessageView:
        if manager is not None:
            await _check_holds(session, ticket, manager)
        message = SupportMessage(
            ticket_id=ticket.id,
            author=writer.author,
            author_id=manager.id if manager else None,
            body=asked.body,
            file_key=photo,
            created_at=ctx.now(),
        )
        session.add(message)
        return view(ctx, message, asked.body, manager.name if manager else None)

    body = {"id": ticket.id, **asked.model_dump()}
    route = f"POST /support/{{id}}/messages/{writer.author}"
    return await once(ctx, Asked(writer.caller, route, key, body), make, HTTPStatus.CREATED)


async def _check_holds(session: AsyncSession, ticket: SupportTicket, manager: Manager) -> None:
    """Codes and bills come in one ticket: there only the holder of the client writes."""
    is_signing, holder = await SupportTicket.holder(session, ticket)
    if is_signing:
        must_hold(holder, Actor(ActorKind.MANAGER, manager.id))


def view(ctx: Context, message: SupportMessage, body: str | None, author_name: str | None) -> MessageView:
    return MessageView(
        id=message.id,
        ticket_id=message.ticket_id,
        author=message.author,
        author_name=author_name,
        body=body,
        file_key=message.file_key,
        file_url=ctx.link(message.file_key),
        created_at=message.created_at,
    )
