"""Nothing that goes wrong on a page stays unnoticed: each kind of trouble is made on purpose here."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.traces import Traces
from tests.browser.window import PHONE
from tests.journeys.product import eventually

Make = Callable[[Page], Awaitable[object]]

TROUBLES: dict[str, tuple[str, str]] = {
    "a word in the console": ("console.error('oh')", "console: oh"),
    "an exception": ("setTimeout(() => { throw new Error('oh') })", "exception: oh"),
    "a foreign host": (
        "setTimeout(() => location.assign('http://127.0.0.2:9/x'))",
        "foreign: GET http://127.0.0.2:9/x",
    ),
    "a foreign host that the policy stops": ("fetch('http://127.0.0.2:9/x').catch(() => 1)", "console: Connecting to"),
    "a breach of the policy": (
        "document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))",
        "console: .*Content Security Policy",
    ),
    "a file that is not there": ("fetch('/assets/none.js')", "answer: 404 GET /assets/none.js"),
}


@pytest.mark.parametrize("kind", TROUBLES)
async def test_a_trouble_is_noticed(opened: Open, kind: str) -> None:
    script, expected = TROUBLES[kind]
    window = await opened(PHONE)
    page = await window.page("/sign-in")
    await page.wait_for_load_state()
    assert window.troubles == []
    await page.evaluate(f"async () => {{ await ({script}) }}")

    async def noticed() -> bool:
        return any(re.match(expected, trouble) for trouble in window.troubles)

    await eventually(noticed, expected, patience=20)
    window.forgive("")  # all of it was made on purpose


async def test_a_refusal_of_the_api_is_no_trouble(opened: Open) -> None:
    window = await opened(PHONE)
    page = await window.page("/sign-in")
    status = await page.evaluate("async () => (await fetch('/api/auth/me')).status")
    assert status == 401
    assert window.troubles == []


async def test_a_page_that_some_cannot_read_is_noticed(opened: Open) -> None:
    window = await opened(PHONE)
    page = await window.page("/sign-in")
    await page.evaluate("document.body.append(new Image())")
    assert any(line.startswith("image-alt (critical)") for line in await violations(page))


LEFT: dict[str, str] = {
    "localStorage": "() => localStorage.setItem('a', 'secret')",
    "sessionStorage": "() => sessionStorage.setItem('a', '[secret]')",
    "IndexedDB": """() => new Promise((done, failed) => {
        const opening = indexedDB.open("kept");
        opening.onupgradeneeded = () => opening.result.createObjectStore("rows").put({ text: "secret" }, 1);
        opening.onsuccess = () => done(opening.result.close());
        opening.onerror = () => failed(opening.error);
    })""",
    "a cookie": "() => { document.cookie = 'a=secret' }",
    "the history": "() => history.replaceState({ typed: 'secret' }, '')",
    "the address bar": "() => history.replaceState(null, '', '?name=secret')",
    "an address that was asked": "() => fetch('/api/auth/me?phone=secret')",
    "the title": "() => { document.title = 'secret' }",
    "the console": "() => console.info('typed', 'secret')",
}


@pytest.mark.parametrize("place", LEFT)
async def test_what_is_left_behind_is_found(opened: Open, place: str) -> None:
    window = await opened(PHONE)
    traces = Traces(window)
    page = await window.page("/sign-in")
    await expect(page).to_have_title("Вход · Привет")  # nobody sets it again
    assert await traces.of(page, ["secret"]) == []
    await page.evaluate(LEFT[place])
    assert await traces.of(page, ["secret"]) != []
