"""Who may come in, how, and that he is still in after a reload and out in every tab after he has left."""

import re

from tests.browser.conftest import Open
from tests.browser.manager import LIST, Manager
from tests.browser.window import LAPTOP, PHONE, Window
from tests.journeys.product import ANNA, OPERATOR


async def test_a_manager_signs_in_and_is_before_his_clients(window: Window) -> None:
    manager = await Manager.at(window)
    await manager.is_at("/sign-in")
    await manager.settles()
    await manager.can_use_it("sign-in")
    await manager.sign_in(ANNA)
    await manager.is_at(LIST)
    await manager.settles()
    await manager.can_use_it("clients")


async def test_a_wrong_password_is_said_and_can_be_corrected(phone: Window) -> None:
    manager = await Manager.at(phone)
    await manager.fills("Электронная почта", ANNA.email)
    await manager.fills("Пароль", "Не-тот-пароль-1")
    await manager.presses("Войти")
    await manager.is_told("пароль")
    await manager.can_use_it("sign-in-refused")
    await manager.sign_in(ANNA)
    await manager.is_at(LIST)


async def test_nothing_filled_in_is_said_at_the_fields(phone: Window) -> None:
    manager = await Manager.at(phone)
    await manager.presses("Войти")
    await manager.sees("Укажите почту.")
    await manager.sees("Введите пароль.")


async def test_the_keyboard_alone_is_enough_to_sign_in(laptop: Window) -> None:
    manager = await Manager.at(laptop)
    await manager.settles()
    await manager.field("Электронная почта").focus()
    await manager.page.keyboard.type(OPERATOR.email)
    await manager.page.keyboard.press("Tab")
    await manager.page.keyboard.type(OPERATOR.password)
    await manager.page.keyboard.press("Enter")
    await manager.is_at(LIST)


async def test_who_came_for_a_certain_page_gets_there_and_a_reload_leaves_him_in(phone: Window) -> None:
    manager = await Manager.at(phone, "/conversations")
    await manager.is_at("/sign-in?to=%2Fconversations")
    await manager.sign_in(ANNA)
    await manager.is_at("/conversations")
    await manager.reloads()
    await manager.settles()
    await manager.is_at("/conversations")


async def test_leaving_in_one_tab_closes_the_others(opened: Open) -> None:
    window = await opened(LAPTOP)
    await window.sign_in(ANNA)
    one, other = await Manager.at(window, "/clients"), await Manager.at(window, "/conversations")
    await one.settles()
    await other.settles()
    await one.presses("Выйти")
    await one.is_at(re.compile(r"/sign-in\?to=%2Fclients.*"))
    await other.is_at("/sign-in?to=%2Fconversations")
    await other.reloads()
    await other.sees("Войти")


async def test_two_people_at_two_screens_have_nothing_in_common(opened: Open) -> None:
    anna, operator = await opened(PHONE), await opened(LAPTOP)
    await anna.sign_in(ANNA)
    await operator.sign_in(OPERATOR)
    hers, his = await Manager.at(anna), await Manager.at(operator)
    await hers.settles()
    await his.settles()
    assert await his.link("Показатели").count() == 1
    assert await hers.link("Показатели").count() == 0
