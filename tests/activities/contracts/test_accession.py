"""Accession to the agreement on the electronic signature: his own, attested, or by the signature itself."""

from datetime import timedelta

from documents.contracts.agreement import published
from models import Accession
from models.contracts.agreement import AgreedBy
from tests.activities.contracts.signed import signed_by
from tests.factories import stored
from tests.onboarding_setup import ORIGIN, OnboardingSetup, as_client

DAY = timedelta(days=1)


async def test_the_clients_agreement_is_recorded_once_with_its_text_and_origin(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    for _ in range(2):
        await onboarding.do(onboarding.pep.agree, client, ORIGIN, as_client(client))
    [agreement] = await onboarding.rows(Accession)
    assert agreement.agreed_by is AgreedBy.CLIENT_APP
    assert (agreement.version, agreement.sha256) == (published().version, published().sha256)
    assert (agreement.agreed_at, agreement.ip, agreement.user_agent) == (onboarding.clock(), *ORIGIN.values())
    assert (await onboarding.verbs(client)) == ["pep-agreed"]


async def test_a_client_who_registered_has_agreed_already(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    registered = onboarding.clock() - 30 * DAY
    agreement = Accession(
        user_id=client.user_id,
        agreed_by=AgreedBy.REGISTRATION,
        version="pep-agreement-v0",
        sha256="a" * 64,
        agreed_at=registered,
        ip=ORIGIN["ip"],
        user_agent=ORIGIN["user_agent"],
    )
    await stored(onboarding.sessions, agreement)
    await onboarding.do(onboarding.pep.agree, client, ORIGIN, as_client(client))
    await onboarding.generate(client)
    contract = await signed_by(onboarding, client, onboarding.manager)
    assert (contract.pep_agreed_at, contract.agreement_version) == (registered, "pep-agreement-v0")
    assert contract.attested_by_id is None
    assert len(await onboarding.rows(Accession)) == 1


async def test_what_a_manager_attested_is_replaced_by_the_clients_own_word(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    agreed_at = onboarding.clock.advance(timedelta(minutes=1))
    await onboarding.do(onboarding.pep.agree, client, ORIGIN, as_client(client))
    contract = await signed_by(onboarding, client, as_client(client))
    assert {one.agreed_by for one in await onboarding.rows(Accession)} == {
        AgreedBy.MANAGER,
        AgreedBy.CLIENT_APP,
    }
    assert (contract.pep_agreed_at, contract.attested_by_id) == (agreed_at, None)


async def test_signing_without_an_earlier_agreement_is_itself_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    signed_at = onboarding.clock.advance(timedelta(minutes=1))
    contract = await signed_by(onboarding, client, as_client(client))
    by = {one.agreed_by: one for one in await onboarding.rows(Accession)}
    assert set(by) == {AgreedBy.MANAGER, AgreedBy.SIGNING}
    assert (by[AgreedBy.SIGNING].ip, by[AgreedBy.SIGNING].user_agent) == tuple(ORIGIN.values())
    assert (contract.pep_agreed_at, contract.attested_by_id) == (signed_at, None)


async def test_on_a_managers_device_a_lost_agreement_is_attested_by_him(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    async with onboarding.sessions.begin() as session:
        [agreement] = await onboarding.rows(Accession)
        await session.delete(await session.get_one(Accession, agreement.id))
    contract = await signed_by(onboarding, client, onboarding.manager)
    assert contract.attested_by_id == onboarding.manager.id
