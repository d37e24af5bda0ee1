"""The certificate of a signature: the trace as a sealed PDF beside the contract that it speaks of."""

import asyncio
import hashlib
from uuid import UUID

from documents.certificate import CertificateData, render_certificate
from documents.seal import Seal
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.command import Applied
from activities.pep import trace_of
from activities.step import Step, Steps
from domain.contract import from_json
from domain.crypto import NamedSecrets
from domain.onboarding import SYSTEM
from domain.pep import trace_holds
from gateways.storage import Storage
from models import Contract, Event, Manager
from models.contract import SNAPSHOT

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
    """The stored PDF is not the one that was signed: somebody has to look, so this is tried for ever."""


class CertificateActivities:
    def __init__(self, steps: Steps, storage: Storage, seal: Seal, secrets: NamedSecrets, web_url: str) -> None:
        self.steps, self.storage, self.seal, self.secrets, self.web_url = steps, storage, seal, secrets, web_url

    @activity.defn
    async def certify_signature(self, client_id: UUID, contract_id: UUID) -> Applied:
        """Check stored bytes and trace, render and seal the certificate, store it; one that is there already stands."""
        async with self.steps.sessions() as session:
            contract = await session.get_one(Contract, contract_id)
            data = await self._data(session, contract)
        if contract.certificate_key is None:
            await self._check_stored(contract)
            pdf = await asyncio.to_thread(lambda: self.seal.seal(render_certificate(data)))
            key = f"certificates/{contract_id}.pdf"
            await self.storage.put(key, pdf, PDF)
            digest = hashlib.sha256(pdf).hexdigest()

            async def note(step: Step) -> None:
                row = await step.session.get_one(Contract, contract_id)
                if row.certificate_key is None:
                    row.certificate_key, row.certificate_sha256 = key, digest
                    step.record("contract-certified", contract_id=str(contract_id), sha256=digest)

            return await self.steps.act(client_id, contract_id, note, SYSTEM)
        return await self.steps.act(client_id, contract_id, _nothing, SYSTEM)

    async def _check_stored(self, contract: Contract) -> None:
        stored = await self.storage.get(contract.file_key or "", LARGEST)
        if hashlib.sha256(stored).hexdigest() != contract.signature_hash:
            raise StoredContractDiffers(str(contract.id))
        if not trace_holds(trace_of(contract), contract.signature_hmac or "", self.secrets.keys):
            raise StoredContractDiffers(str(contract.id))

    async def _data(self, session: AsyncSession, contract: Contract) -> CertificateData:
        snapshot = from_json(self.steps.keyring.decrypt(SNAPSHOT, contract.snapshot))
        attested = await session.get(Manager, contract.attested_by_id) if contract.attested_by_id else None
        entered = await session.get(Manager, contract.entered_by_id) if contract.entered_by_id else None
        events = await Event.of_client(session, contract.client_id)
        mine = (str(contract.id), None)
        raise NotImplementedError


async def _nothing(_step: Step) -> None:
    """Only the state is asked for."""
