"""In a browser of 2023 the app works; in an older one the page says so, in words."""

import re
from typing import Final

import pytest
from playwright.async_api import expect

from tests.browser.cases import Case
from tests.browser.conftest import Open
from tests.browser.manager import Manager
from tests.browser.window import LAPTOP, PHONE
from tests.browser.wizard import Wizard
from tests.journeys import http_callers
from tests.journeys.photos import photo_with_gps
from tests.journeys.product import ANNA

TITLE: Final = "ThinkPad X1"

OF_2023: Final = """
    delete AbortSignal.any; delete AbortSignal.timeout; delete Promise.withResolvers; delete Promise.try;
    delete URL.parse; delete URL.canParse; delete Object.groupBy; delete Map.groupBy; delete Array.fromAsync;
    delete ArrayBuffer.prototype.transferToFixedLength; delete ArrayBuffer.prototype.transfer;
    for (const name of ["union", "difference", "intersection", "isSubsetOf"]) delete Set.prototype[name];
    for (const name of ["map", "filter", "toArray", "some"]) delete Iterator.prototype[name];
    delete Document.prototype.startViewTransition;
"""
"""Safari 16.4 and Firefox ESR 115 have none of these."""


async def test_photos_and_the_live_line_work_without_what_came_later(opened: Open, case: Case) -> None:
    await case.identified()
    await case.card_requests.add(http_callers.LAPTOP)
    window = await opened(PHONE)
    await window.context.add_init_script(OF_2023)
    await window.sign_in(ANNA)
    manager = Wizard(window, await window.page(case.page(3)))
    await manager.is_on("Устройства")
    await manager.takes_photos(re.compile(f"^Выбрать фото: {TITLE}$"), [photo_with_gps()])
    await manager.has_photos(TITLE, 1)
    # Added by somebody else; only the live line tells this page.
    await case.card_requests.add({**http_callers.LAPTOP, "title": "ThinkPad X2"})
    await manager.sees("ThinkPad X2")


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        ("delete Array.prototype.toSorted", "Обновите браузер"),
        ("delete window.TextDecoderStream", "Обновите браузер"),
        ("CSS.supports = () => false", "Обновите браузер"),
        ("Object.defineProperty(navigator, 'locks', { value: undefined })", "Откройте страницу по https"),
    ],
)
async def test_a_browser_that_is_too_old_is_told_what_to_do(opened: Open, lacks: str, told: str) -> None:
    window = await opened(PHONE)
    await window.context.add_init_script(lacks)
    page = await window.page("/sign-in")
    await expect(page.get_by_role("heading")).to_have_text(told)
    await expect(page.get_by_label("Пароль")).to_have_count(0)
    window.forgive("exception")


@pytest.mark.parametrize(
    ("typed", "shown", "told"),
    [
        ("+7 8 (916) 123-45-67", "+7 916 123-45-67", None),
        ("+789161234567", "+7 916 123-45-67", None),
        ("84212345678", "+7 421 234-56-78", None),
        ("8121234567", "+7 812 123-45-67", None),
        ("375291234567", "375291234567", "Нужен один номер телефона в России"),
        ("91612345678", "+7 916 123-45-678", "Нужен один номер телефона в России"),
        ("8 (495) 123-45-67 доб. 12", "+7 495 123-45-67 доб. 12", "Нужен один номер телефона в России"),
    ],
)
async def test_a_phone_that_is_typed_loses_no_digit(
    opened: Open, case: Case, typed: str, shown: str, told: str | None
) -> None:
    window = await opened(LAPTOP)
    manager = await Manager.signed_in(window, ANNA, case.page(1))
    field = manager.field("Телефон")
    for way in ("typed", "pasted"):
        await field.fill("")
        await (field.press_sequentially(typed) if way == "typed" else field.fill(typed))
        await field.blur()
        if way == "typed":
            await expect(field).to_have_value(shown)
        if told is not None:
            await manager.is_told(re.compile(told))
        else:
            await expect(field).to_have_value(shown)
            await expect(field).not_to_have_attribute("aria-invalid", "true")
