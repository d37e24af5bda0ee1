"""At once after the signature the client has contract and certificate where we cannot take them back."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from activities.contracts import copies
from activities.deliveries.by_telegram import LONGEST_CAPTION, units
from domain.contracts.status import ContractStatus
from domain.deliveries.delivery import Channel, Purpose
from models import Client, Contract, Delivery, User
from models.deliveries.delivery import ADDRESSES, LETTER
from models.kernel.columns import unseal
from tests.onboarding_setup import EXECUTOR, OnboardingSetup


async def certify(onboarding: OnboardingSetup, client: Client) -> list[Delivery]:
    contract = await onboarding.contract(client)
    applied = await onboarding.twice(lambda: onboarding.certificates.certify_signature(client.id, contract.id))
    found = [one for one in await onboarding.rows(Delivery) if one.purpose is Purpose.SIGNED_COPY]
    assert set(applied.state.undelivered) >= {one.id for one in found}
    return sorted(found, key=lambda one: one.channels)


async def change(onboarding: OnboardingSetup, client: Client, **values: Any) -> None:
    async with onboarding.steps.sessions.begin() as session:
        user = await session.get_one(User, client.user_id)
        for name, value in values.items():
            setattr(user, name, value)


async def test_contract_and_certificate_go_by_mail_and_by_telegram(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await change(onboarding, client, telegram_user_id=7_001, email="olga@example.com")
    by_mail, by_telegram = await certify(onboarding, client)
    contract = await onboarding.contract(client)
    assert (by_mail.channels, by_telegram.channels) == ([Channel.MAIL], [Channel.TELEGRAM])
    for one in (by_mail, by_telegram):
        letter = unseal(onboarding.steps.keyring, LETTER, one.letter)
        assert [file["key"] for file in one.attachments] == [contract.file_key, contract.certificate_key]
        assert [file["name"] for file in one.attachments] == [
            f"Договор {contract.number}.pdf",
            f"Сертификат подписи {contract.number}.pdf",
        ]
        for fact in (contract.number, contract.sha256, contract.certificate_sha256, "/verify/", "?h="):
            assert fact in letter["text"]
        assert contract.number in letter["subject"]
        assert one.contract_id == contract.id
        assert one.expires_at is None
    assert by_mail.addresses is not None
    assert unseal(onboarding.steps.keyring, ADDRESSES, by_mail.addresses) == {Channel.MAIL: "olga@example.com"}
    assert units(unseal(onboarding.steps.keyring, LETTER, by_telegram.letter)["text"]) <= LONGEST_CAPTION


async def test_what_staff_typed_into_the_card_gets_nothing(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await change(onboarding, client, email=None, telegram_user_id=None)
    async with onboarding.steps.sessions.begin() as session:
        card = await session.get_one(Client, client.id)
        card.contact_email = "manager@example.com"
    assert await certify(onboarding, client) == []


async def test_an_account_that_is_blocked_is_out_of_reach(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await change(onboarding, client, blocked_at=onboarding.clock(), telegram_user_id=7_001)
    assert await certify(onboarding, client) == []


async def test_an_address_that_no_mail_can_go_to_stops_no_certificate(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await change(onboarding, client, email="olga@localhost\r\nBcc: x@example.com", telegram_user_id=7_001)
    assert [one.channels for one in await certify(onboarding, client)] == [[Channel.TELEGRAM]]
    assert (await onboarding.contract(client)).certificate_key is not None


async def test_the_longest_text_fits_under_the_files() -> None:
    contract = Contract(
        organisation_id=uuid4(),
        client_id=uuid4(),
        number="ЕЛ-260302-" + "9" * 22,
        version=99,
        status=ContractStatus.SIGNED,
        card_version=1,
        content_digest="",
        snapshot=b"",
        total_fee=1,
        sha256="f" * 64,
        certificate_sha256="f" * 64,
    )
    executor = replace(EXECUTOR, name="О" * 300, phone="7" * 100, email="e" * 254)
    prints = f"Договор, SHA-256:\n{contract.sha256}\n\nСертификат подписи, SHA-256:\n{contract.certificate_sha256}"
    url = "https://" + "p" * 60 + ".example/verify/%D0%95%D0%9B-260302-" + "9" * 22 + "?h=" + "f" * 32
    text = copies._telegram(contract, executor, "30.11.2026 12:00 (время московское)", prints, url)
    assert units(text) <= LONGEST_CAPTION
