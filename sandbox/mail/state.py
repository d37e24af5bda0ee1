"""The mailbox: letters as they came, whole, and their parts for the page."""

import email
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import default
from typing import Any

from sandbox.blobs import Blobs
from sandbox.clock import Now
from sandbox.faults import Faults
from sandbox.journal import Journal

KEPT = 2_000
"""Letters; the oldest go."""

_HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted")


@dataclass(frozen=True)
class Letter:
    id: int
    sender: str
    """Of the envelope, as `recipients`."""
    recipients: list[str]
    sha256: str
    """Of the whole message, by which Blobs has it."""
    at: float
    subject: str
    message_id: str
    attached: int
    """How many files."""


class Mailbox:
    def __init__(self, faults: Faults, journal: Journal, now: Now, blobs: Blobs) -> None:
        self.faults, self.journal, self.now, self._blobs = faults, journal, now, blobs
        self.letters: dict[int, Letter] = {}
        self._next = 1

    def keep(self, sender: str, recipients: list[str], content: bytes) -> Letter:
        message = message_from(content)
        letter = Letter(
            *(self._next, sender, recipients, self._blobs.put(content), self.now()),
            subject=str(message["Subject"] or ""),
            message_id=str(message["Message-ID"] or ""),
            attached=sum(1 for _ in message.iter_attachments()),
        )
        self._next += 1
        self.letters[letter.id] = letter
        while len(self.letters) > KEPT:
            del self.letters[next(iter(self.letters))]
        return letter

    def clear(self) -> None:
        self.letters.clear()

    def content(self, letter: Letter) -> bytes:
        return self._blobs.get(letter.sha256)

    def view(self) -> list[dict[str, Any]]:
        """Newest first, without bodies."""
        return [_brief(letter) for letter in reversed(self.letters.values())]

    def show(self, letter: Letter) -> dict[str, Any]:
        """With text and attachments; the HTML comes from an address of its own."""
        message = self._message(letter)
        text = body_of(message, "plain")
        return {
            **_brief(letter),
            "headers": {name: str(message[name]) for name in _HEADERS if message[name] is not None},
            "text": text,
            "has_html": body_of(message, "html") is not None,
            "links": re.findall(r"https?://[^\s<>\"]+", text or ""),
            "attachments": [
                {
                    "number": number,
                    "name": part.get_filename() or "",
                    "mime": part.get_content_type(),
                    "size": len(data),
                }
                for number, (part, data) in enumerate(self._attached(message))
            ],
        }

    def html(self, letter: Letter) -> str | None:
        return body_of(self._message(letter), "html")

    def attachment(self, letter: Letter, number: int) -> tuple[str, str, bytes] | None:
        """Name, type and bytes."""
        for at, (part, data) in enumerate(self._attached(self._message(letter))):
            if at == number:
                return part.get_filename() or "file", part.get_content_type(), data
        return None

    def snapshot(self) -> dict[str, Any]:
        return {"letters": [asdict(letter) for letter in self.letters.values()], "next": self._next}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.letters = {record["id"]: Letter(**record) for record in saved["letters"]}
        self._next = saved["next"]

    def _message(self, letter: Letter) -> EmailMessage:
        return message_from(self.content(letter))

    def _attached(self, message: EmailMessage) -> Iterator[tuple[EmailMessage, bytes]]:
        for part in message.iter_attachments():
            data = part.get_payload(decode=True)
            yield part, data if isinstance(data, bytes) else b""


def _brief(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "from": letter.sender,
        "to": letter.recipients,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "at": letter.at,
        "attached": letter.attached,
    }


def message_from(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, _class=EmailMessage, policy=default)


def body_of(message: EmailMessage, kind: str) -> str | None:
    body = message.get_body((kind,))
    return None if body is None else str(body.get_content())
