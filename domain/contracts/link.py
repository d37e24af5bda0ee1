"""The link by which a client opens his contract: it works without a token of access, for one session, for minutes."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

PURPOSE: Final = "contract-link"
"""Of the sub-keys that sign links."""

_ID, _TIME, _MAC = 16, 5, 16
_LENGTH: Final = _ID + _TIME + _MAC


@dataclass(frozen=True)
class OpenedBy:
    """The session for which a link was made, and until when it works."""

    session_id: UUID
    expires_at: datetime


def link_token(contract_id: UUID, by: OpenedBy, key: bytes) -> str:
    """Session, time and a MAC of 128 bits over both and the contract."""
    body = by.session_id.bytes + int(by.expires_at.timestamp()).to_bytes(_TIME)
    return _text(body + _mac(contract_id, body, key))


def read_link(contract_id: UUID, token: str, keys: Iterable[bytes], now: datetime) -> OpenedBy | None:
    """None for a token of another contract, one that was changed, and one whose time is over."""
    try:
        whole = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (BadBase64, ValueError):
        return None
    if _text(whole) != token:
        # Other texts decode to the same bytes.
        return None
    body, mac = whole[: _ID + _TIME], whole[_ID + _TIME :]
    if len(whole) != _LENGTH or not any(hmac.compare_digest(mac, _mac(contract_id, body, key)) for key in keys):
        return None
    by = OpenedBy(UUID(bytes=body[:_ID]), datetime.fromtimestamp(int.from_bytes(body[_ID:]), UTC))
    return by if now < by.expires_at else None


def _text(token: bytes) -> str:
    return urlsafe_b64encode(token).rstrip(b"=").decode()


def _mac(contract_id: UUID, body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, contract_id.bytes + body, hashlib.sha256)[:_MAC]
