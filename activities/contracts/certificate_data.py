"""What a certificate prints, read from the rows."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contracts.trace import content_of, document_of, trace_of
from documents.contracts.certificate import CertificateData, CertificateEvent, EnteredBy
from documents.contracts.certificate_proof import OpenedFile, Proof, SentCode, SignerSession, Stamped
from domain.contracts.contract import from_json
from domain.contracts.signature import verify_token
from domain.kernel.crypto import Keyring, NamedSecrets
from domain.kernel.phone import Phone, mask_phone
from models import Contract, Event, Manager
from models.contracts.contract import SNAPSHOT

SHOWN = {
    "contract-sent": "Договор направлен клиенту",
    "code-sent": "Клиенту направлен код подтверждения",
    "code-wrong": "Введён неверный код",
    "code-locked": "Код заблокирован после неверных попыток",
    "code-expired": "Срок действия кода истёк",
    "pep-agreed": "Клиент присоединился к соглашению об электронной подписи",
    "pep-attested": "Менеджер подтвердил присоединение клиента к соглашению",
    "client-reminded": "Клиенту отправлено напоминание",
    "contract-signed": "Введён верный код, договор подписан",
}


async def certificate_data(
    session: AsyncSession, keyring: Keyring, contract: Contract, secrets: NamedSecrets, web_url: str
) -> CertificateData:
    """Of a signed contract whose trace is sealed."""
    snapshot = from_json(keyring.decrypt(SNAPSHOT, contract.snapshot))
    trace = trace_of(contract)
    key_id, _, mac = (contract.signature_hmac or "").partition(":")
    return CertificateData(
        contract_number=contract.number,
        version=contract.version,
        pdf_sha256=trace.document_sha256,
        signed_at=_known(contract.signed_at),
        signer_name=snapshot.passport.full_name,
        masked_phone=mask_phone(Phone(snapshot.client_phone)),
        agreement_version=contract.agreement_version or "",
        agreement_sha256=contract.agreement_sha256 or "",
        agreed_at=_known(contract.pep_agreed_at),
        attested_by=await _name(session, contract.attested_by_id),
        confirm_channel=trace.confirm_channel,
        signed_ip=contract.signed_ip,
        signed_user_agent=contract.signed_user_agent,
        entered_by=await _entered_by(session, contract),
        signature_hash=contract.signature_hash or "",
        signature_hmac=mac,
        key_id=key_id,
        verify_url=verify_url(contract, secrets, web_url),
        upload_url=f"{web_url}/verify",
        executor_name=snapshot.executor.name,
        events=await _events(session, contract),
        proof=_proof(content_of(contract, keyring), contract.sha256 or ""),
        trace_sha256=sha256(document_of(contract, keyring)).hexdigest(),
        stamp=Stamped(contract.trace_stamped_at, contract.trace_stamped_by or "")
        if contract.trace_stamped_at is not None
        else None,
    )


def verify_url(contract: Contract, secrets: NamedSecrets, web_url: str) -> str:
    """The link that shows that a contract is genuine, by the secret that sealed its trace."""
    key_id = (contract.signature_hmac or "").partition(":")[0]
    query = urlencode({"h": verify_token(contract.number, contract.sha256 or "", secrets.keys[key_id])})
    return f"{web_url}/verify/{quote(contract.number)}?{query}"


def _proof(trace: dict[str, Any] | None, document_sha256: str) -> Proof | None:
    """Who the signer is, by the trace of the second version; None for one of the first."""
    if trace is None:
        return None
    account, own, code = trace["account"], trace["session"], trace["code"]
    phone, card_phone = account["phone"], account["card_phone"]
    return Proof(
        account_id=account["id"],
        masked_phone=mask_phone(Phone(phone)) if phone else None,
        confirmed_at=_moment(account["phone_confirmed_at"]),
        confirmed_by=account["phone_confirmed_by"],
        masked_card_phone=mask_phone(Phone(card_phone)) if card_phone else None,
        card_differs=bool(phone and card_phone and phone != card_phone),
        session=SignerSession(own["id"], _moment(own["since"]), _moment(own["phone_proved_at"])) if own else None,
        code=SentCode(
            code["id"],
            _at(code["sent_at"]),
            tuple((way["channel"], way["state"], _moment(way["delivered_at"])) for way in code["ways"]),
        )
        if code
        else None,
        opened=tuple(
            OpenedFile(_at(one["first_at"]), _at(one["last_at"]), one["sha256"] == document_sha256)
            for one in trace["openings"]
        ),
        staff_nearby=tuple(trace["staff_nearby"]),
    )


async def _events(session: AsyncSession, contract: Contract) -> tuple[CertificateEvent, ...]:
    """Events of this contract and of the agreement, up to the signature."""
    events = await Event.of_client(session, contract.client_id)
    return tuple(
        CertificateEvent(event.at, SHOWN[event.verb])
        for event in events
        if event.verb in SHOWN
        and (event.details or {}).get("contract_id", str(contract.id)) == str(contract.id)
        and event.at <= _known(contract.signed_at)
    )


async def _entered_by(session: AsyncSession, contract: Contract) -> EnteredBy | None:
    name = await _name(session, contract.entered_by_id)
    return EnteredBy(name, contract.entered_by_ip, contract.entered_by_user_agent) if name else None


async def _name(session: AsyncSession, manager_id: UUID | None) -> str | None:
    manager = await session.get(Manager, manager_id) if manager_id else None
    return manager.name if manager else None


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("the contract is not signed")
    return at


def _moment(text: str | None) -> datetime | None:
    return _at(text) if text else None


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
