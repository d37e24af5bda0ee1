"""A contract that was signed before there was a second version of the trace is exported and verified as well."""

import hashlib
import json
from uuid import uuid4

from activities.clients.step import ClientStep
from activities.evidence.export import Export
from activities.evidence.verification import verify
from documents.contracts.agreement import published
from documents.contracts.contract import render_contract
from domain.contracts.signature import ConfirmChannel
from domain.contracts.status import ContractStatus
from domain.kernel.actor import SYSTEM
from models import Accession, Code, Contract
from models.contracts.agreement import AgreedBy
from tests import contract_samples
from tests.activities.evidence.conftest import EvidenceSetup, exported
from tests.factories import make_contract, stored


async def test_a_signature_of_the_first_version_is_exported_and_verified(
    evidence: EvidenceSetup, export: Export
) -> None:
    onboarding, at = evidence.onboarding, evidence.onboarding.clock()
    client = await onboarding.new_client()
    pdf = render_contract(contract_samples.contract())
    digest = hashlib.sha256(pdf).hexdigest()
    key = f"contracts/{uuid4()}.pdf"
    await onboarding.storage.put(key, pdf, "application/pdf")
    contract = await make_contract(
        onboarding.sessions,
        onboarding.keyring,
        client,
        status=ContractStatus.SIGNED,
        signed_at=at,
        sha256=digest,
        signature_hash=digest,
        signature_hmac="s1:" + "0" * 64,
        file_key=key,
        confirm_channel=ConfirmChannel.MANAGER_DEVICE,
        agreement_version=published().version,
        agreement_sha256=published().sha256,
        pep_agreed_at=at,
    )
    await stored(
        onboarding.sessions,
        Accession(
            user_id=client.user_id,
            agreed_by=AgreedBy.MANAGER,
            version=published().version,
            sha256=published().sha256,
            agreed_at=at,
        ),
    )
    await stored(onboarding.sessions, _code(contract, digest))

    async def signed(step: ClientStep) -> None:
        step.record(
            "contract-signed",
            contract_id=str(contract.id),
            number=contract.number,
            sha256=digest,
            channel=ConfirmChannel.MANAGER_DEVICE,
        )

    await onboarding.steps.act(client.id, contract.id, "signed", signed, SYSTEM)
    files = await exported(export, client.id)
    trace = json.loads(files[f"contract-{contract.version}/trace.json"])
    assert "format" not in trace
    report = await verify(files)
    assert report.holds, report.text()
    for said in ("более слабый способ", "протокол подписания ещё не изготовлен", "ещё не заверено якорем"):
        assert said in report.text()


def _code(contract: Contract, digest: str) -> Code:
    assert contract.signed_at is not None
    return Code(
        client_id=contract.client_id,
        contract_id=contract.id,
        hash=b"",
        salt=b"",
        key_id="k2",
        document_sha256=digest,
        sent_at=contract.signed_at,
        expires_at=contract.signed_at,
        tries_left=5,
        used_at=contract.signed_at,
    )
