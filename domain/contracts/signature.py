"""The simple electronic signature (63-FZ art. 5, 6, 9): its trace, the seal of the trace, the message with a code."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from domain.kernel.money import show_amount

CODE_MINUTES: Final = 10
HIDDEN_CODE: Final = "••••••"

# One secret signs both, so each message starts with its purpose.
_TRACE_PURPOSE: Final = b"privet pep trace v1\n"
_VERIFY_PURPOSE: Final = b"privet verify link v1\n"
_VERIFY_BYTES: Final = 16


class ConfirmChannel(StrEnum):
    """Where the code was entered: in the client's own session, or on the screen of the manager beside him."""

    CLIENT_APP = "client_app"
    MANAGER_DEVICE = "manager_device"


@dataclass(frozen=True)
class Trace:
    """Evidence of a signature: parties, document, time and origin; times as of `moment`, hashes as lower-case hex.

    On a manager's device `signed_*` are None and `entered_by_*` identify the manager.
    """

    contract_number: str
    version: int
    document_sha256: str
    signed_at: str
    pep_agreed_at: str | None
    agreement_version: str | None
    agreement_sha256: str | None
    confirm_channel: ConfirmChannel
    signed_ip: str | None
    signed_user_agent: str | None
    entered_by_id: str | None
    entered_by_ip: str | None
    entered_by_user_agent: str | None
    client_id: str


def moment(at: datetime) -> str:
    """An aware time as UTC to the microsecond: the same text before and after a round trip through the database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(trace: Mapping[str, str | None]) -> bytes:
    """Canonical form of a trace, which is sealed: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(dict(trace), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal_trace(trace: Trace, key_id: str, key: bytes) -> str:
    """`{key_id}:{hex HMAC-SHA256}`; by the key id, earlier seals are verified after a rotation."""
    return f"{key_id}:{_seal(trace, key)}"


def trace_holds(trace: Trace, sealed: str, keys: Mapping[str, bytes]) -> bool:
    """Whether the trace is unchanged since it was sealed with one of `keys`."""
    key_id, _, seal = sealed.partition(":")
    key = keys.get(key_id)
    return key is not None and hmac.compare_digest(seal.encode(), _seal(trace, key).encode())


def code_message(number: str, code: str, amount_kopecks: int, document_sha256: str, minutes: int = CODE_MINUTES) -> str:
    """The message with the digits, shown only in the client's own session."""
    return (
        f"Договор {number}, код подтверждения {code}. Код действует {minutes} мин.\n"
        f"Введя код, вы подписываете договор {number} простой электронной подписью. "
        f"Сумма по договору: {show_amount(amount_kopecks)}. "
        f"Отпечаток документа начинается с {document_sha256[:8]}.\n"
        "Никому не сообщайте код, в том числе сотруднику."
    )


def masked_code_message(number: str, amount_kopecks: int, document_sha256: str, minutes: int = CODE_MINUTES) -> str:
    """The same message without the digits, for staff."""
    return code_message(number, HIDDEN_CODE, amount_kopecks, document_sha256, minutes)


def verify_token(number: str, sha256: str, key: bytes) -> str:
    """The `h` of the public verify link, 128 bits, because contract numbers can be guessed."""
    mac = hmac.digest(key, _VERIFY_PURPOSE + json.dumps([number, sha256]).encode(), hashlib.sha256)
    return urlsafe_b64encode(mac[:_VERIFY_BYTES]).rstrip(b"=").decode()


def token_digest(token: str) -> bytes:
    """How a verify token is stored: whoever reads the rows can make no link of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def trace_fields(trace: Trace) -> dict[str, str | None]:
    """The fields of the first version as the texts that are sealed."""
    return {field.name: _text(getattr(trace, field.name)) for field in fields(trace)}


def _seal(trace: Trace, key: bytes) -> str:
    return hmac.new(key, _TRACE_PURPOSE + canonical(trace_fields(trace)), hashlib.sha256).hexdigest()


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
