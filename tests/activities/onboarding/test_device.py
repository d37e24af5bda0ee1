"""Devices and their photos; every change recalculates the tariff and outdates the contract."""

from typing import Any

import pytest

from activities.onboarding.device import MOST_DEVICES, MOST_PHOTOS
from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.refusal import InvalidValue, NotFound
from models import Client, ClientTariff, Device, DevicePhoto
from tests.factories import make_device
from tests.onboarding_setup import DEVICE, OnboardingSetup

THOUSAND = 100_000


async def tariff_of(onboarding: OnboardingSetup, client: Client) -> ClientTariff:
    async with onboarding.sessions() as session:
        applied = await ClientTariff.of_client(session, client.id)
    assert applied is not None
    return applied


async def add(onboarding: OnboardingSetup, client: Client, **fields: object) -> Device:
    """One more device, by the activity."""
    command = await onboarding.command(client, {**DEVICE, **fields})
    await onboarding.twice(lambda: onboarding.devices.add_device(command))
    return await onboarding.row(Device, command.draft_id)


async def test_a_device_has_the_id_of_its_command(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    device = await add(onboarding, client, title="Телефон", specs={"цвет": "синий", "sim": [1, 2]}, extra_fee=0)
    assert (device.client_id, device.title, device.specs) == (client.id, "Телефон", {"цвет": "синий", "sim": [1, 2]})
    assert (await onboarding.state(client)).devices == 1


async def test_a_device_before_a_tariff_calculates_nothing(onboarding: OnboardingSetup) -> None:
    await add(onboarding, await onboarding.new_client())
    assert await onboarding.rows(ClientTariff) == []


async def test_every_change_of_devices_recalculates_the_applied_tariff(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client(devices=1, tariff_id=None)
    assert (await tariff_of(onboarding, client)).total_extra_fee == THOUSAND
    device = await add(onboarding, client, extra_fee=250_050)
    assert (await tariff_of(onboarding, client)).total_extra_fee == THOUSAND + 250_050
    change = {"device_id": str(device.id), "changes": {"extra_fee": 0}}
    await onboarding.do(onboarding.devices.change_device, client, change)
    assert (await tariff_of(onboarding, client)).total_extra_fee == 2 * THOUSAND
    await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    tariff = await tariff_of(onboarding, client)
    assert (tariff.device_count, tariff.total_extra_fee) == (1, THOUSAND)


@pytest.mark.parametrize(
    ("changes", "outdated"),
    [({"title": "ThinkPad"}, False), ({}, False), ({"title": "MacBook", "description": "Новый"}, True)],
)
async def test_only_a_change_outdates_the_contract(
    onboarding: OnboardingSetup, changes: dict[str, str], outdated: bool
) -> None:
    client = await onboarding.offered()
    [device] = await onboarding.rows(Device)
    payload = {"device_id": str(device.id), "changes": changes}
    applied = await onboarding.do(onboarding.devices.change_device, client, payload)
    assert applied.state.contract is not None
    assert applied.state.contract.outdated is outdated
    fields = sorted(changes) if outdated else []
    assert (await onboarding.events(client))[-1].details == {"device_id": str(device.id), "fields": fields}


@pytest.mark.parametrize("change", ["add", "remove"])
async def test_another_set_of_devices_outdates_the_contract(onboarding: OnboardingSetup, change: str) -> None:
    client = await onboarding.offered()
    [device] = await onboarding.rows(Device)
    if change == "add":
        applied = await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    else:
        applied = await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    assert applied.state.contract is not None
    assert applied.state.contract.outdated
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


@pytest.mark.parametrize("activity", ["change_device", "remove_device", "record_device_photo", "remove_device_photo"])
async def test_another_clients_device_is_not_there(onboarding: OnboardingSetup, activity: str) -> None:
    mine, other = await onboarding.new_client(), await onboarding.new_client()
    device = await add(onboarding, other)
    payload: dict[str, Any] = {
        "device_id": str(device.id),
        "changes": {"title": "Мой"},
        "file_key": "uploads/1.jpg",
        "photo_id": str(device.id),
    }
    await onboarding.refused(NotFound, getattr(onboarding.devices, activity), mine, payload)


async def test_a_removed_device_takes_its_photos_along_also_when_the_answer_was_lost(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.new_client()
    device = await add(onboarding, client)
    for _ in range(2):
        await onboarding.do(
            onboarding.devices.record_device_photo, client, {"device_id": str(device.id), "file_key": "uploads/1"}
        )
    keys = {photo.file_key for photo in await onboarding.rows(DevicePhoto)}
    applied = await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    assert set(applied.trash) == keys
    assert len(keys) == 2
    assert await onboarding.rows(Device) == []
    assert await onboarding.rows(DevicePhoto) == []


async def test_a_photo_has_the_id_of_its_command_and_may_be_removed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    device = await add(onboarding, client)
    command = await onboarding.command(client, {"device_id": str(device.id), "file_key": "uploads/1.jpg"})
    await onboarding.twice(lambda: onboarding.devices.record_device_photo(command))
    photo = await onboarding.row(DevicePhoto, command.draft_id)
    assert photo.file_key == f"photos/{command.draft_id}.jpg"
    payload = {"device_id": str(device.id), "photo_id": str(photo.id)}
    applied = await onboarding.do(onboarding.devices.remove_device_photo, client, payload)
    assert applied.trash == (photo.file_key,)
    await onboarding.refused(NotFound, onboarding.devices.remove_device_photo, client, payload)


async def test_a_photo_of_another_device_is_not_removed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    one, two = await add(onboarding, client), await add(onboarding, client)
    command = await onboarding.command(client, {"device_id": str(one.id), "file_key": "uploads/1.jpg"})
    await onboarding.devices.record_device_photo(command)
    payload = {"device_id": str(two.id), "photo_id": str(command.draft_id)}
    await onboarding.refused(NotFound, onboarding.devices.remove_device_photo, client, payload)


async def test_there_is_a_most_of_devices_and_photos(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    device = await add(onboarding, client)
    async with onboarding.sessions.begin() as session:
        session.add_all(
            DevicePhoto(device_id=device.id, file_key=f"photos/{number}.jpg") for number in range(MOST_PHOTOS)
        )
        session.add_all(
            Device(client_id=client.id, device_type="Ноутбук", title=f"{number}") for number in range(MOST_DEVICES - 1)
        )
    await onboarding.refused(InvalidValue, onboarding.devices.add_device, client, DEVICE)
    payload = {"device_id": str(device.id), "file_key": "uploads/1.jpg"}
    await onboarding.refused(InvalidValue, onboarding.devices.record_device_photo, client, payload)


@pytest.mark.parametrize("paid", [False, True])
async def test_a_device_after_the_signature_asks_for_an_amendment(onboarding: OnboardingSetup, paid: bool) -> None:
    client = await onboarding.signed()
    if paid:
        await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    applied = await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT
    assert applied.state.contract is not None
    assert (applied.state.contract.status, applied.state.contract.outdated) == (ContractStatus.SIGNED, True)


@pytest.mark.parametrize(("paid", "status"), [(False, ClientStatus.AWAITING_PAYMENT), (True, ClientStatus.PROCESSED)])
@pytest.mark.parametrize("drafted", [False, True])
async def test_without_the_new_device_there_is_no_amendment_any_more(
    onboarding: OnboardingSetup, paid: bool, status: ClientStatus, drafted: bool
) -> None:
    client = await onboarding.signed()
    if paid:
        await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    device = await add(onboarding, client)
    if drafted:
        await onboarding.generate(client)
    applied = await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    assert applied.state.status is status
    assert applied.state.signed
    main, *amendments = await onboarding.versions(client)
    assert main.status is ContractStatus.SIGNED
    assert [amendment.status for amendment in amendments] == [ContractStatus.VOID] * drafted
    said = [f"Договор {amendment.number} аннулирован. Подписывать его не нужно." for amendment in amendments]
    assert [message for message in await onboarding.messages(client) if "аннулирован" in message] == said


async def test_an_amendment_that_was_never_sent_closes_in_silence(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    device = await add(onboarding, client)
    await onboarding.do(onboarding.contracts.draft_contract, client)
    await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    assert not any("аннулирован" in message for message in await onboarding.messages(client))


async def test_the_amendment_goes_on_while_one_new_device_is_left(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    one, _ = await add(onboarding, client), await add(onboarding, client)
    applied = await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(one.id)})
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


async def test_a_covered_device_that_is_removed_changes_nothing_that_was_signed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed(devices=2)
    before = await onboarding.contract(client)
    device = (await onboarding.rows(Device))[0]
    applied = await onboarding.do(onboarding.devices.remove_device, client, {"device_id": str(device.id)})
    assert applied.state.status is ClientStatus.AWAITING_PAYMENT
    assert (await onboarding.contract(client)).snapshot == before.snapshot


async def test_devices_stand_in_the_order_in_which_they_came(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    later = await make_device(
        onboarding.sessions, client, created_at=onboarding.clock.advance(onboarding.contracts.terms.offer)
    )
    earlier = await make_device(onboarding.sessions, client)
    async with onboarding.sessions() as session:
        assert [device.id for device in await Device.of_client(session, client.id)] == [earlier.id, later.id]
