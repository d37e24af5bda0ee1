"""Without a connection: it is said, what was typed stays, and what was pressed is done once when the line is back."""

import re

from playwright.async_api import Request, Route, expect

from tests.browser.cases import Case
from tests.browser.line import CUT, Line
from tests.browser.window import PATIENCE, Window
from tests.browser.wizard import CONTACT, FORWARD, Wizard
from tests.journeys.product import ANNA

NO_INTERNET = "Нет интернета. Введённое сохранено на экране и отправится, когда связь появится."
SAVING = re.compile(r"/clients/[^/]+/profile$")


async def test_a_step_that_is_saved_without_a_connection_is_sent_once_when_it_is_back(
    phone: Window, case: Case
) -> None:
    phone.forgive(CUT)
    answered: list[int] = []
    phone.context.on("response", lambda answer: answered.append(answer.status) if is_saving(answer.request) else None)
    manager = await at_contact(phone, case)
    line = await Line.of(manager)
    await manager.fills("Имя клиента", "Набрано до обрыва")
    await line.becomes(cut=True)
    await manager.sees(NO_INTERNET)
    await manager.fills_in(CONTACT)
    await manager.presses(FORWARD)
    await manager.sees("Нет связи: отправим, когда она появится")
    await expect(manager.button(FORWARD)).to_be_disabled()
    await manager.reads_all(CONTACT)
    await manager.can_use_it("offline")
    assert (await case.card_requests.card())["status"] == "new"

    await line.becomes()
    await manager.is_on("Паспорт")
    await manager.does_not_see(NO_INTERNET)
    assert answered == [200]
    assert (await case.card_requests.card())["user"]["name"] == CONTACT["Имя клиента"]
    await manager.goes(case.page(1))
    await manager.reads_all(CONTACT)


async def test_a_save_whose_answer_is_lost_is_repeated_under_its_key_and_done_once(phone: Window, case: Case) -> None:
    phone.forgive("ERR_CONNECTION_RESET")
    keys: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = await route.fetch()
        if len(keys) == 1:
            await route.abort("connectionreset")
        else:
            await route.fulfill(response=answer)

    manager = await at_contact(phone, case)
    await manager.page.route(SAVING, lose_the_first_answer)
    await manager.fills_in(CONTACT)
    await manager.presses(FORWARD)
    await manager.is_on("Паспорт")
    assert len(keys) == 2
    assert len(set(keys)) == 1
    saved = [one for one in await case.happened() if one["verb"] == "profile-saved"]
    assert len(saved) == 1


async def at_contact(window: Window, case: Case) -> Wizard:
    await window.sign_in(ANNA)
    manager = Wizard(window, await window.page(case.page(1)))
    await manager.is_on("Контактные данные")
    await expect(manager.field("Имя клиента")).to_be_enabled(timeout=PATIENCE)
    return manager


def is_saving(request: Request) -> bool:
    return request.method == "PATCH" and SAVING.search(request.url) is not None
