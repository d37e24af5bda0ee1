"""How the events of a client are chained and authenticated, and what breaks a chain (ADR 0028)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from domain.kernel.actor import ActorKind
from domain.kernel.crypto import Keyring

EVENTS: Final = "trail"
HEAD: Final = "trail-head"
"""Purposes of the sub-keys of DATA_KEYS. Keys that made events are kept for ever."""


@dataclass(frozen=True)
class Link:
    """An event as it is chained; `key_id` and `ordinal` are None for one of the time before there were keys."""

    id: UUID
    client_id: UUID
    at: datetime
    actor_kind: ActorKind
    actor_id: UUID | None
    verb: str
    details: Mapping[str, Any] | None
    previous: bytes | None
    ordinal: int | None = None
    key_id: str | None = None

    def hash(self, keyring: Keyring) -> bytes:
        """HMAC-SHA256 over the canonical form and the hash before it, SHA-256 without a key; `KeyError` of the key."""
        body = [
            str(self.id),
            str(self.client_id),
            self.at.isoformat(),
            self.actor_kind.value,
            str(self.actor_id),
            self.verb,
        ]
        if self.key_id is None:
            return hashlib.sha256((self.previous or b"") + _canonical([*body, self.details])).digest()
        text = _canonical(["2", self.key_id, self.ordinal, (self.previous or b"").hex(), *body, self.details])
        return hmac.digest(keyring.subkey(EVENTS, self.key_id), text, hashlib.sha256)


@dataclass(frozen=True)
class Head:
    """The end of a chain as the card keeps it; `mac` is None on a card that no key has authenticated yet."""

    client_id: UUID
    count: int
    hash: bytes | None
    mac: bytes | None
    key_id: str | None

    def made_mac(self, keyring: Keyring, key_id: str) -> bytes:
        text = _canonical(["1", key_id, str(self.client_id), self.count, (self.hash or b"").hex()])
        return hmac.digest(keyring.subkey(HEAD, key_id), text, hashlib.sha256)

    def is_sound(self, keyring: Keyring) -> bool:
        """Whether the MAC is of this head; False without one, and for one of an unknown key."""
        if self.mac is None or self.key_id is None or self.key_id not in keyring.keys:
            return False
        return hmac.compare_digest(self.made_mac(keyring, self.key_id), self.mac)


class BreakKind(StrEnum):
    CONTENT = "content"
    """The event is not what was hashed: rewritten, or of another client."""

    ORDER = "order"
    """The event does not follow the one before it: one is missing, added or moved."""

    UNKEYED = "unkeyed"
    """An event without a key after one with a key."""

    UNKNOWN_KEY = "unknown-key"
    """DATA_KEYS lacks the key that made the event or the head."""

    HEAD = "head"
    """The card's head or count is not that of the last event: events were cut off or added."""

    HEAD_MAC = "head-mac"
    """The card's head was not made by the application."""

    HEAD_UNKEYED = "head-unkeyed"
    """The head lost its MAC: once all heads had one, none may be without."""

    CONTRACT = "contract"
    """A signed contract is not the one of the event of its signature, or one of both is missing."""


@dataclass(frozen=True)
class Break:
    """`ordinal`: the first bad event, counted from 1; None for what concerns the card or a contract."""

    client_id: UUID
    kind: BreakKind
    ordinal: int | None = None


class Chain:
    """Checks the events of one client in the order of their writing; keeps the last hash only."""

    def __init__(self, keyring: Keyring, client_id: UUID) -> None:
        self._keyring, self._client_id = keyring, client_id
        self.broken: Break | None = None
        self.count = 0
        self.keyed = False
        self._last: bytes | None = None

    def follow(self, link: Link, stored: bytes) -> None:
        """Take the next event; the first break stays."""
        self.count += 1
        kind = self._kind(link, stored)
        if kind is not None and self.broken is None:
            self.broken = Break(self._client_id, kind, self.count)
        self.keyed = self.keyed or link.key_id is not None
        self._last = stored

    def end(self, head: Head, *, must_be_keyed: bool) -> Break | None:
        """The first break of events and head."""
        if self.broken is None and (kind := self._kind_of_end(head, must_be_keyed=must_be_keyed)) is not None:
            self.broken = Break(self._client_id, kind)
        return self.broken

    def _kind(self, link: Link, stored: bytes) -> BreakKind | None:
        if link.previous != self._last:
            return BreakKind.ORDER
        if link.key_id is None:
            if self.keyed:
                return BreakKind.UNKEYED
        elif link.ordinal != self.count:
            return BreakKind.ORDER
        elif link.key_id not in self._keyring.keys:
            return BreakKind.UNKNOWN_KEY
        return None if hmac.compare_digest(link.hash(self._keyring), stored) else BreakKind.CONTENT

    def _kind_of_end(self, head: Head, *, must_be_keyed: bool) -> BreakKind | None:
        if head.hash != self._last:
            return BreakKind.HEAD
        if head.mac is None:
            return BreakKind.HEAD_UNKEYED if self.keyed or must_be_keyed else None
        if head.count != self.count:
            return BreakKind.HEAD
        if head.key_id not in self._keyring.keys:
            return BreakKind.UNKNOWN_KEY
        return None if head.is_sound(self._keyring) else BreakKind.HEAD_MAC


def _canonical(parts: list[Any]) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
