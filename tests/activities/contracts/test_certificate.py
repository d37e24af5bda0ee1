"""The certificate: made only of what was signed, sealed, and made once."""

import asyncio
import hashlib
from collections.abc import Sequence
from io import BytesIO

import pytest
from pypdf import PdfReader

from activities.contracts.certificate import CertificateActivities, StoredContractDiffers
from documents.contracts.seal import Attached, Seal, Stamp
from domain.contracts.signature import verify_token
from domain.kernel.crypto import NamedSecrets
from domain.people.refusals import WrongCode
from models import Client, Contract, Manager
from tests.onboarding_setup import DEVICE, OFFER, ORIGIN, WEB_URL, WRONG, OnboardingSetup, as_client


async def certified(onboarding: OnboardingSetup, client: Client) -> tuple[Contract, str]:
    """The signed contract and the words of its certificate."""
    await onboarding.seal_traces(client)
    contract = await onboarding.contract(client)
    applied = await onboarding.twice(lambda: onboarding.certificates.certify_signature(client.id, contract.id))
    assert applied.state.uncertified == ()
    contract = await onboarding.contract(client)
    pdf = await onboarding.storage.get(contract.certificate_key or "", 10**7)
    assert hashlib.sha256(pdf).hexdigest() == contract.certificate_sha256
    verdict = await asyncio.to_thread(onboarding.seal.verify, pdf)
    assert verdict.valid
    assert verdict.covers_whole_file
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return contract, " ".join(words.replace("\u00a0", " ").split())


async def test_the_certificate_is_sealed_and_carries_the_trace(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.wrong(client, WrongCode, WRONG)
    await onboarding.sign(client, actor=as_client(client))
    contract, words = await certified(onboarding, client)
    for fact in (contract.number, "Ёлкина Мария Петровна", *ORIGIN.values()):
        assert fact in words
    close = words.replace(" ", "")
    for long in (contract.sha256 or "", (contract.signature_hmac or "").partition(":")[2]):
        assert long in close
    for told in ("Договор направлен клиенту", "Введён неверный код", "договор подписан"):
        assert told in words
    assert (await onboarding.verbs(client))[-1] == "contract-certified"


async def test_an_attested_agreement_and_the_managers_device_are_said(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    _, words = await certified(onboarding, client)
    manager = (await onboarding.rows(Manager))[0]
    assert manager.name in words
    assert "Менеджер подтвердил присоединение клиента" in words


async def test_neither_code_nor_whole_phone_stand_in_the_certificate(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    _, words = await certified(onboarding, client)
    assert "428571" not in words
    assert "9161112233" not in words
    assert "+7 9•• •••-••-33" in words


async def test_the_certificate_names_the_page_that_verifies_it(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    contract, words = await certified(onboarding, client)
    token = verify_token(contract.number, contract.sha256 or "", b"new secret")
    assert token in words.replace(" ", "")
    assert WEB_URL in words


async def test_a_certificate_that_is_there_already_stands(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    before, _ = await certified(onboarding, client)
    onboarding.clock.advance(OFFER)
    await onboarding.certificates.certify_signature(client.id, before.id)
    assert (await onboarding.contract(client)).certificate_sha256 == before.certificate_sha256


async def test_the_stored_object_is_the_one_that_the_row_names_when_two_certify_at_once(
    onboarding: OnboardingSetup,
) -> None:
    """ECDSA signs differently every time, so the second must not replace what the first has noted."""
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    certify = onboarding.certificates.certify_signature
    await asyncio.gather(certify(client.id, contract.id), certify(client.id, contract.id))
    contract = await onboarding.contract(client)
    pdf = await onboarding.storage.get(contract.certificate_key or "", 10**7)
    assert hashlib.sha256(pdf).hexdigest() == contract.certificate_sha256
    assert (await onboarding.verbs(client)).count("contract-certified") == 1


class SameBytes(Seal):
    """A seal that signs alike every time, as one with an RSA key may within a second."""

    async def sealed(self, pdf: bytes, files: Sequence[Attached] = (), stamp: Stamp | None = None) -> bytes:
        return pdf


async def test_two_that_certify_at_once_with_the_same_bytes_keep_them(
    onboarding: OnboardingSetup, key_store: bytes
) -> None:
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    certificates = CertificateActivities(
        onboarding.steps, onboarding.storage, SameBytes(key_store, ""), onboarding.secrets, WEB_URL
    )
    certify = certificates.certify_signature
    await asyncio.gather(certify(client.id, contract.id), certify(client.id, contract.id))
    assert await onboarding.storage.exists((await onboarding.contract(client)).certificate_key or "")


async def test_a_stored_contract_that_differs_is_never_certified(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    pdf = await onboarding.storage.get(contract.file_key or "", 10**7)
    await onboarding.storage.put(contract.file_key or "", pdf + b"\n", "application/pdf")
    for _ in range(2):
        with pytest.raises(StoredContractDiffers):
            await onboarding.certificates.certify_signature(client.id, contract.id)
    assert (await onboarding.contract(client)).certificate_key is None


async def test_a_trace_that_does_not_hold_is_never_certified(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    contract = await onboarding.contract(client)
    forged = NamedSecrets({"s2": b"another secret"}, "s2")
    certificates = CertificateActivities(onboarding.steps, onboarding.storage, onboarding.seal, forged, WEB_URL)
    with pytest.raises(StoredContractDiffers):
        await certificates.certify_signature(client.id, contract.id)


async def test_an_amendments_certificate_tells_its_own_story(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.wrong(client, WrongCode, WRONG)
    await onboarding.sign(client)
    first = await onboarding.contract(client)
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    await onboarding.sign(client)
    assert len((await onboarding.state(client)).uncertified) == 2
    await onboarding.seal_traces(client)
    await onboarding.certificates.certify_signature(client.id, first.id)
    _, words = await certified(onboarding, client)
    assert "Введён неверный код" not in words
