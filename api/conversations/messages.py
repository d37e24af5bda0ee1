"""Messages of a dialog in the API: decrypted, with links to their files."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.conversations.shapes import AttachmentView, MessageView
from models import Attachment, Message
from models.conversations.dialog_list import attachments_of
from models.conversations.message import BODY
from models.kernel.columns import unseal


async def views(ctx: Context, session: AsyncSession, messages: Sequence[Message]) -> list[MessageView]:
    """Views of the messages, in the given order."""
    files = await attachments_of(session, messages)
    return [view(ctx, message, files) for message in messages]


def view(ctx: Context, message: Message, files: dict[UUID, list[Attachment]]) -> MessageView:
    shown = message.model_dump(
        include={"id", "direction", "author", "kind", "status", "failure", "is_auto_reply", "created_at"}
    )
    return MessageView(
        **shown,
        body=_text(ctx, message),
        deleted=message.deleted_at is not None,
        attachments=[_attachment(ctx, message, one) for one in files.get(message.id, ())],
    )


def _text(ctx: Context, message: Message) -> str:
    return str(unseal(ctx.keyring, BODY, message.body_sealed).get("text") or "")


def _attachment(ctx: Context, message: Message, attachment: Attachment) -> AttachmentView:
    shown = attachment.model_dump(include={"id", "kind", "file_name", "content_type", "size"})
    late = message.settled_at is None and message.file_due_at is not None
    missing = late or attachment.missing_at is not None
    return AttachmentView(**shown, url=ctx.link(attachment.storage_key), missing=missing)
