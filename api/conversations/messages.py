"""Messages of a dialog in the API: decrypted, with links to their files."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.conversations.shapes import AttachmentView, MessageView, PlaceView
from domain.conversations.content import Kind
from domain.conversations.wording import wording
from models import Attachment, Message
from models.conversations.dialog_list import attachments_of
from models.conversations.message import BODY, Author, Direction
from models.kernel.columns import unseal


async def views(ctx: Context, session: AsyncSession, messages: Sequence[Message]) -> list[MessageView]:
    """Views of the messages, in the given order."""
    files = await attachments_of(session, messages)
    return [view(ctx, message, files) for message in messages]


def view(ctx: Context, message: Message, files: dict[UUID, list[Attachment]]) -> MessageView:
    shown = message.model_dump(
        include={"id", "direction", "author", "kind", "status", "failure", "is_auto_reply", "created_at"}
    )
    from_avito, by_buyer = message.direction is Direction.AVITO, message.author is Author.BUYER
    body = unseal(ctx.keyring, BODY, message.body_sealed)
    words = wording(message.kind, body, from_avito=from_avito, by_buyer=by_buyer)
    return MessageView(
        **shown,
        body=words.text,
        described=not words.said and bool(words.told),
        place=_place(message, body),
        deleted=message.deleted_at is not None,
        attachments=[_attachment(ctx, message, one) for one in files.get(message.id, ())],
    )


def _place(message: Message, body: Mapping[str, Any]) -> PlaceView | None:
    if message.kind != Kind.LOCATION or "latitude" not in body or "longitude" not in body:
        return None
    return PlaceView(latitude=body["latitude"], longitude=body["longitude"])


def _attachment(ctx: Context, message: Message, attachment: Attachment) -> AttachmentView:
    shown = attachment.model_dump(include={"id", "kind", "file_name", "content_type", "size"})
    late = message.settled_at is None and message.file_due_at is not None
    missing = late or attachment.missing_at is not None
    return AttachmentView(**shown, url=ctx.link(attachment.storage_key), missing=missing)
