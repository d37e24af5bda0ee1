"""A client is onboarded on a screen, from the list to «Обработанные», and the page may be reloaded at every step."""

from playwright.async_api import expect

from tests.browser.cases import NAME, Case
from tests.browser.manager import LIST
from tests.browser.traces import Traces, forms_of
from tests.browser.window import PATIENCE, Window
from tests.browser.wizard import CONTACT, SUM, Wizard, passport_of
from tests.journeys.http_callers import ClientApp
from tests.journeys.product import ANNA


async def test_a_client_is_onboarded_on_a_screen_and_signs_in_his_own_app(window: Window, case: Case) -> None:
    traces = Traces(window)
    manager = await Wizard.at(window)
    await manager.sign_in(ANNA)
    await manager.is_at(LIST)
    await manager.fills("Поиск клиентов", case.person.phone)
    await manager.row(case).click()
    await manager.is_at(case.card_page)
    await manager.is_on(NAME)
    await manager.can_use_it("card-new")
    await manager.follows("Начать оформление")
    await manager.does_contact()
    await manager.does_passport(case.person)
    assert await traces.of(manager.page, secrets_of(case.person)) == []
    await manager.does_device()
    await manager.chooses_tariff("Базовый")
    await manager.sees(SUM)
    await manager.reloads()
    await manager.makes_contract()
    await manager.reloads()
    await manager.reads_contract()
    await manager.can_use_it("contract")

    [contract] = await case.person.get("/contracts")
    await case.person.confirm_phone()
    await case.person.sign(contract["id"], await case.code())
    await expect(manager.part("Оплата")).to_be_visible(timeout=PATIENCE)
    await expect(manager.part("Договор подписан")).to_contain_text("В приложении клиента")
    await manager.reloads()
    await manager.takes_the_money()
    await manager.sees("Оплата получена.")
    await manager.reloads()
    await manager.is_on("Клиент оформлен")
    await manager.can_use_it("success")
    await manager.finds_in("Обработанные", case)
    assert traces.tokens
    assert await traces.of(manager.page, [*secrets_of(case.person), *await case.person.codes()]) == []


def secrets_of(person: ClientApp) -> list[str]:
    """What he has said about himself, but for words that stand anywhere."""
    told = (*CONTACT.values(), *passport_of(person).values(), *forms_of(person))
    return [word for word in told if len(word) > len("подъезд")]
