"""The trace of a signature, second version: who signed, by which proofs, and the sealed document that says so."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.contracts.signature import ConfirmChannel

FORMAT: Final = "privet-pep-trace-2"
_PURPOSE: Final = b"privet pep trace v2\n"


# No repr of what holds personal data, because it could get into logs. Times are as of `moment`, hashes lower-case hex.
@dataclass(frozen=True, repr=False)
class Account:
    """The signer's account; `phone` has ten digits, None unless it is confirmed; `card_phone` was typed by staff."""

    id: str
    phone: str | None
    phone_confirmed_at: str | None
    phone_confirmed_by: str | None
    card_phone: str | None


@dataclass(frozen=True, repr=False)
class Session:
    """The signer's own session; `phone_proved_at`: when the phone was proven in it."""

    id: str
    since: str | None
    ip: str | None
    user_agent: str | None
    phone_proved_at: str | None


@dataclass(frozen=True)
class Way:
    """How the code went out: one try by one channel; `provider_id` is the provider's, by which it can be asked."""

    channel: str
    state: str
    reason: str | None = None
    provider_id: str | None = None
    sent_at: str | None = None
    delivered_at: str | None = None


@dataclass(frozen=True)
class Code:
    """The code that was entered; never its digits."""

    id: str
    sent_at: str
    document_sha256: str
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, repr=False)
class Opening:
    """The PDF was opened in the signer's session; `sha256` is of the bytes that were served."""

    first_at: str
    last_at: str
    sha256: str
    ip: str | None
    user_agent: str | None


@dataclass(frozen=True)
class Agreement:
    version: str | None
    sha256: str | None
    agreed_at: str | None
    agreed_by: str | None
    attested_by_id: str | None


@dataclass(frozen=True, repr=False)
class Entered:
    """The manager on whose device the code was entered: the weaker way."""

    manager_id: str
    ip: str | None
    user_agent: str | None


@dataclass(frozen=True, repr=False)
class SignatureTrace:
    """Everything that is known about a signature at its moment.

    `session`, `ip` and `user_agent` are None on a manager's device, `entered` in the client's own session.
    `staff_nearby` are reasons to suspect that a member of staff sat at the client's device.
    """

    contract_id: str
    contract_number: str
    version: int
    document_sha256: str
    client_id: str
    signed_at: str
    confirm_channel: ConfirmChannel
    account: Account
    session: Session | None
    code: Code | None
    openings: tuple[Opening, ...]
    agreement: Agreement
    ip: str | None
    user_agent: str | None
    entered: Entered | None
    staff_nearby: tuple[str, ...] = ()


def trace_document(trace: SignatureTrace) -> bytes:
    """The canonical form, which is sealed and stored as it is: JSON with sorted keys, no spaces, UTF-8."""
    content = {"format": FORMAT, **asdict(trace)}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_document(document: bytes) -> dict[str, Any]:
    """The content of a trace; raises ValueError for anything else."""
    content = json.loads(document)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("not a trace of the second version")
    return content


def seal_document(document: bytes, key_id: str, key: bytes) -> str:
    """`{key_id}:{hex HMAC-SHA256}`, as of the first version, with a purpose of its own."""
    return f"{key_id}:{_mac(document, key)}"


def document_holds(document: bytes, sealed: str, keys: Mapping[str, bytes]) -> bool:
    """Whether the document is unchanged since it was sealed with one of `keys`."""
    key_id, _, mac = sealed.partition(":")
    key = keys.get(key_id)
    return key is not None and hmac.compare_digest(mac.encode(), _mac(document, key).encode())


def _mac(document: bytes, key: bytes) -> str:
    return hmac.new(key, _PURPOSE + document, hashlib.sha256).hexdigest()
