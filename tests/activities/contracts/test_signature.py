"""The signature: its trace in both channels, and the seal over it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.contracts.certificate import StoredContractDiffers
from activities.contracts.trace import content_of, document_of, seal_holds, trace_of
from documents.contracts.agreement import published
from domain.contracts.signature import ConfirmChannel, moment, seal_trace, token_digest, verify_token
from domain.contracts.status import ContractStatus
from domain.contracts.trace import document_holds, seal_document
from models import Code, Contract, ContractOpening, User, UserSession, VerifyLink
from tests.activities.contracts.signed import signed_by
from tests.factories import client_session_of, make_contract
from tests.onboarding_setup import CODE, ORIGIN, OnboardingSetup, as_client, entered

DAY = timedelta(days=1)


async def sealed(onboarding: OnboardingSetup, contract: Contract) -> Contract:
    """After the sealing process."""
    applied = await onboarding.twice(lambda: onboarding.sealing.seal_trace(contract.client_id, contract.id))
    assert applied.state.unsealed == ()
    return await onboarding.row(Contract, contract.id)


async def holds(onboarding: OnboardingSetup, contract: Contract) -> bool:
    return seal_holds(await sealed(onboarding, contract), onboarding.keyring, onboarding.secrets)


async def test_in_the_clients_app_the_trace_carries_his_own_address_and_agent(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    agreed_at = onboarding.clock()
    await onboarding.do(onboarding.pep.agree, client, ORIGIN, as_client(client))
    await onboarding.generate(client)
    signed_at = onboarding.clock.advance(timedelta(minutes=3))
    contract = await signed_by(onboarding, client, as_client(client))
    assert (contract.status, contract.signed_at, contract.pep_agreed_at) == (
        ContractStatus.SIGNED,
        signed_at,
        agreed_at,
    )
    assert contract.confirm_channel is ConfirmChannel.CLIENT_APP
    assert (contract.signed_ip, contract.signed_user_agent) == (ORIGIN["ip"], ORIGIN["user_agent"])
    assert (contract.entered_by_id, contract.entered_by_ip, contract.entered_by_user_agent) == (None, None, None)
    assert contract.attested_by_id is None
    assert contract.signature_hash == contract.sha256
    assert (contract.agreement_version, contract.agreement_sha256) == (published().version, published().sha256)
    assert await holds(onboarding, contract)


async def test_on_a_managers_device_the_manager_stands_in_the_trace(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await signed_by(onboarding, client, onboarding.manager)
    assert contract.confirm_channel is ConfirmChannel.MANAGER_DEVICE
    assert (contract.signed_ip, contract.signed_user_agent) == (None, None)
    assert contract.entered_by_id == onboarding.manager.id
    assert (contract.entered_by_ip, contract.entered_by_user_agent) == (ORIGIN["ip"], ORIGIN["user_agent"])
    assert contract.attested_by_id == onboarding.manager.id
    assert contract.pep_agreed_at == onboarding.clock()
    assert await holds(onboarding, contract)


async def test_the_signature_is_there_before_its_seal_and_the_seal_is_written_once(onboarding: OnboardingSetup) -> None:
    """Nothing of a signature waits for the sealing process; the row says what is left to be done."""
    client = await onboarding.offered()
    applied = await onboarding.sign(client, actor=as_client(client))
    contract = await onboarding.contract(client)
    assert (contract.status, contract.signature_hmac) == (ContractStatus.SIGNED, None)
    assert (applied.state.unsealed, applied.state.uncertified) == ((contract.id,), (contract.id,))
    contract = await sealed(onboarding, contract)
    document = document_of(contract, onboarding.keyring)
    assert contract.signature_hmac == seal_document(document, "s2", b"new secret")
    for values in ({"signature_hmac": "s2:00"}, {"signature_hmac": None}, {"trace": b"another"}, {"trace": None}):
        with pytest.raises(IntegrityError):
            await change(onboarding, contract, **values)


async def test_the_seal_is_made_with_the_current_secret_and_holds_after_its_rotation(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    contract = await sealed(onboarding, await signed_by(onboarding, client, onboarding.manager))
    document, seal = document_of(contract, onboarding.keyring), contract.signature_hmac or ""
    assert document_holds(document, seal, {"s3": b"newest", "s2": b"new secret"})
    assert not document_holds(document, seal, {"s3": b"newest"})


async def test_a_signature_of_the_first_version_still_holds(onboarding: OnboardingSetup) -> None:
    """Signed by the release before: the trace is the columns, sealed in the transaction of the signature."""
    client = await onboarding.new_client()
    contract = await make_contract(
        onboarding.sessions,
        onboarding.keyring,
        client,
        status=ContractStatus.SIGNED,
        signed_at=onboarding.clock(),
        confirm_channel=ConfirmChannel.CLIENT_APP,
        sha256="0" * 64,
    )
    seal = seal_trace(trace_of(contract), "s1", b"old secret")
    await change(onboarding, contract, signature_hmac=seal)
    contract = await onboarding.row(Contract, contract.id)
    assert seal_holds(contract, onboarding.keyring, onboarding.secrets)
    assert content_of(contract, onboarding.keyring) is None
    contract.signed_ip = "198.51.100.1"
    assert not seal_holds(contract, onboarding.keyring, onboarding.secrets)


async def test_the_trace_says_who_signed_and_by_what_that_is_known(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    session_id = client_session_of(client.user_id)
    opening = ContractOpening(
        contract_id=contract.id,
        session_id=session_id,
        sha256=contract.sha256 or "",
        first_at=onboarding.clock(),
        last_at=onboarding.clock(),
        ip=ORIGIN["ip"],
        user_agent=ORIGIN["user_agent"],
    )
    async with onboarding.sessions.begin() as session:
        await ContractOpening.note(session, opening)
    contract = await signed_by(onboarding, client, as_client(client))
    said = content_of(contract, onboarding.keyring)
    assert said is not None
    user, own = await onboarding.row(User, client.user_id), await onboarding.row(UserSession, session_id)
    assert user.phone_confirmed_at is not None
    assert own.phone_proved_at is not None
    assert said["account"] == {
        "id": str(user.id),
        "phone": user.phone,
        "phone_confirmed_at": moment(user.phone_confirmed_at),
        "phone_confirmed_by": "sms",
        "card_phone": "9161112233",
    }
    assert said["session"]["id"] == str(session_id)
    assert said["session"]["since"] == moment(own.created_at)
    assert said["session"]["phone_proved_at"] == moment(own.phone_proved_at)
    [code] = await onboarding.rows(Code)
    assert (said["code"]["id"], said["code"]["document_sha256"]) == (str(code.id), contract.sha256)
    assert [(one["sha256"], one["first_at"]) for one in said["openings"]] == [
        (contract.sha256, moment(opening.first_at))
    ]
    assert (said["agreement"]["agreed_by"], said["entered"], said["staff_nearby"]) == ("signing", None, [])
    assert (user.phone or "").encode() not in (contract.trace or b""), "sealed at rest: it has a phone"


async def test_what_staff_did_nearby_stands_in_the_trace(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    payload = {**entered(client, CODE), "staff_nearby": ["сеть сотрудника"]}
    await onboarding.do(onboarding.pep.sign_contract, client, payload, as_client(client))
    said = content_of(await onboarding.contract(client), onboarding.keyring)
    assert said is not None
    assert said["staff_nearby"] == ["сеть сотрудника"]


async def test_a_changed_trace_does_not_hold(onboarding: OnboardingSetup) -> None:
    """Neither the document nor any column that is printed or verified can be another than was sealed."""
    client = await onboarding.offered()
    contract = await sealed(onboarding, await signed_by(onboarding, client, as_client(client)))
    document = document_of(contract, onboarding.keyring)
    for old, new in ((b"203.0.113.7", b"203.0.113.8"), (b"client_app", b"manager_device"), (b'"sms"', b'"telegram"')):
        assert old in document
        assert not document_holds(document.replace(old, new), contract.signature_hmac or "", onboarding.secrets.keys)
    for name, value in (
        ("signed_ip", "198.51.100.1"),
        ("signed_at", onboarding.clock() + DAY),
        ("sha256", "0" * 64),
        ("entered_by_id", onboarding.manager.id),
        ("agreement_sha256", None),
        ("confirm_channel", ConfirmChannel.MANAGER_DEVICE),
        ("number", "АА-260101-01"),
    ):
        true = getattr(contract, name)
        setattr(contract, name, value)
        assert not seal_holds(contract, onboarding.keyring, onboarding.secrets), name
        setattr(contract, name, true)
    assert seal_holds(contract, onboarding.keyring, onboarding.secrets)


async def test_a_row_that_says_something_else_than_its_trace_is_never_sealed(
    onboarding: OnboardingSetup, owner_engine: AsyncEngine
) -> None:
    """Whoever writes the row as its owner, triggers and all, gets no seal for it."""
    client = await onboarding.offered()
    contract = await signed_by(onboarding, client, as_client(client))
    async with owner_engine.begin() as connection:
        guard = "TRIGGER manager_contracts_keep_signed"
        await connection.execute(text(f"ALTER TABLE manager_contracts DISABLE {guard}"))
        changed = text("UPDATE manager_contracts SET signed_ip = '198.51.100.1' WHERE id = :id")
        await connection.execute(changed, {"id": contract.id})
        await connection.execute(text(f"ALTER TABLE manager_contracts ENABLE ALWAYS {guard}"))
    for _ in range(2):
        with pytest.raises(StoredContractDiffers):
            await onboarding.sealing.seal_trace(client.id, contract.id)
    assert (await onboarding.contract(client)).signature_hmac is None


async def test_the_verify_link_is_known_by_every_secret_with_the_seal(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await sealed(onboarding, await signed_by(onboarding, client, as_client(client)))
    async with onboarding.sessions() as session:
        for key in (b"new secret", b"old secret"):
            token = verify_token(contract.number, contract.sha256 or "", key)
            assert await VerifyLink.is_known(session, contract.id, token_digest(token))


async def change(onboarding: OnboardingSetup, contract: Contract, **values: object) -> None:
    async with onboarding.sessions.begin() as session:
        row = await session.get_one(Contract, contract.id)
        for name, value in values.items():
            setattr(row, name, value)


async def test_a_contract_without_a_signature_has_no_trace(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    with pytest.raises(ValueError, match="not signed"):
        trace_of(await onboarding.contract(client))
