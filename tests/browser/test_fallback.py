"""A client without a telephone types his code on the manager's device; before that somebody guesses until the lock."""

import re
from collections.abc import Iterator
from typing import Final

from playwright.async_api import expect

from tests.browser.cases import Case
from tests.browser.conftest import Open
from tests.browser.manager import Manager
from tests.browser.window import LAPTOP, PATIENCE, PHONE, Window
from tests.journeys.http_callers import PHONE as DEVICE
from tests.journeys.http_callers import good
from tests.journeys.product import ANNA, Product

FALLBACK: Final = re.compile("этом устройстве")
CODE: Final = "Код клиента"
SIGN: Final = "Подписать договор"
COUNTING: Final = re.compile(r"^Новый код через \d:\d\d$")
TRIES: Final = 5


async def test_wrong_codes_lock_the_code_and_a_new_one_of_the_client_signs_on_the_managers_device(
    phone: Window, case: Case, product: Product
) -> None:
    await case.person.confirm_phone()
    contract_id = await case.contracted()
    manager = await Manager.signed_in(phone, ANNA, case.page(4))
    await manager.page.locator("summary").filter(has_text=FALLBACK).click()
    guesses = wrong_codes(await case.code())
    await enter(manager, next(guesses)[:5])
    await manager.is_told("В коде 6 цифр.")
    for left in range(TRIES - 1, 0, -1):
        await enter(manager, next(guesses))
        await manager.is_told(f"Осталось попыток: {left}.")
        await manager.reads(CODE, "")
    await manager.can_use_it("wrong-code")
    await enter(manager, next(guesses))
    await manager.is_told("Код заблокирован: слишком много неверных попыток")
    await expect(manager.button(SIGN)).to_be_disabled()
    await manager.can_use_it("code-locked")

    await a_minute_passes(product, contract_id)
    good(await case.person.ask("POST", f"/api/v1/contracts/{contract_id}/request-otp"))
    await manager.sees("Код отправлен клиенту в чат поддержки")
    await enter(manager, await case.code())
    await manager.is_on("Клиент оформлен")
    await manager.sees("Оплата не нужна: счёта нет.")
    await manager.goes(case.page(4))
    await expect(manager.part("Договор подписан")).to_contain_text("На устройстве менеджера", timeout=PATIENCE)
    assert {"code-wrong", "code-locked", "contract-signed"} <= {one["verb"] for one in await case.happened()}


async def test_the_next_code_can_be_sent_when_the_pause_is_over_and_both_screens_count_it(
    opened: Open, case: Case, product: Product
) -> None:
    contract_id = await case.contracted(dict(DEVICE))
    here = await Manager.signed_in(await opened(LAPTOP), ANNA, case.page(4))
    there = await Manager.signed_in(await opened(PHONE), ANNA, case.page(4))
    for manager in (here, there):
        await expect(manager.button(COUNTING)).to_be_disabled(timeout=PATIENCE)
    await a_minute_passes(product, contract_id)
    await here.reloads()
    await here.presses("Отправить новый код")
    await expect(here.button(COUNTING)).to_be_disabled(timeout=PATIENCE)
    await expect(there.button(COUNTING)).to_be_disabled(timeout=PATIENCE)
    [first, second] = await case.person.codes()
    assert first != second


async def enter(manager: Manager, code: str) -> None:
    await manager.fills(CODE, code)
    await manager.presses(SIGN)


def wrong_codes(code: str) -> Iterator[str]:
    """As many as anybody wants to try."""
    return (f"{(int(code) + step) % 10**6:06}" for step in range(1, 10**6))


async def a_minute_passes(product: Product, contract_id: str) -> None:
    """For the pause between two codes; nobody waits for it."""
    await product.rows(
        "UPDATE manager_contract_codes SET sent_at = sent_at - interval '61 seconds' WHERE contract_id = $1",
        contract_id,
    )
