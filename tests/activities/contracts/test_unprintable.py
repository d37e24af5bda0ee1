"""A card that was saved with a character that no paper can show: refused before anything is made."""

from datetime import timedelta
from uuid import UUID

import pytest

from documents.contracts.contract import render_contract
from domain.contracts.contract import to_canonical_json
from domain.contracts.refusals import Unprintable
from models import Accession, Contract, ContractCounter, Event
from models.clients.passport import SEALED, PassportRow
from models.contracts.contract import SNAPSHOT
from models.kernel.columns import seal, unseal
from tests.onboarding_setup import DEVICE, OnboardingSetup, refusal_of


async def test_nothing_is_made_of_a_card_that_cannot_be_printed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client(1)
    onboarding.clock.advance(timedelta(seconds=1))  # devices stand in the order of their time
    added = await onboarding.command(client, {**DEVICE, "description": "Приставка 🎮"})
    await onboarding.devices.add_device(added)
    await onboarding.apply_tariff(client, 2)
    before = await onboarding.rows(Event)
    refused = await onboarding.refused(Unprintable, onboarding.contracts.draft_contract, client)
    assert "Устройство 2, описание: символ «🎮»" in refused.detail
    for kind in (Contract, ContractCounter, Accession):
        assert await onboarding.rows(kind) == []
    assert await onboarding.rows(Event) == before

    changes = {"device_id": str(added.draft_id), "changes": {"description": "Приставка 27″ → телевизор"}}
    await onboarding.do(onboarding.devices.change_device, client, changes)
    contract = await onboarding.draft(client)
    assert contract.number.endswith("-01")
    assert render_contract(onboarding.snapshot_of(contract))


@pytest.mark.parametrize("surname", ["李", "Коэн שלום"])
async def test_a_surname_of_an_older_release_is_refused_and_gives_no_number(
    onboarding: OnboardingSetup, surname: str
) -> None:
    client = await onboarding.ready_client(1)
    async with onboarding.sessions.begin() as session:
        row = await PassportRow.of_client(session, client.id)
        assert row is not None
        row.data = seal(
            onboarding.keyring, SEALED, unseal(onboarding.keyring, SEALED, row.data) | {"last_name": surname}
        )
    refused = await onboarding.refused(Unprintable, onboarding.contracts.draft_contract, client)
    assert refused.detail.startswith("Паспорт, фамилия: символ ")
    assert await onboarding.rows(ContractCounter) == []


async def test_a_contract_drafted_by_an_older_release_is_refused_by_the_rendering(onboarding: OnboardingSetup) -> None:
    contract = await onboarding.draft(await onboarding.ready_client(1))
    snapshot = onboarding.snapshot_of(contract)
    async with onboarding.sessions.begin() as session:
        row = await session.get_one(Contract, contract.id)
        spoilt = to_canonical_json(snapshot).replace("Мария".encode(), "Мария🎮".encode())
        row.snapshot = onboarding.keyring.encrypt(SNAPSHOT, spoilt)

    async def render(_: object) -> None:
        await onboarding.rendering.store_contract(UUID(str(contract.id)))

    refused = await refusal_of(render, await onboarding.command(await onboarding.new_client(), {}))
    assert refused.code == Unprintable.code
    assert (await onboarding.row(Contract, contract.id)).sha256 is None
