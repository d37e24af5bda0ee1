"""Certificate of a signature: the signature's trace as a sealed PDF, stored beside the contract."""

import asyncio
import hashlib
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.clients.command import ClientApplied
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.copies import queue_copies
from activities.contracts.signature import trace_of
from documents.contracts.certificate import CertificateData, CertificateEvent, EnteredBy, render_certificate
from documents.contracts.seal import Seal
from domain.contracts.contract import from_json
from domain.contracts.signature import trace_holds, verify_token
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import NamedSecrets
from domain.kernel.phone import Phone, mask_phone
from gateways.storage.client import Storage
from models import Contract, Event, Manager
from models.contracts.contract import SNAPSHOT

PDF = "application/pdf"
LARGEST = 50 * 1024 * 1024
SHOWN = {
    "contract-sent": "Договор направлен клиенту",
    "code-sent": "Код подтверждения направлен в чат клиента",
    "code-wrong": "Введён неверный код",
    "code-locked": "Код заблокирован после неверных попыток",
    "code-expired": "Срок действия кода истёк",
    "pep-agreed": "Клиент присоединился к соглашению об электронной подписи",
    "pep-attested": "Менеджер подтвердил присоединение клиента к соглашению",
    "client-reminded": "Клиенту отправлено напоминание",
    "contract-signed": "Введён верный код, договор подписан",
}


class StoredContractDiffers(Exception):
    """The stored PDF or trace differs from the signed one; retried forever, until an operator corrects it."""


class CertificateActivities:
    def __init__(self, steps: ClientSteps, storage: Storage, seal: Seal, secrets: NamedSecrets, web_url: str) -> None:
        self.steps, self.storage, self.seal, self.secrets, self.web_url = steps, storage, seal, secrets, web_url

    @activity.defn
    async def certify_signature(self, client_id: UUID, contract_id: UUID) -> ClientApplied:
        """Check the stored PDF and trace, then render, seal and store the certificate; an existing one is kept."""
        async with self.steps.sessions() as session:
            contract = await session.get_one(Contract, contract_id)
            data = await self._data(session, contract)
        if contract.certificate_key is None:
            await self._check_stored(contract)
            pdf = await asyncio.to_thread(lambda: self.seal.seal(render_certificate(data)))
            digest = hashlib.sha256(pdf).hexdigest()
            # Each sealing gives different bytes, so concurrent runs use different keys.
            key = f"certificates/{contract_id}-{digest[:16]}.pdf"
            await self.storage.put(key, pdf, PDF)

            async def note(step: ClientStep) -> None:
                row = await step.session.get_one(Contract, contract_id)
                if row.certificate_key is None:
                    row.certificate_key, row.certificate_sha256 = key, digest
                    step.record("contract-certified", contract_id=str(contract_id), sha256=digest)
                    await queue_copies(step, row, self.steps.zone, data.verify_url)
                elif row.certificate_key != key:
                    step.trash.append(key)

            applied = await self.steps.act(client_id, contract_id, "certify", note, SYSTEM)
            for needless in applied.trash:
                await self.storage.delete(needless)
            return applied
        return await self.steps.act(client_id, contract_id, "certify", _nothing, SYSTEM)

    async def _check_stored(self, contract: Contract) -> None:
        stored = await self.storage.get(contract.file_key or "", LARGEST)
        if hashlib.sha256(stored).hexdigest() != contract.signature_hash:
            raise StoredContractDiffers(str(contract.id))
        if not trace_holds(trace_of(contract), contract.signature_hmac or "", self.secrets.keys):
            raise StoredContractDiffers(str(contract.id))

    async def _data(self, session: AsyncSession, contract: Contract) -> CertificateData:
        snapshot = from_json(self.steps.keyring.decrypt(SNAPSHOT, contract.snapshot))
        trace = trace_of(contract)
        secret = self.secrets.keys[(contract.signature_hmac or "").partition(":")[0]]
        query = urlencode({"h": verify_token(contract.number, trace.document_sha256, secret)})
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
            signature_hmac=(contract.signature_hmac or "").partition(":")[2],
            key_id=(contract.signature_hmac or "").partition(":")[0],
            verify_url=f"{self.web_url}/verify/{quote(contract.number)}?{query}",
            upload_url=f"{self.web_url}/verify",
            executor_name=snapshot.executor.name,
            events=await _events(session, contract),
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


async def _nothing(_step: ClientStep) -> None:
    """No effect: the step only reads the state."""
