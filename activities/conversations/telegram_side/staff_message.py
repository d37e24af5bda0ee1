"""Rows for a message of staff: the message that waits for the conversation, and its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from domain.conversations.content import Kind
from domain.conversations.topic import is_note
from domain.kernel.crypto import Keyring
from gateways.telegram.events import Commanded, Edited, FileRef, Said
from models import Attachment, Message
from models.conversations.message import ALBUM, BODY, CONTENT_TYPE, FILE_NAME, SOURCE, Author, Delivery, Direction
from models.kernel.columns import seal

_KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind.TEXT,
    "photo": Kind.IMAGE,
    "sticker": Kind.STICKER,
    "document": Kind.FILE,
    "contact": Kind.CONTACT,
    "location": Kind.LOCATION,
    "venue": Kind.LOCATION,
}
_WHAT: Final[Mapping[str, str]] = {"animated_sticker": "sticker_animated"}
"""Kinds with another key in `domain.conversations.limits`."""


@dataclass(frozen=True)
class StaffRows:
    """`copied`: false for an edit, which is no Telegram message of its own."""

    message: Message
    files: tuple[Attachment, ...] = ()
    copied: bool = True


def rows_of(keyring: Keyring, event: Said | Commanded | Edited, dialog_id: UUID, now: datetime) -> StaffRows:
    match event:
        case Said():
            return _said(keyring, event, dialog_id, now)
        case Commanded():
            body: dict[str, object] = {"text": "", "name": event.name, "argument": event.argument}
            body |= _author(event.from_id, event.from_name)
            command = _message(keyring, event, dialog_id, Kind.COMMAND, body, now)
            command.reply_to_telegram_id = event.reply_to
            return StaffRows(command)
        case Edited():
            edit = _message(keyring, event, dialog_id, Kind.EDITED, {"text": event.text}, now)
            edit.source_key += f":edit:{event.edited_at}"
            return StaffRows(edit, copied=False)


def _said(keyring: Keyring, said: Said, dialog_id: UUID, now: datetime) -> StaffRows:
    kind = _kind(said)
    message = _message(keyring, said, dialog_id, kind, _body(said, kind), now)
    message.created_at = datetime.fromtimestamp(said.sent_at, UTC)
    message.reply_to_telegram_id = said.reply_to
    message.album = said.album[:ALBUM] if said.album else None
    if kind is Kind.NOTE:
        # A note is internal: nothing is left to do.
        message.status, message.settled_at = Delivery.DELIVERED, now
    if said.file is None or kind not in (Kind.IMAGE, Kind.STICKER, Kind.FILE):
        return StaffRows(message)
    return StaffRows(message, (_attachment(keyring, message.id, kind, said.file, now),))


def _message(
    keyring: Keyring,
    event: Said | Commanded | Edited,
    dialog_id: UUID,
    kind: Kind,
    body: Mapping[str, object],
    now: datetime,
) -> Message:
    return Message(
        dialog_id=dialog_id,
        source_key=f"telegram:{event.place.chat_id}:{event.message_id}",
        direction=Direction.TELEGRAM,
        author=Author.STAFF,
        kind=kind,
        body_sealed=seal(keyring, BODY, body),
        telegram_chat_id=event.place.chat_id,
        telegram_message_id=event.message_id,
        created_at=now,
        received_at=now,
    )


def _kind(said: Said) -> Kind:
    if is_note(said.text):
        return Kind.NOTE
    return _KINDS.get(said.kind, Kind.UNSUPPORTED)


def _body(said: Said, kind: Kind) -> dict[str, object]:
    body: dict[str, object] = {"text": said.text} | _author(said.from_id, said.from_name)
    if kind is Kind.UNSUPPORTED:
        body["what"] = _WHAT.get(said.kind, said.kind)
    if said.emoji:
        body["emoji"] = said.emoji
    if said.spot:
        spot = said.spot
        body |= {"latitude": spot.latitude, "longitude": spot.longitude, "title": spot.title, "address": spot.address}
    if said.contact:
        body |= {"name": said.contact.name, "phone": said.contact.phone}
    return body


def _author(from_id: int | None, name: str) -> dict[str, object]:
    return {"from_id": from_id, "from_name": name}


def _attachment(keyring: Keyring, message_id: UUID, kind: Kind, file: FileRef, now: datetime) -> Attachment:
    return Attachment(
        id=uuid4(),
        message_id=message_id,
        ordinal=0,
        kind=kind,
        file_name=file.name[:FILE_NAME] if file.name else None,
        content_type=file.mime[:CONTENT_TYPE] if file.mime else None,
        size=file.size,
        source_sealed=seal(
            keyring, SOURCE, {"file_id": file.file_id, "size": file.size, "mime": file.mime, "name": file.name}
        ),
        created_at=now,
    )
