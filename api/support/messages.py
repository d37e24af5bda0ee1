"""Messages of support tickets, written by clients and by managers."""

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
from domain.kernel.refusal import EmptyMessage, IdempotencyMismatch, PhotoRejected
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
    body: str | None
    file_key: str | None
    file_url: str | None
    created_at: Moment | None


async def write_message(
    ctx: Context, asked: NewMessage, ticket: SupportTicket, author: Author, caller: str, place: str, key: str | None
) -> Response:
    """Write a message once; `place` is the upload place of the author."""
    if not asked.body and not asked.file_key:
        raise EmptyMessage(EMPTY)
    photo = await ctx.photos.accept(asked.file_key, place, clean_key(asked.file_key)) if asked.file_key else None

    async def make(session: AsyncSession) -> MessageView:
        message = SupportMessage(
            ticket_id=ticket.id, author=author, body=asked.body, file_key=photo, created_at=ctx.now()
        )
        session.add(message)
        return view(ctx, message, asked.body)

    body = {"id": ticket.id, **asked.model_dump()}
    route = f"POST /support/{{id}}/messages/{author}"
    return await once(ctx, Asked(caller, route, key, body), make, HTTPStatus.CREATED)


def view(ctx: Context, message: SupportMessage, body: str | None) -> MessageView:
    return MessageView(
        id=message.id,
        ticket_id=message.ticket_id,
        author=message.author,
        body=body,
        file_key=message.file_key,
        file_url=ctx.link(message.file_key),
        created_at=message.created_at,
    )
