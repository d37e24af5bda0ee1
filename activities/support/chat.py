"""Tickets and messages of the support chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.files.photos import Photos, clean_key
from domain.kernel.refusal import EmptyMessage
from models.support.ticket import Author, SupportMessage, SupportTicket

EMPTY: Final = "Напишите сообщение или приложите фотографию."


@dataclass(frozen=True)
class Content:
    """A text, a photo by the key of its upload, or both; `EmptyMessage` for neither."""

    body: str | None
    file_key: str | None

    def __post_init__(self) -> None:
        if not self.body and not self.file_key:
            raise EmptyMessage(EMPTY)

    async def accepted(self, photos: Photos, place: str) -> "Content":
        """Check the photo; returns the content with the key of the checked photo."""
        if self.file_key is None:
            return self
        return Content(self.body, await photos.accept(self.file_key, place, clean_key(self.file_key)))


def open_ticket(session: AsyncSession, user_id: UUID, subject: str, at: datetime) -> SupportTicket:
    ticket = SupportTicket(user_id=user_id, subject=subject, created_at=at)
    session.add(ticket)
    return ticket


def write_message(
    session: AsyncSession, ticket_id: UUID, author: Author, content: Content, at: datetime
) -> SupportMessage:
    message = SupportMessage(
        ticket_id=ticket_id, author=author, body=content.body, file_key=content.file_key, created_at=at
    )
    session.add(message)
    return message
