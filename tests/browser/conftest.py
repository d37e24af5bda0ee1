"""The built app, served by the whole product, in Debian's Chromium on a telephone and on a laptop."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator

import pytest
from playwright.async_api import Browser, async_playwright

from embedded.web.app import project_app
from tests.browser import chromium
from tests.browser.cases import Case, begin
from tests.browser.window import LAPTOP, PHONE, SCREENS, Device, Window
from tests.journeys.http_callers import ClientApp, ManagerApp
from tests.journeys.product import ANNA, Product

Open = Callable[[Device], Awaitable[Window]]

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers that a test failed, for the picture of how it looked then."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def web_app() -> None:
    """Current; of several test processes one builds it and the others wait."""
    app = project_app()
    app.install(print)
    app.build(print)


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """A developer without Chromium skips these tests; CI must not."""
    if program := chromium.find():
        return program
    if os.environ.get("CI"):
        pytest.fail(chromium.MISSING)
    pytest.skip(chromium.MISSING)


@pytest.fixture(scope="session")
async def browser(chromium_program: str, web_app: None) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await chromium.launch(playwright, chromium_program)
        yield browser
        await browser.close()


@pytest.fixture
async def opened(browser: Browser, product: Product, request: pytest.FixtureRequest) -> AsyncIterator[Open]:
    """Opens windows of several people; each must end without a trouble."""
    windows: list[Window] = []

    async def open_window(device: Device) -> Window:
        window = await Window.open(browser, device, product.url, (product.url, product.stack.store.endpoint))
        windows.append(window)
        return window

    yield open_window
    if request.node.stash.get(FAILED, False):
        for number, page in enumerate(page for window in windows for page in window.context.pages):
            await page.screenshot(path=SCREENS / f"failed-{request.node.name}-{number}.png")
    for window in windows:
        await window.close()


@pytest.fixture
async def phone(opened: Open) -> Window:
    return await opened(PHONE)


@pytest.fixture
async def laptop(opened: Open) -> Window:
    return await opened(LAPTOP)


@pytest.fixture(params=[PHONE, LAPTOP], ids=lambda device: str(device.name))
async def window(opened: Open, request: pytest.FixtureRequest) -> Window:
    """Both sizes, one after the other."""
    return await opened(request.param)


@pytest.fixture
async def office(product: Product) -> AsyncIterator[ManagerApp]:
    """Anna's, past the page: for what a test does not look at."""
    async with ManagerApp(product) as office:
        yield await office.log_in(ANNA)


@pytest.fixture
async def case(product: Product, office: ManagerApp) -> AsyncIterator[Case]:
    """A client who has just registered; his card is on Anna's desk as soon as she writes on it."""
    async with ClientApp(product) as person:
        yield await begin(office, person)
