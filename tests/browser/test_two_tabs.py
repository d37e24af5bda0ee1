"""Two tabs, or two people, at one card: each is told, nobody's work is lost without a question."""

from playwright.async_api import Locator, expect

from tests.browser.cases import NAME, Case
from tests.browser.conftest import Open
from tests.browser.manager import Manager
from tests.browser.window import LAPTOP, PATIENCE, PHONE, Window
from tests.browser.wizard import FORWARD, KEPT, RESTORED, Wizard
from tests.journeys.product import ANNA, BORIS

FIELD = "Имя клиента"
CHANGED = "Пока вы заполняли, данные изменили"
ELSEWHERE = "Вы заполняете этот шаг и в другом окне"


async def at_contact(window: Window, case: Case) -> Wizard:
    tab = Wizard(window, await window.page(case.page(1)))
    await tab.is_on("Контактные данные")
    return tab


def difference(tab: Manager) -> Locator:
    return tab.page.get_by_role("group", name="Изменения в карточке")


async def test_the_older_of_two_tabs_is_shown_the_difference_and_either_side_can_be_kept(
    opened: Open, case: Case
) -> None:
    await case.taken()
    window = await opened(LAPTOP)
    await window.sign_in(ANNA)
    older, newer = await at_contact(window, case), await at_contact(window, case)

    await newer.fills(FIELD, "Мария Новая")
    await newer.presses(FORWARD)
    await newer.is_on("Паспорт")
    await older.reads(FIELD, "Мария Новая")  # nothing was typed here: it follows

    await older.fills(FIELD, "Мария Здешняя")
    await case.card_requests.profile(name="Мария Третья")
    await expect(difference(older)).to_contain_text(CHANGED, timeout=PATIENCE)
    for words in ("Мария Новая", "Мария Третья", "Мария Здешняя"):
        await expect(difference(older)).to_contain_text(words)
    await older.presses(FORWARD)
    await older.is_at(case.page(1))
    await expect(difference(older)).to_be_focused()
    await older.can_use_it("card-changed")
    await older.presses("Оставить мои")
    await older.reads(FIELD, "Мария Здешняя")
    await older.presses(FORWARD)
    await older.is_on("Паспорт")
    assert (await case.card_requests.card())["user"]["name"] == "Мария Здешняя"

    await older.goes(case.page(1))
    await older.fills(FIELD, "Мария Лишняя")
    await case.card_requests.profile(name=NAME)
    await expect(difference(older)).to_contain_text(NAME, timeout=PATIENCE)
    await older.presses("Взять новые")
    await older.reads(FIELD, NAME)
    await expect(difference(older)).to_have_count(0)


async def test_what_is_typed_in_two_tabs_at_once_is_chosen_between(opened: Open, case: Case) -> None:
    window = await opened(PHONE)
    await window.sign_in(ANNA)
    one, other = await at_contact(window, case), await at_contact(window, case)
    await one.fills(FIELD, "Отсюда")
    await one.sees(KEPT)
    await other.fills(FIELD, "Оттуда")
    await other.sees(ELSEWHERE)
    await other.can_use_it("typed-elsewhere")
    await other.presses("Взять из другого окна")
    await other.reads(FIELD, "Отсюда")

    await other.fills(FIELD, "Снова оттуда")
    await other.sees(KEPT)
    await one.fills(FIELD, "Снова отсюда")
    await one.sees(ELSEWHERE)
    await one.presses("Оставить введённое здесь")
    await one.sees(KEPT)
    await one.reloads()
    await one.sees(RESTORED)
    await one.reads(FIELD, "Снова отсюда")


async def test_who_holds_a_client_is_seen_and_he_can_be_taken_over_with_a_reason(opened: Open, case: Case) -> None:
    await case.taken()
    hers, his = await opened(PHONE), await opened(LAPTOP)
    await hers.sign_in(ANNA)
    await his.sign_in(BORIS)
    anna, boris = await at_contact(hers, case), await at_contact(his, case)
    await boris.sees(f"Клиента ведёт {ANNA.name}")
    await expect(boris.field(FIELD)).to_be_disabled()
    await expect(boris.button(FORWARD)).to_have_count(0)
    await boris.can_use_it("held-by-another")
    await anna.fills(FIELD, "Недописанное имя")

    await boris.presses("Взять себе")
    dialog = boris.page.get_by_role("dialog", name="Взять клиента себе?")
    await dialog.get_by_role("button", name="Взять себе").click()
    await boris.is_told("Напишите причину")
    await boris.fills("Причина", "Анна в отпуске")
    await dialog.get_by_role("button", name="Взять себе").click()
    await boris.sees("Теперь клиента ведёте вы")
    await boris.fills(FIELD, "Имя от Бориса")
    await boris.presses(FORWARD)
    await boris.is_on("Паспорт")

    await anna.sees(f"Клиента ведёт {BORIS.name}")
    await expect(anna.field(FIELD)).to_be_disabled()
    told = str(await case.happened())
    assert "Анна в отпуске" in told
    assert (await case.card_requests.card())["user"]["name"] == "Имя от Бориса"
