"""Every screen at both sizes: a picture to look at, nothing that somebody cannot use, and no mouse needed."""

import re
from collections.abc import AsyncIterator
from typing import Final

import pytest
from playwright.async_api import Locator, expect

from tests.browser.cases import Case, begin
from tests.browser.conftest import Open
from tests.browser.manager import Manager
from tests.browser.window import LAPTOP, PATIENCE, Window
from tests.browser.wizard import CONTACT, FORWARD
from tests.journeys.http_callers import LAPTOP as DEVICE
from tests.journeys.http_callers import ClientApp, ManagerApp
from tests.journeys.product import ANNA, BORIS, OPERATOR, Product

NOBODY: Final = "/clients/00000000-0000-4000-8000-00000000dead"
STEPS: Final = {1: "Контактные данные", 2: "Паспорт", 3: "Устройства", 4: "Договор"}
MOST_STOPS: Final = 40
OUTLINE: Final = "() => getComputedStyle(document.activeElement).outlineStyle"
DEVICE_FORM: Final = "Новое устройство"


@pytest.fixture(scope="module")
async def cases(product: Product) -> AsyncIterator[list[Case]]:
    """Clients at each place of the way: new, identified, with a contract, processed."""
    async with (
        ManagerApp(product) as office,
        ClientApp(product) as one,
        ClientApp(product) as two,
        ClientApp(product) as three,
    ):
        await office.log_in(ANNA)
        new, waits, done = [await begin(office, person, confirms=person is three) for person in (one, two, three)]
        await waits.contracted(dict(DEVICE))
        await waits.card_requests.photograph("/passport/photo", "passport")
        await done.contracted(dict(DEVICE))
        await done.card_requests.confirm(await done.code())
        await done.card_requests.pay()
        yield [new, waits, done]


async def test_the_screens_of_a_client_can_be_used(window: Window, cases: list[Case]) -> None:
    new, waits, done = cases
    manager = await Manager.signed_in(window, ANNA, "/clients?tab=mine")
    await expect(manager.row(waits)).to_be_visible(timeout=PATIENCE)
    await manager.can_use_it("clients-mine")
    for name, case in {"new": new, "waits": waits, "done": done}.items():
        await manager.goes(case.card_page)
        await manager.is_on(re.compile("Ёлкина"))
        await manager.can_use_it(f"card-{name}")
    for step, title in STEPS.items():
        await manager.goes(waits.page(step))
        await manager.is_on(title)
        await manager.can_use_it(f"step-{step}")
    await manager.goes(new.page(3))
    await manager.is_on(DEVICE_FORM)
    await manager.can_use_it("device-form")
    await manager.goes(new.page(4))
    await manager.sees("Договор пока нельзя сформировать")
    await manager.can_use_it("contract-not-yet")
    await manager.goes(f"{done.card_page}/success")
    await manager.is_on("Клиент оформлен")
    await manager.presses("Выставить счёт")
    await manager.can_use_it("bill")


async def test_the_team_is_seen_and_of_a_colleagues_passport_only_the_name(window: Window, cases: list[Case]) -> None:
    _, waits, _ = cases
    boris = await Manager.signed_in(window, BORIS, "/clients?tab=in_work")
    scopes = boris.page.get_by_role("navigation", name="Чьи клиенты")
    await scopes.get_by_role("link", name="Вся команда").click()
    await boris.is_at("/clients?tab=in_work&scope=team")
    row = boris.row(waits)
    await expect(row).to_contain_text(f"Ведёт {ANNA.name}", timeout=PATIENCE)
    await expect(row).not_to_contain_text("+7")
    await boris.can_use_it("clients-team")
    await row.click()
    await boris.sees(f"Клиента ведёт {ANNA.name}")
    paper = boris.part("Паспорт")
    await expect(paper).to_contain_text("Ёлкина Мария Петровна")
    await expect(paper).to_contain_text("видит только тот, кто ведёт клиента")
    for hidden in ("4510", "Серия", "Арбат", "770-001"):
        await expect(paper).not_to_contain_text(hidden)
    await boris.can_use_it("card-of-a-colleague")
    await boris.follows("К списку клиентов")
    await boris.is_at("/clients?tab=in_work&scope=team")
    await boris.goes(waits.page(2))
    await boris.is_on("Паспорт")
    await boris.sees(re.compile(f"тот, кто ведёт клиента: {ANNA.name}"))
    await boris.can_use_it("step-2-of-a-colleague")


async def test_a_foreign_passport_is_entered_and_shown(window: Window, case: Case) -> None:
    await case.identified()
    anna = await Manager.signed_in(window, ANNA, case.page(2))
    await anna.reads("Код подразделения", "770-001")
    await anna.field("Вид документа").select_option("Паспорт иностранного гражданина")
    await expect(anna.field("Код подразделения")).to_have_count(0)
    number = f"n{case.person.phone[-8:]}"
    await anna.fills_in({"Серия": "", "Номер": "ab_c", "Дата выдачи": "01031990", "Кем выдан": "Stadt Köln"})
    await anna.presses(FORWARD)
    await anna.is_told("Допустимы цифры, латинские и русские буквы")
    await anna.can_use_it("step-2-foreign")
    await anna.fills("Номер", number)
    await anna.presses(FORWARD)
    await anna.is_on("Новое устройство")
    await anna.goes(case.card_page)
    paper = anna.part("Паспорт")
    for words in ("Паспорт иностранного гражданина", number.upper(), "Stadt Köln"):
        await expect(paper).to_contain_text(words, timeout=PATIENCE)
    await expect(paper).not_to_contain_text("Код подразделения")
    await anna.can_use_it("card-foreign")
    kept = (await case.card_requests.card())["passport"]
    assert (kept["document_type"], kept["series"], kept["number"]) == ("foreign_passport", None, number.upper())


async def test_the_figures_and_what_is_not_there_can_be_used(window: Window) -> None:
    manager = await Manager.signed_in(window, OPERATOR, "/figures")
    await manager.is_on("Показатели")
    await manager.can_use_it("figures")
    for name, path, words in (
        ("nobody", NOBODY, "Такого клиента нет"),
        ("nobody-step", f"{NOBODY}/step/1", "Такого клиента нет"),
        ("nowhere", "/nowhere", "Возможно, ссылка устарела"),
        ("enter", "/enter", "Ссылка неполная или уже открыта"),
        ("settings-empty", "/settings?section=accounts", "Аккаунтов пока нет."),
    ):
        await manager.goes(path)
        await manager.sees(words)
        await manager.settles()
        await manager.can_use_it(name)


async def test_the_keyboard_alone_leads_from_the_list_through_the_contact_step(opened: Open, case: Case) -> None:
    window = await opened(LAPTOP)
    await window.sign_in(ANNA)
    manager = Keyboard(window, await window.page("/clients?tab=new"))
    await manager.settles()
    await manager.page.keyboard.press("/")
    await manager.types_into("Поиск клиентов", case.person.phone)
    await expect(manager.row(case)).to_have_count(1)
    await expect(manager.page.locator("[data-client]")).to_have_count(1, timeout=PATIENCE)
    await manager.tabs_to(manager.row(case))
    await manager.page.keyboard.press("Enter")
    await manager.is_at(case.card_page)
    await manager.tabs_to(manager.link("Начать оформление"))
    await manager.page.keyboard.press("Enter")
    await manager.is_on(STEPS[1])
    for label, value in CONTACT.items():
        await manager.tabs_to(manager.field(label))
        await manager.types_into(label, value)
    await manager.page.keyboard.press("Enter")
    await manager.is_on(STEPS[2])
    await expect(manager.page.locator("#content")).to_be_focused()
    assert (await case.card_requests.card())["user"]["name"] == CONTACT["Имя клиента"]


class Keyboard(Manager):
    """Without a mouse: he goes on with Tab, and types where he is."""

    async def tabs_to(self, place: Locator) -> None:
        """It must be reached within one round, and seen to be where he is."""
        for _ in range(MOST_STOPS):
            await self.page.keyboard.press("Tab")
            if await place.evaluate_all("all => all.includes(document.activeElement)"):
                outline: str = await self.page.evaluate(OUTLINE)
                assert outline != "none"
                return
        pytest.fail(f"{place} is not reached by Tab")

    async def types_into(self, label: str, value: str) -> None:
        await expect(self.field(label)).to_be_focused()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(value)
