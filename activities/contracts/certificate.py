"""Certificate of a signature: the signature's trace as a sealed PDF, stored beside the contract."""

import asyncio
import hashlib
import logging
from typing import Final
from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.certificate_data import certificate_data, verify_url
from activities.contracts.copies import queue_copies
from activities.contracts.trace import document_of, seal_holds
from documents.contracts.certificate import render_certificate
from documents.contracts.seal import Attached, Seal
from domain.kernel import sizes
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import NamedSecrets
from gateways.outcome import NotDone, Rejected, Unknown
from gateways.stamping.client import Stamping
from gateways.stamping.token import Stamp
from gateways.storage.client import Storage
from models import Contract

log = logging.getLogger("privet.certificates")

PDF: Final = "application/pdf"
LARGEST: Final = 50 * 1024 * 1024
STAMP_SECONDS: Final = 6.0
"""How long a certificate waits for a stamp; later it gets one in its second edition."""


class StoredContractDiffers(Exception):
    """The stored PDF or trace differs from the signed one; retried forever, until an operator corrects it."""


class NotSealedYet(Exception):
    """The trace is sealed first; retried."""


class CertificateActivities:
    """In the sealing process, which renders what it seals: one that seals given bytes would seal anything."""

    def __init__(
        self,
        steps: ClientSteps,
        storage: Storage,
        seal: Seal,
        secrets: NamedSecrets,
        web_url: str,
        stamping: Stamping | None = None,
    ) -> None:
        self.steps, self.storage, self.seal, self.secrets, self.web_url = steps, storage, seal, secrets, web_url
        self.stamping = stamping

    @activity.defn
    async def certify_signature(self, client_id: UUID, contract_id: UUID) -> ClientApplied:
        """Check the stored PDF and trace, stamp the trace, render, seal and store; an existing certificate is kept."""
        contract = await self._contract(contract_id)
        if contract.certificate_key is not None:
            return await self.steps.act(client_id, contract_id, "certify", nothing, SYSTEM)
        signed = await self._checked(contract)
        answers = await self._stamp_trace(contract)
        pdf, stamp = await self._sealed(await self._contract(contract_id), signed, answers=answers)
        digest = hashlib.sha256(pdf).hexdigest()
        # Each sealing gives different bytes, so concurrent runs use different keys.
        key = f"certificates/{contract_id}-{digest[:16]}.pdf"
        await self.storage.put(key, pdf, PDF)

        async def note(step: ClientStep) -> None:
            row = await step.session.get_one(Contract, contract_id)
            if row.certificate_key is None:
                row.certificate_key, row.certificate_sha256 = key, digest
                if stamp is not None:
                    row.stamped_at, row.stamped_by = stamp.at, shortened(stamp.authority)
                step.record("contract-certified", contract_id=str(contract_id), sha256=digest)
                await queue_copies(step, row, self.steps.zone, verify_url(row, self.secrets, self.web_url))
            elif row.certificate_key != key:
                step.trash.append(key)

        applied = await self.steps.act(client_id, contract_id, "certify", note, SYSTEM)
        for needless in applied.trash:
            await self.storage.delete(needless)
        return applied

    async def _contract(self, contract_id: UUID) -> Contract:
        async with self.steps.sessions() as session:
            return await session.get_one(Contract, contract_id)

    async def _checked(self, contract: Contract) -> bytes:
        """The signed PDF."""
        if contract.signature_hmac is None:
            raise NotSealedYet(str(contract.id))
        stored = await self.storage.get(contract.file_key or "", LARGEST)
        if hashlib.sha256(stored).hexdigest() != contract.signature_hash:
            raise StoredContractDiffers(str(contract.id))
        if not seal_holds(contract, self.steps.keyring, self.secrets):
            raise StoredContractDiffers(str(contract.id))
        return stored

    async def _stamp_trace(self, contract: Contract) -> bool:
        """Whether the authority answers; its stamp of the trace is kept, once, because the certificate prints it."""
        if contract.trace_stamp is not None:
            return True
        stamp = await self._asked(hashlib.sha256(document_of(contract, self.steps.keyring)).digest())
        if stamp is None:
            return False

        async def note(step: ClientStep) -> None:
            row = await step.session.get_one(Contract, contract.id)
            if row.trace_stamp is None and row.certificate_key is None:
                row.trace_stamp = stamp.token
                row.trace_stamped_at, row.trace_stamped_by = stamp.at, shortened(stamp.authority)

        await self.steps.act(contract.client_id, contract.id, "stamp-trace", note, SYSTEM)
        return True

    async def _sealed(self, contract: Contract, signed: bytes, *, answers: bool) -> tuple[bytes, Stamp | None]:
        async with self.steps.sessions() as session:
            data = await certificate_data(session, self.steps.keyring, contract, self.secrets, self.web_url)
        pdf = await asyncio.to_thread(render_certificate, data)
        files = [
            Attached("contract.pdf", PDF, signed, "Подписанный договор"),
            Attached("trace.json", "application/json", document_of(contract, self.steps.keyring), "Запись о подписи"),
        ]
        if contract.trace_stamp is not None:
            stamp_type = "application/timestamp-token"
            files.append(Attached("trace.tst", stamp_type, contract.trace_stamp, "Штамп времени записи о подписи"))
        said: list[Stamp] = []

        async def ask(digest: bytes) -> bytes:
            assert self.stamping is not None
            said.append(await self.stamping.stamp(digest, STAMP_SECONDS))
            return said[-1].token

        if self.stamping is not None and answers:
            try:
                return await self.seal.sealed(pdf, files, ask), said[-1]
            except (NotDone, Unknown, Rejected) as away:
                log.warning("sealed without a time stamp: %s", away)
        return await self.seal.sealed(pdf, files), None

    async def _asked(self, digest: bytes) -> Stamp | None:
        if self.stamping is None:
            return None
        try:
            return await self.stamping.stamp(digest, STAMP_SECONDS)
        except (NotDone, Unknown, Rejected) as away:
            log.warning("no time stamp: %s", away)
            return None


def shortened(authority: str) -> str:
    return authority[: sizes.LINE]


async def nothing(_step: ClientStep) -> None:
    """No effect: the step only reads the state."""
