"""The trail of a client as it is exported: each event with the text that was hashed, and what can be checked without
our keys.

An event without a key: its hash is the SHA-256 of the bytes of `previous` and the text. With a key: HMAC-SHA256 of the
text, which holds `previous` and the event's number; only who has the key can repeat it, everybody can follow the order.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain.evidence.anchor import Leaf, canonical

_FIELDS: Final = {"hash", "key_id", "number", "previous", "text"}


class BadTrail(ValueError):
    """The exported trail is no chain; the text is a Russian sentence for the report."""


@dataclass(frozen=True)
class TrailEvent:
    """`number` counts from 1; `body` is id, client, time, kind and id of the actor, verb, details."""

    number: int
    body: Sequence[Any]
    previous: bytes | None
    hash: bytes
    key_id: str | None

    @property
    def verb(self) -> str:
        return str(self.body[5])

    @property
    def details(self) -> Mapping[str, Any]:
        return self.body[6] if isinstance(self.body[6], dict) else {}

    def text(self) -> bytes:
        """What is hashed."""
        if self.key_id is None:
            return canonical(list(self.body))
        return canonical(["2", self.key_id, self.number, (self.previous or b"").hex(), *self.body])

    def line(self) -> bytes:
        """The event as a line of the exported trail, without a line feed."""
        return canonical(
            {
                "hash": self.hash.hex(),
                "key_id": self.key_id,
                "number": self.number,
                "previous": self.previous.hex() if self.previous else None,
                "text": self.text().decode(),
            }
        )

    @staticmethod
    def parse(line: bytes) -> "TrailEvent":
        """Raises BadTrail for anything but such a line, byte for byte."""
        try:
            values = json.loads(line)
            text = json.loads(values["text"])
            key_id = values["key_id"]
            event = TrailEvent(
                number=values["number"],
                body=text if key_id is None else text[4:],
                previous=bytes.fromhex(values["previous"]) if values["previous"] else None,
                hash=bytes.fromhex(values["hash"]),
                key_id=key_id,
            )
            same = set(values) == _FIELDS and len(event.body) == 7 and event.line() == line
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise BadTrail("строка истории не читается") from error
        if not same:
            raise BadTrail("строка истории записана не так, как её записывает программа")
        return event


class Content:
    """The digest of the texts of a trail, without a key: after each event, SHA-256 of the digest before it (nothing
    before the first event) and the event's text."""

    def __init__(self) -> None:
        self.count = 0
        self.head = self.digest = b""

    def follow(self, event: TrailEvent) -> None:
        self.count += 1
        self.head = event.hash
        self.digest = hashlib.sha256(self.digest + event.text()).digest()

    def leaf(self, client_id: UUID) -> Leaf:
        return Leaf(client_id, self.count, self.head, self.digest)


def leaf_at(events: Sequence[TrailEvent], count: int, client_id: UUID) -> Leaf | None:
    """The leaf that the first `count` events give; None if there are fewer."""
    content = Content()
    for event in events[:count]:
        content.follow(event)
    return content.leaf(client_id) if content.count == count else None


def read_trail(lines: Iterable[bytes], client_id: UUID) -> list[TrailEvent]:
    """The events of a client; raises BadTrail unless each follows the one before it and those without a key are what
    their hashes say."""
    events: list[TrailEvent] = []
    keyed = False
    for line in lines:
        event = TrailEvent.parse(line)
        place = f"событие {len(events) + 1}"
        if event.number != len(events) + 1:
            raise BadTrail(f"{place}: нарушен порядок номеров")
        if event.previous != (events[-1].hash if events else None):
            raise BadTrail(f"{place}: не продолжает предыдущее")
        if event.body[1] != str(client_id):
            raise BadTrail(f"{place}: о другом клиенте")
        if event.key_id is None and keyed:
            raise BadTrail(f"{place}: без ключа после событий с ключом")
        if event.key_id is None and hashlib.sha256((event.previous or b"") + event.text()).digest() != event.hash:
            raise BadTrail(f"{place}: содержание не соответствует хешу")
        keyed = keyed or event.key_id is not None
        events.append(event)
    return events
