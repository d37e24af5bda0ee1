"""Who proves which moment: the authority answers, is away for days, lies; and a step may be killed after its effect."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from asn1crypto import cms
from fastapi import FastAPI
from pypdf import PdfReader
from sqlalchemy.exc import IntegrityError

from activities.contracts.certificate import CertificateActivities, NotSealedYet
from activities.contracts.sealing import FormerCertificates, SealingActivities
from activities.contracts.trace import document_of, trace_of
from documents.contracts.verification import SealVerdict
from domain.contracts.signature import ConfirmChannel, seal_trace
from domain.contracts.status import ContractStatus
from gateways.stamping.client import LONGEST_ANSWER, Stamping
from gateways.stamping.token import check_token
from gateways.storage.client import Storage
from models import Client, Contract
from sandbox.app import create_app
from sandbox.faults import Fault, Setting, Side
from sandbox.stamping.authority import NAME, make
from tests.onboarding_setup import WEB_URL, OnboardingSetup, as_client


class Killed(Exception):
    """The process died after the effect."""


class MortalStorage:
    """The store, and a process that dies once after it has written."""

    def __init__(self, storage: Storage) -> None:
        self.storage, self.dies = storage, False

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        await self.storage.put(key, content, content_type)
        if self.dies:
            self.dies = False
            raise Killed

    async def get(self, key: str, limit: int) -> bytes:
        return await self.storage.get(key, limit)

    async def delete(self, key: str) -> None:
        await self.storage.delete(key)


@dataclass
class Sealing:
    """The sealing process with an authority that can be switched off."""

    onboarding: OnboardingSetup
    app: FastAPI
    store: MortalStorage
    traces: SealingActivities
    certificates: CertificateActivities

    def fault(self, fault: Fault, times: int | None = None) -> None:
        self.app.state.world.faults.set(Setting(Side.STAMPING, fault, times=times))

    def mend(self) -> None:
        self.app.state.world.faults.clear()

    async def certify(self, client: Client) -> Contract:
        contract = await self.onboarding.contract(client)
        await self.certificates.certify_signature(client.id, contract.id)
        return await self.onboarding.contract(client)

    async def pdf(self, key: str | None) -> bytes:
        return await self.store.get(key or "", 10**8)

    async def verdict(self, pdf: bytes) -> SealVerdict:
        return await asyncio.to_thread(self.onboarding.seal.verify, pdf)


@pytest.fixture
async def sealing(onboarding: OnboardingSetup) -> AsyncIterator[Sealing]:
    app = create_app(None, seed=False)
    store = MortalStorage(onboarding.storage)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        stamping = Stamping(http, "http://sandbox/tsa")
        steps, secrets = onboarding.steps, onboarding.secrets
        traces = SealingActivities(steps, store, secrets, stamping)  # type: ignore[arg-type]  # stands in for the store
        certificates = CertificateActivities(
            steps,
            store,  # type: ignore[arg-type]  # stands in for the store
            onboarding.seal,
            secrets,
            WEB_URL,
            stamping,
        )
        yield Sealing(onboarding, app, store, traces, certificates)


def words_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


async def test_a_certificate_has_the_contract_the_trace_and_its_stamp_under_a_stamped_seal(sealing: Sealing) -> None:
    onboarding = sealing.onboarding
    client = await onboarding.signed()
    contract = await sealing.certify(client)
    pdf = await sealing.pdf(contract.certificate_key)
    verdict = await sealing.verdict(pdf)
    assert verdict.valid
    assert (verdict.stamped_at, verdict.stamped_by) == (contract.stamped_at, NAME)
    attached = {name: files[0] for name, files in PdfReader(BytesIO(pdf)).attachments.items()}
    document = document_of(contract, onboarding.keyring)
    signed = await onboarding.storage.get(contract.file_key or "", 10**8)
    assert attached == {"contract.pdf": signed, "trace.json": document, "trace.tst": contract.trace_stamp}
    assert json.loads(document)["document_sha256"] == hashlib.sha256(signed).hexdigest() == contract.sha256
    stamp = await check_token(attached["trace.tst"], hashlib.sha256(document).digest())
    assert (stamp.at, stamp.authority) == (contract.trace_stamped_at, contract.trace_stamped_by)
    words = words_of(pdf)
    assert f"{stamp.at:%d.%m.%Y %H:%M:%S} UTC, служба «{NAME}»" in words
    assert hashlib.sha256(document).hexdigest() in words.replace(" ", "")
    assert await sealing.traces.stamp_certificates() == 0, "nothing is left to be stamped"


async def test_the_authority_is_away_for_three_days(sealing: Sealing) -> None:
    """Signatures go on and are certified at once; the stamp comes as a second edition, and both are genuine."""
    onboarding = sealing.onboarding
    sealing.fault(Fault.SERVER_ERROR)
    client = await onboarding.signed()
    contract = await sealing.certify(client)
    first = await sealing.pdf(contract.certificate_key)
    assert (contract.trace_stamp, contract.stamped_at, contract.stamped_key) == (None, None, None)
    assert "Штампа независимой службы времени при составлении протокола не было" in words_of(first)
    assert (await sealing.verdict(first)).stamped_at is None
    for _ in range(3):
        onboarding.clock.advance(timedelta(days=1))
        assert await sealing.traces.stamp_certificates() == 0
    assert (await onboarding.contract(client)).newest_certificate == contract.certificate_key
    sealing.mend()
    assert await sealing.traces.stamp_certificates() == 1
    assert await sealing.traces.stamp_certificates() == 0
    contract = await onboarding.contract(client)
    second = await sealing.pdf(contract.stamped_key)
    assert second.startswith(first)
    assert await sealing.pdf(contract.certificate_key) == first
    assert hashlib.sha256(second).hexdigest() == contract.stamped_sha256
    assert contract.newest_certificate == contract.stamped_key
    for pdf, stamped_at in ((first, None), (second, contract.stamped_at)):
        verdict = await sealing.verdict(pdf)
        assert (verdict.valid, verdict.stamped_at) == (True, stamped_at)
        async with onboarding.sessions() as session:
            known = await Contract.signed_by_digest(session, hashlib.sha256(pdf).hexdigest())
        assert known is not None
        assert known.id == contract.id
    assert (await onboarding.verbs(client))[-1] == "certificate-stamped"


@pytest.mark.parametrize("fault", [Fault.REJECTED, Fault.WRONG_IMPRINT, Fault.HTML, Fault.TOO_MANY])
async def test_whatever_is_no_stamp_leaves_a_good_certificate_without_one(sealing: Sealing, fault: Fault) -> None:
    sealing.fault(fault)
    client = await sealing.onboarding.signed()
    contract = await sealing.certify(client)
    assert (contract.trace_stamp, contract.stamped_at) == (None, None)
    assert (await sealing.verdict(await sealing.pdf(contract.certificate_key))).valid
    assert await sealing.traces.stamp_certificates() == 0
    sealing.mend()
    assert await sealing.traces.stamp_certificates() == 1


async def test_an_authority_with_a_name_that_nobody_can_print_or_store_holds_up_no_certificate(
    sealing: Sealing,
) -> None:
    """Without TSA_CA_PATH whoever answers at the address names himself."""
    sealing.app.state.world.stamping._authority = make("Служба\x00\u202e\x07 времени")
    client = await sealing.onboarding.signed()
    contract = await sealing.certify(client)
    assert contract.trace_stamped_by == contract.stamped_by == "Служба времени"
    assert (await sealing.verdict(await sealing.pdf(contract.certificate_key))).valid


async def test_a_token_of_the_greatest_size_that_is_taken_fits_into_the_certificate(sealing: Sealing) -> None:
    """Certificates of others in a token are covered by no signature: whoever answers may add any number."""
    authority = sealing.app.state.world.stamping.authority

    class Talkative:
        certificate, root, root_pem = authority.certificate, authority.root, authority.root_pem
        extra = 0

        def token(self, *given: Any, **named: Any) -> cms.ContentInfo:
            token = authority.token(*given, **named)
            own = token["content"]["certificates"][0]
            more = [own] * (self.extra // len(own.dump()))
            token["content"]["certificates"] = [own, *more]
            return cms.ContentInfo.load(token.dump(force=True))

    sealing.app.state.world.stamping._authority = talkative = Talkative()
    for extra, stamped in ((LONGEST_ANSWER - 2500, True), (LONGEST_ANSWER, False), (40 * 1024, False)):
        talkative.extra = extra
        client = await sealing.onboarding.signed()
        contract = await sealing.certify(client)
        assert (contract.stamped_at is not None) == stamped
        assert (await sealing.verdict(await sealing.pdf(contract.certificate_key))).valid


async def test_an_authority_that_fails_between_its_two_stamps(sealing: Sealing) -> None:
    """The trace is stamped and printed as such, the seal gets its stamp later."""
    client = await sealing.onboarding.signed()
    sealing.app.state.world.faults.set(Setting(Side.STAMPING, Fault.SERVER_ERROR, every=2, times=1))
    contract = await sealing.certify(client)
    assert contract.trace_stamped_by == NAME
    assert contract.stamped_at is None
    assert await sealing.traces.stamp_certificates() == 1
    second = await sealing.pdf((await sealing.onboarding.contract(client)).stamped_key)
    assert (await sealing.verdict(second)).valid


async def test_a_process_that_dies_after_storing_the_certificate_makes_one_that_counts(sealing: Sealing) -> None:
    client = await sealing.onboarding.signed()
    sealing.store.dies = True
    with pytest.raises(Killed):
        await sealing.certify(client)
    contract = await sealing.onboarding.contract(client)
    assert contract.certificate_key is None
    stamp = contract.trace_stamp
    contract = await sealing.certify(client)
    assert contract.trace_stamp == stamp, "the stamp of the trace is asked for once"
    assert (await sealing.verdict(await sealing.pdf(contract.certificate_key))).valid
    assert (await sealing.onboarding.verbs(client)).count("contract-certified") == 1


async def test_a_process_that_dies_after_storing_the_second_edition(sealing: Sealing) -> None:
    sealing.fault(Fault.SERVER_ERROR)
    client = await sealing.onboarding.signed()
    await sealing.certify(client)
    sealing.mend()
    sealing.store.dies = True
    with pytest.raises(Killed):
        await sealing.traces.stamp_certificates()
    assert (await sealing.onboarding.contract(client)).stamped_at is None
    assert await sealing.traces.stamp_certificates() == 1
    contract = await sealing.onboarding.contract(client)
    assert hashlib.sha256(await sealing.pdf(contract.stamped_key)).hexdigest() == contract.stamped_sha256


async def test_a_stored_certificate_that_was_changed_is_not_stamped_and_holds_up_no_other(sealing: Sealing) -> None:
    sealing.fault(Fault.SERVER_ERROR)
    onboarding = sealing.onboarding
    changed, other = await onboarding.signed(), await onboarding.signed()
    row = await sealing.certify(changed)
    await sealing.certify(other)
    await onboarding.storage.put(row.certificate_key or "", b"%PDF-1.7 something else", "application/pdf")
    sealing.mend()
    assert await sealing.traces.stamp_certificates() == 1
    assert (await onboarding.contract(changed)).stamped_at is None
    assert (await onboarding.contract(other)).stamped_at is not None


async def test_nothing_of_a_certificate_is_written_twice(sealing: Sealing) -> None:
    onboarding = sealing.onboarding
    sealing.fault(Fault.SERVER_ERROR)
    client = await onboarding.signed()
    await sealing.certify(client)
    sealing.mend()
    await sealing.traces.stamp_certificates()
    contract = await onboarding.contract(client)
    for name in ("certificate_key", "certificate_sha256", "stamped_key", "stamped_sha256", "stamped_by"):
        for value in ("another", None):
            with pytest.raises(IntegrityError):
                async with onboarding.sessions.begin() as session:
                    setattr(await session.get_one(Contract, contract.id), name, value)


async def test_no_certificate_before_the_seal_of_the_trace(sealing: Sealing) -> None:
    client = await sealing.onboarding.offered()
    await sealing.onboarding.sign(client, actor=as_client(client))
    with pytest.raises(NotSealedYet):
        await sealing.certify(client)


async def test_what_the_release_before_has_signed_gets_its_certificate(sealing: Sealing) -> None:
    """Signed with a trace of the first version and sealed by the core; its certificate was still to be made."""
    onboarding = sealing.onboarding
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    async with onboarding.sessions.begin() as session:
        row = await session.get_one(Contract, contract.id)
        with session.no_autoflush:
            row.status, row.signed_at = ContractStatus.SIGNED, onboarding.clock()
            row.confirm_channel, row.signature_hash = ConfirmChannel.CLIENT_APP, row.sha256
            row.pep_agreed_at, row.agreement_version, row.agreement_sha256 = onboarding.clock(), "1", "a" * 64
            row.signature_hmac = seal_trace(trace_of(row), "s1", b"old secret")
    former = FormerCertificates(onboarding.steps)
    asked_of_documents = await former.certify_signature(client.id, contract.id)
    assert (asked_of_documents.state.uncertified, asked_of_documents.state.unsealed) == ((contract.id,), ())
    contract = await sealing.certify(client)
    pdf = await sealing.pdf(contract.certificate_key)
    assert (await sealing.verdict(pdf)).valid
    assert "принадлежность номера подписанту не подтверждена" in words_of(pdf)
    assert "trace.json" in PdfReader(BytesIO(pdf)).attachments
