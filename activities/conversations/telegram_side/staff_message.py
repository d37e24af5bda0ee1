"""Rows for a message of staff: the message that waits for the conversation, and its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from domain.conversations.content import Kind
from domain.conversations.edit import Content
from domain.conversations.topic import is_command, is_note
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
EDIT: Final = ":edit:"
"""Follows the key of the message in the key of an edit of it."""

UNIQUE: Final = "unique"
FILE_ID: Final = "file_id"
EDITED_KIND: Final = "edited_kind"

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
            content = content_of_edit(event)
            body = _file_body(event.file) | {"text": event.text, EDITED_KIND: content.kind.value}
            edit = _message(keyring, event, dialog_id, Kind.EDITED, body, now)
            # Two edits within a second differ in what they say.
            edit.source_key += f"{EDIT}{event.edited_at}:{edit.id.hex[-8:]}"
            return StaffRows(edit, copied=False)


def source_key(event: Said | Commanded | Edited) -> str:
    """Of the message itself, also for an edit of it."""
    return f"telegram:{event.place.chat_id}:{event.message_id}"


def content_of_edit(event: Edited) -> Content:
    """What the message says now."""
    kind = _kind_of_edit(event)
    return Content(kind, event.text, event.file.unique if event.file is not None else None)


def content_of(row: Message, body: Mapping[str, Any]) -> Content:
    """What a stored message or edit of staff says; of a canned reply the command that it was."""
    if row.kind == Kind.EDITED:
        kind = Kind(body.get(EDITED_KIND, Kind.TEXT))
    else:
        kind = Kind.COMMAND if "argument" in body else Kind(row.kind)
    return Content(kind, str(body.get("text") or ""), body.get(UNIQUE))


def is_file_replaced(body: Mapping[str, Any], edit: Mapping[str, Any]) -> bool:
    """Whether an edit has put another file in the place of that of the message."""
    return None not in (body.get(UNIQUE), edit.get(UNIQUE)) and body[UNIQUE] != edit[UNIQUE]


def point_to_edit(keyring: Keyring, file: Attachment, edit: Mapping[str, Any]) -> None:
    """Lets `file` be the one of the edit; it is fetched again."""
    _point_to(keyring, file, FileRef(str(edit[FILE_ID]), edit.get("size"), edit.get("mime"), edit.get("name")))
    file.storage_key = None


def _kind_of_edit(event: Edited) -> Kind:
    if event.kind == "unknown":
        return Kind.NOTE if is_note(event.text) else Kind.UNKNOWN if event.text else Kind.UNSUPPORTED
    said = Said(event.place, event.message_id, 0, event.from_id, "", event.kind, event.text, file=event.file)
    kind = _kind(said)
    return Kind.COMMAND if kind is not Kind.NOTE and is_command(event.text) else kind


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
        source_key=source_key(event),
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
    if said.file is not None and said.file.unique is not None:
        body[UNIQUE] = said.file.unique
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


def _file_body(file: FileRef | None) -> dict[str, object]:
    """Of an edit: enough to fetch the file that has taken another's place."""
    if file is None:
        return {}
    return {FILE_ID: file.file_id, "size": file.size, "mime": file.mime, "name": file.name, UNIQUE: file.unique}


def _attachment(keyring: Keyring, message_id: UUID, kind: Kind, file: FileRef, now: datetime) -> Attachment:
    attachment = Attachment(id=uuid4(), message_id=message_id, ordinal=0, kind=kind, created_at=now)
    _point_to(keyring, attachment, file)
    return attachment


def _point_to(keyring: Keyring, attachment: Attachment, file: FileRef) -> None:
    attachment.file_name = file.name[:FILE_NAME] if file.name else None
    attachment.content_type = file.mime[:CONTENT_TYPE] if file.mime else None
    attachment.size = file.size
    source = {"file_id": file.file_id, "size": file.size, "mime": file.mime, "name": file.name}
    attachment.source_sealed = seal(keyring, SOURCE, source)
