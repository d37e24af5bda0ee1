"""What an operator sees in the Temporal Web UI: where a client stands, what is tried, what comes next; no people."""

import asyncio

from domain.clients.status import ClientStatus
from domain.onboarding.deadline import Due
from domain.onboarding.process import OnboardingState, WizardStep
from tests.workflows.onboarding_driver import MANAGER, OnboardingDriver
from workflows.onboarding.details import DEADLINES, STEPS, tell
from workflows.onboarding.workflow import OnboardingWorkflow as Steps


def test_every_step_and_every_deadline_has_its_words() -> None:
    assert set(STEPS) == set(WizardStep)
    assert set(DEADLINES) == set(Due)


async def test_a_new_client_waits_for_his_contact_data_and_for_somebody(anna: OnboardingDriver) -> None:
    assert await anna.details() == "**Ждём контактных данных** (`new`)\n\nКлиента никто не ведёт"
    assert await anna.attributes() == {
        "PrivetClientId": str(anna.client_id),
        "PrivetManagerId": "-",
        "PrivetStatus": "new",
        "PrivetStep": "profile",
    }


async def test_lists_can_be_filtered_by_step_and_manager(anna: OnboardingDriver) -> None:
    seen = []
    for update in (Steps.save_profile, Steps.save_passport, Steps.add_device, Steps.apply_tariff):
        await anna.does(update)
        attributes = await anna.attributes()
        assert attributes["PrivetManagerId"] == str(MANAGER.id)
        seen.append((attributes["PrivetStatus"], attributes["PrivetStep"]))
    assert seen == [
        ("in_verification", "passport"),
        ("in_verification", "devices"),
        ("in_verification", "tariff"),
        ("awaiting_contract", "contract"),
    ]


async def test_a_contract_that_is_out_says_what_comes_next_and_when(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    assert anna.card.contract is not None
    assert anna.card.contract.code is not None
    expires = anna.card.contract.code.expires_at
    details = await anna.details()
    assert "**Ждём подписи клиента** (`awaiting_contract`)" in details
    assert "Договор версии 1: `sent`" in details
    assert f"Дальше: истечёт код {expires:%d.%m.%Y %H:%M} UTC" in details
    await anna.does(Steps.save_passport)
    assert "Договор версии 1: `sent`, данные с тех пор изменились" in await anna.details()


async def test_an_open_invoice_is_counted(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    details = await anna.details()
    assert "**Ждём оплаты**" in details
    assert "Открытых счетов: 1" in details
    assert "Дальше: напомним об оплате" in details


async def test_a_stuck_effect_is_named_while_it_is_tried(anna: OnboardingDriver) -> None:
    await anna.fills_the_card()
    stored = anna.card.holds("store_contract")
    making = asyncio.create_task(anna.does(Steps.generate_contract))
    await anna.card.tried("store_contract")
    assert "Выполняется: `store_contract`" in await anna.details()
    stored.set()
    await making
    assert "Выполняется" not in await anna.details()


async def test_neither_the_history_nor_the_web_ui_holds_a_person_in_clear(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.is_refused(Steps.confirm_code, code="000000")
    await anna.signs()
    assert anna.card.contract is not None
    seen = str(await anna.attributes()) + await anna.details()
    raw = await anna.raw_history()
    for mark in (anna.card.contract.number, "Код не подходит", "Ждём оплаты", "111111", "000000"):
        assert mark.encode() not in raw
    for mark in (anna.card.contract.number, "111111", "000000"):
        assert mark not in seen
    assert str(anna.client_id).encode() in raw


def test_a_story_has_no_line_for_what_is_not_there() -> None:
    client_id = MANAGER.id
    assert client_id is not None
    told = tell(OnboardingState(client_id, ClientStatus.PROCESSED), None, None)
    assert "Договор" not in told
    assert "счетов" not in told
    assert "Дальше" not in told
