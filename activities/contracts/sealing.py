"""The sealing process: seals traces, publishes what others verify by, and adds the stamps that came late."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.certificate import LARGEST, PDF, StoredContractDiffers, nothing, shortened
from activities.contracts.trace import agrees, document_of
from documents.contracts.seal import stamped
from documents.contracts.verification import TrustedSeal
from domain.contracts.signature import token_digest, verify_token
from domain.contracts.trace import seal_document
from domain.kernel.actor import SYSTEM
from domain.kernel.clock import Clock
from domain.kernel.crypto import NamedSecrets
from gateways.outcome import NotDone, Rejected, Unknown
from gateways.stamping.client import Stamping
from gateways.storage.client import Storage
from models import Contract, SealCertificate, VerifyLink
from models.kernel.database import Sessions

log = logging.getLogger("privet.sealing")

PORTION: Final = 50
NOBODY: Final = UUID(int=0)


class SealingActivities:
    def __init__(self, steps: ClientSteps, storage: Storage, secrets: NamedSecrets, stamping: Stamping | None) -> None:
        self.steps, self.storage, self.secrets, self.stamping = steps, storage, secrets, stamping

    @activity.defn
    async def seal_trace(self, client_id: UUID, contract_id: UUID) -> ClientApplied:
        """Seal the stored trace with the current secret, once, and let its verify link be known."""

        async def seal(step: ClientStep) -> None:
            contract = await step.session.get_one(Contract, contract_id)
            if contract.signature_hmac is None:
                if contract.trace is None or not agrees(contract, step.keyring):
                    raise StoredContractDiffers(str(contract_id))
                document = document_of(contract, step.keyring)
                contract.signature_hmac = seal_document(document, self.secrets.current, self.secrets.current_key)
                step.record(
                    "signature-sealed",
                    contract_id=str(contract_id),
                    sha256=hashlib.sha256(document).hexdigest(),
                    key_id=self.secrets.current,
                )
            await VerifyLink.add(step.session, links(contract_id, contract.number, contract.sha256 or "", self.secrets))

        return await self.steps.act(client_id, contract_id, "seal", seal, SYSTEM)

    @activity.defn
    async def stamp_certificates(self) -> int:
        """Stamp what was sealed while the authority was away: a second edition beside the first; returns how many.

        Ends at the first answer that is no stamp; the next round begins anew.
        """
        done, after = 0, NOBODY
        while self.stamping is not None:
            async with self.steps.sessions() as session:
                waiting = await Contract.without_stamp(session, after, PORTION)
            for contract_id in waiting:
                try:
                    done += await self._stamp(self.stamping, contract_id)
                except (NotDone, Unknown, Rejected) as away:
                    log.warning("no time stamp for certificates: %s", away)
                    return done
                except StoredContractDiffers:
                    log.exception("the stored certificate of contract %s is not the sealed one", contract_id)
                after = contract_id
            if not waiting:
                break
        return done

    async def _stamp(self, stamping: Stamping, contract_id: UUID) -> bool:
        async with self.steps.sessions() as session:
            contract = await session.get_one(Contract, contract_id)
        first = await self.storage.get(contract.certificate_key or "", LARGEST)
        if hashlib.sha256(first).hexdigest() != contract.certificate_sha256:
            raise StoredContractDiffers(str(contract_id))
        said: list[tuple[datetime, str]] = []

        async def ask(digest: bytes) -> bytes:
            stamp = await stamping.stamp(digest)
            said.append((stamp.at, shortened(stamp.authority)))
            return stamp.token

        pdf = await stamped(first, ask)
        digest = hashlib.sha256(pdf).hexdigest()
        key = f"certificates/{contract_id}-{digest[:16]}.pdf"
        await self.storage.put(key, pdf, PDF)
        at, by = said[-1]

        async def note(step: ClientStep) -> None:
            row = await step.session.get_one(Contract, contract_id)
            if row.stamped_at is not None:
                if row.stamped_key != key:
                    step.trash.append(key)
                return
            row.stamped_key, row.stamped_sha256, row.stamped_at, row.stamped_by = key, digest, at, by
            step.record("certificate-stamped", contract_id=str(contract_id), sha256=digest, stamped_at=at.isoformat())

        applied = await self.steps.act(contract.client_id, contract_id, "stamp", note, SYSTEM)
        for needless in applied.trash:
            await self.storage.delete(needless)
        return not applied.trash


class FormerCertificates:
    """On the documents queue: workflows of the version before this one may still wait there for a certificate."""

    def __init__(self, steps: ClientSteps) -> None:
        self.steps = steps

    @activity.defn
    async def certify_signature(self, client_id: UUID, contract_id: UUID) -> ClientApplied:
        """Nothing: the state says that the certificate is missing, so the workflow asks the sealing process."""
        return await self.steps.act(client_id, contract_id, "certify", nothing, SYSTEM)


def links(contract_id: UUID, number: str, sha256: str, secrets: NamedSecrets) -> list[VerifyLink]:
    """By every secret: links that were printed before a rotation stay good."""
    tokens = [verify_token(number, sha256, key) for key in secrets.keys.values()]
    return [VerifyLink(contract_id=contract_id, token_sha256=token_digest(token)) for token in tokens]


async def publish(
    sessions: Sessions,
    seals: Sequence[TrustedSeal],
    revoked: Mapping[str, datetime],
    secrets: NamedSecrets,
    now: Clock,
) -> None:
    """What the API verifies by: certificates of all seals, and the verify links of all signed contracts.

    Done at every start of the sealing process, so that an upgrade or a renewed key needs nothing else. Raises
    ValueError for a revocation of a certificate that is not there.
    """
    rows = []
    for seal in seals:
        der = seal.certificate.dump()
        fingerprint = hashlib.sha256(der).hexdigest()
        rows.append(
            SealCertificate(
                sha256=fingerprint, certificate=der, published_at=now(), revoked_from=revoked.get(fingerprint)
            )
        )
    if unknown := set(revoked) - {row.sha256 for row in rows}:
        raise ValueError(f"no certificate of a seal has the fingerprint {min(unknown)}")
    async with sessions.begin() as session:
        await SealCertificate.publish(session, rows)
    async with sessions.begin() as session:
        signed = await VerifyLink.signed(session)
        await VerifyLink.add(session, [link for one in signed for link in links(*one, secrets)])
