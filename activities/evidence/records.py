"""Rows as the files of a bundle: what is exported of a code, a delivery, an opening, an accession."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from activities.contracts.trace import document_of
from documents.contracts.agreement import text_of
from documents.evidence.bundle import pretty
from domain.deliveries.delivery import CODES, Purpose
from domain.evidence.trail import TrailEvent
from domain.kernel.crypto import Keyring
from models import Accession, Code, Contract, ContractOpening
from models.deliveries.delivery import ADDRESS, LETTER, Delivery, DeliveryAttempt
from models.evidence.dossier import Dossier
from models.kernel.columns import unseal


def trail_file(events: Sequence[TrailEvent]) -> bytes:
    return b"".join(event.line() + b"\n" for event in events)


def contract_files(dossier: Dossier, contract: Contract, keyring: Keyring) -> dict[str, bytes]:
    """The files of one contract but its PDFs, by name."""
    return {
        "trace.json": document_of(contract, keyring),
        "signature.json": pretty(_signature(contract)),
        "codes.json": pretty([_code(one) for one in dossier.codes if one.contract_id == contract.id]),
        "openings.json": pretty([_opening(one) for one in dossier.openings if one.contract_id == contract.id]),
    }


def agreement_files(accessions: Sequence[Accession]) -> dict[str, bytes]:
    """The accessions and the full text of each edition that is known."""
    texts = {version: text_of(version) for version in {one.version for one in accessions}}
    files = {f"agreement/{version}.txt": text for version, text in texts.items() if text is not None}
    return {**files, "agreement/accessions.json": pretty([_accession(one) for one in accessions])}


def deliveries_file(dossier: Dossier, keyring: Keyring) -> bytes:
    return pretty(
        [
            _delivery(one, [attempt for attempt in dossier.attempts if attempt.delivery_id == one.id], keyring)
            for one in dossier.deliveries
        ]
    )


def _signature(contract: Contract) -> dict[str, Any]:
    """How the trace is sealed; the key stays with the sealing process."""
    key_id, _, seal = (contract.signature_hmac or "").partition(":")
    return {
        "contract_id": str(contract.id),
        "number": contract.number,
        "version": contract.version,
        "signed_at": _time(contract.signed_at),
        "document_sha256": contract.sha256,
        "trace_hmac_sha256": seal,
        "trace_hmac_key_id": key_id,
        "trace_stamped_at": _time(contract.trace_stamped_at),
        "trace_stamped_by": contract.trace_stamped_by,
        "certificate_sha256": contract.certificate_sha256,
        "stamped_certificate_sha256": contract.stamped_sha256,
        "certificate_stamped_at": _time(contract.stamped_at),
        "certificate_stamped_by": contract.stamped_by,
    }


def _code(code: Code) -> dict[str, Any]:
    """Neither digits nor their hash: six digits are found from a hash by trying."""
    return {
        "id": str(code.id),
        "sent_at": _time(code.sent_at),
        "expires_at": _time(code.expires_at),
        "used_at": _time(code.used_at),
        "tries_left": code.tries_left,
        "document_sha256": code.document_sha256,
    }


def _opening(opening: ContractOpening) -> dict[str, Any]:
    return {
        "session_id": str(opening.session_id),
        "first_at": _time(opening.first_at),
        "last_at": _time(opening.last_at),
        "sha256": opening.sha256,
        "ip": opening.ip,
        "user_agent": opening.user_agent,
    }


def _accession(accession: Accession) -> dict[str, Any]:
    return {
        "id": str(accession.id),
        "version": accession.version,
        "sha256": accession.sha256,
        "agreed_at": _time(accession.agreed_at),
        "agreed_by": accession.agreed_by.value,
        "attested_by_id": str(accession.attested_by_id) if accession.attested_by_id else None,
        "ip": accession.ip,
        "user_agent": accession.user_agent,
    }


def _delivery(delivery: Delivery, attempts: Sequence[DeliveryAttempt], keyring: Keyring) -> dict[str, Any]:
    letter = unseal(keyring, LETTER, delivery.letter)
    return {
        "id": str(delivery.id),
        "contract_id": str(delivery.contract_id) if delivery.contract_id else None,
        "purpose": delivery.purpose.value,
        "channels": delivery.channels,
        "subject": letter["subject"],
        "text": _readable(delivery.purpose, letter),
        "files": [one["name"] for one in delivery.attachments],
        "state": delivery.state.value,
        "reason": delivery.reason.value if delivery.reason else None,
        "created_at": _time(delivery.created_at),
        "expires_at": _time(delivery.expires_at),
        "attempts": [_attempt(one, keyring) for one in attempts],
    }


def _readable(purpose: Purpose, letter: dict[str, Any]) -> str | None:
    """Of a message with a code its masked form, or nothing."""
    text = letter["masked"] if purpose in CODES else letter["text"]
    return str(text) if text is not None else None


def _attempt(attempt: DeliveryAttempt, keyring: Keyring) -> dict[str, Any]:
    return {
        "channel": attempt.channel.value,
        "address": unseal(keyring, ADDRESS, attempt.address) if attempt.address else None,
        "state": attempt.state.value,
        "reason": attempt.reason.value if attempt.reason else None,
        "provider_id": attempt.provider_id,
        "tries": attempt.tries,
        "at": _time(attempt.at),
        "sent_at": _time(attempt.sent_at),
        "delivered_at": _time(attempt.delivered_at),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
