"""What the client pays for his devices, frozen with the tariff that was applied."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.clients.status import ClientStatus
from domain.kernel.refusal import InvalidValue
from domain.onboarding.refusals import TariffMismatch
from models import Client, ClientTariff, Organisation, Tariff
from models.people.organisation import FIRST
from tests.factories import BASIC, FAMILY, FREE, make_device, stored
from tests.onboarding_setup import DEVICE, PROFILE, OnboardingSetup


async def applied_to(onboarding: OnboardingSetup, client: Client) -> ClientTariff:
    async with onboarding.sessions() as session:
        applied = await ClientTariff.of_client(session, client.id)
    assert applied is not None
    return applied


async def verified(onboarding: OnboardingSetup, devices: int) -> Client:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    for _ in range(devices):
        await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    return client


@pytest.mark.parametrize("tariff_id", [FREE, BASIC, FAMILY])
async def test_a_tariff_costs_its_extra_for_each_device_and_never_its_base(
    onboarding: OnboardingSetup, tariff_id: UUID
) -> None:
    client = await verified(onboarding, devices=3)
    state = (await onboarding.apply_tariff(client, 3, tariff_id)).state
    tariff, applied = await onboarding.row(Tariff, tariff_id), await applied_to(onboarding, client)
    assert applied.total_extra_fee == 3 * tariff.extra_per_device
    assert (applied.name, applied.base_fee, applied.device_count) == (tariff.name, tariff.base_fee, 3)
    assert (state.status, state.tariff_applied) == (ClientStatus.AWAITING_CONTRACT, True)


async def test_without_a_tariff_a_device_costs_a_thousand_roubles(onboarding: OnboardingSetup) -> None:
    client = await verified(onboarding, devices=2)
    await onboarding.apply_tariff(client, 2, None)
    applied = await applied_to(onboarding, client)
    assert (applied.tariff_id, applied.base_fee, applied.total_extra_fee) == (None, 0, 200_000)


async def test_a_devices_own_fee_above_nothing_stands_for_the_tariffs(onboarding: OnboardingSetup) -> None:
    client = await verified(onboarding, devices=1)
    await make_device(onboarding.sessions, client, extra_fee=50)
    await make_device(onboarding.sessions, client, extra_fee=0)
    await onboarding.apply_tariff(client, 3, None)
    assert (await applied_to(onboarding, client)).total_extra_fee == 200_050


@pytest.mark.parametrize("told", [0, 1, 3])
async def test_another_number_of_devices_than_the_card_has_is_refused(onboarding: OnboardingSetup, told: int) -> None:
    client = await verified(onboarding, devices=2)
    refusal = await onboarding.refused(
        TariffMismatch, onboarding.tariffs.apply_tariff, client, {"device_count": told, "tariff_id": str(BASIC)}
    )
    assert "В карточке устройств: 2" in refusal.detail
    assert await onboarding.rows(ClientTariff) == []


async def test_a_tariff_that_is_not_offered_is_refused(onboarding: OnboardingSetup) -> None:
    client = await verified(onboarding, devices=0)
    await stored(onboarding.sessions, Organisation(id=uuid4(), name="Другая"))
    other = next(one.id for one in await onboarding.rows(Organisation) if one.id != FIRST)
    foreign = Tariff(organisation_id=other, name="Чужой", base_fee=0, extra_per_device=0)
    archived = Tariff(
        organisation_id=FIRST, name="Старый", base_fee=0, extra_per_device=0, archived_at=onboarding.clock()
    )
    for tariff in (foreign, archived):
        await stored(onboarding.sessions, tariff)
    for tariff_id in (uuid4(), foreign.id, archived.id):
        payload = {"device_count": 0, "tariff_id": str(tariff_id)}
        refusal = await onboarding.refused(InvalidValue, onboarding.tariffs.apply_tariff, client, payload)
        assert refusal.extra["errors"] == [{"loc": ["body", "tariff_id"], "msg": refusal.detail}]


async def test_a_tariff_is_frozen_for_the_client_until_it_is_applied_again(onboarding: OnboardingSetup) -> None:
    client = await verified(onboarding, devices=1)
    await onboarding.apply_tariff(client, 1, BASIC)
    before = await applied_to(onboarding, client)
    async with onboarding.sessions.begin() as session:
        (await session.get_one(Tariff, BASIC)).extra_per_device += 5_000
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    assert (await applied_to(onboarding, client)).total_extra_fee == 2 * before.extra_per_device
    await onboarding.apply_tariff(client, 2, BASIC)
    assert (await applied_to(onboarding, client)).total_extra_fee == 2 * (before.extra_per_device + 5_000)
    assert len(await onboarding.rows(ClientTariff)) == 1


@pytest.mark.parametrize(("tariff_id", "outdated"), [(BASIC, False), (FAMILY, True), (None, True)])
async def test_only_another_tariff_outdates_the_contract(
    onboarding: OnboardingSetup, tariff_id: UUID | None, outdated: bool
) -> None:
    client = await onboarding.offered()
    onboarding.clock.advance(timedelta(minutes=1))
    state = (await onboarding.apply_tariff(client, 1, tariff_id)).state
    assert state.contract is not None
    assert state.contract.outdated is outdated


async def test_a_tariff_applied_after_the_signature_leaves_the_status(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    assert (await onboarding.apply_tariff(client, 1, FAMILY)).state.status is ClientStatus.AWAITING_PAYMENT
