"""A browser of its own on a telephone or a laptop, whose pages are watched: nothing may go wrong unnoticed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

from tests.journeys.product import Staff

PATIENCE: Final = 20_000
"""Milliseconds until something must be seen, on a loaded machine."""

SCREENS: Final = Path(__file__).parents[2] / "build/screens"
REFUSED: Final = "Failed to load resource: the server responded with a status of "
"""Chromium's own line about each answer from 400 on; the answers themselves are judged below."""

LOCAL: Final = ("data", "blob", "about")


@dataclass(frozen=True)
class Device:
    name: str
    viewport: ViewportSize
    scale: float = 1
    touch: bool = False


PHONE: Final = Device("phone", {"width": 390, "height": 844}, scale=2, touch=True)
LAPTOP: Final = Device("laptop", {"width": 1280, "height": 800})


class Window:
    """Pages of one person: they share cookies, and with nobody else.

    `allowed` are the origins that may be asked: the API's and the store's.
    """

    def __init__(self, context: BrowserContext, device: Device, home: str, allowed: Sequence[str]) -> None:
        self.context, self.device, self.home, self.allowed = context, device, home, allowed
        self.troubles: list[str] = []
        self.forgiven: list[re.Pattern[str]] = []
        self.asked: list[str] = []
        """Every address that was asked, in order."""

        self.said: list[str] = []
        """Every word in the console, also those that are no trouble."""

        context.on("page", self._watch)

    @classmethod
    async def open(cls, browser: Browser, device: Device, home: str, allowed: Sequence[str]) -> Self:
        context = await browser.new_context(
            viewport=device.viewport,
            device_scale_factor=device.scale,
            has_touch=device.touch,
            is_mobile=device.touch,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            reduced_motion="reduce",
            base_url=home,
        )
        context.set_default_timeout(PATIENCE)
        return cls(context, device, home, allowed)

    async def page(self, path: str = "/") -> Page:
        """A new tab at this address."""
        page = await self.context.new_page()
        await page.goto(path)
        return page

    async def sign_in(self, staff: Staff) -> None:
        """Past the page: the cookie of a session, as the page itself gets it. Pages opened from now on are inside."""
        answer = await self.context.request.post(
            "/api/auth/login",
            data={"email": staff.email, "password": staff.password},
            headers={"X-Session": "cookie"},
        )
        assert answer.ok, await answer.text()

    def forgive(self, pattern: str) -> None:
        """This trouble is what the test is about: a cut line, a server that is away."""
        self.forgiven.append(re.compile(pattern))

    def unforgiven(self) -> list[str]:
        return [one for one in self.troubles if not any(pattern.search(one) for pattern in self.forgiven)]

    async def close(self) -> None:
        """Fails with everything that went wrong on any page."""
        await self.context.close()
        assert self.unforgiven() == [], "\n".join(self.unforgiven())

    async def picture(self, page: Page, name: str) -> Path:
        """What is seen now, in build/screens; nothing is injected into the page for it, which its policy forbids."""
        file = SCREENS / f"{name}-{self.device.name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=file, animations="allow", caret="initial")
        return file

    async def stored(self, page: Page) -> dict[str, Any]:
        """All that scripts have put into this browser."""
        content: dict[str, Any] = await page.evaluate(STORED)
        return content

    def _watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        """A violation of the Content-Security-Policy is said here too."""
        self.said.append(message.text)
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.troubles.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)
        place = urlsplit(request.url)
        if place.scheme not in LOCAL and f"{place.scheme}://{place.netloc}" not in self.allowed:
            self.troubles.append(f"foreign: {request.method} {place.scheme}://{place.netloc}{place.path}")

    def _failed(self, request: Request) -> None:
        """What the app itself gives up (a page that is left, a search that goes on) has not failed."""
        if (cause := str(request.failure)) != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.method} {urlsplit(request.url).path}: {cause}")

    def _response(self, response: Response) -> None:
        """A refusal of the API is an answer; a file that is not there, or an error of the server, is none."""
        path = urlsplit(response.url).path
        refusal = path.startswith("/api/") and response.status < 500
        if response.status >= 400 and not refusal:
            self.troubles.append(f"answer: {response.status} {response.request.method} {path}")


STORED: Final = """async () => {
  const all = async (name) => {
    const db = await new Promise((done, failed) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => failed(opening.error);
    });
    const rows = {};
    for (const store of db.objectStoreNames) {
      rows[store] = await new Promise((done, failed) => {
        const reading = db.transaction(store).objectStore(store).getAll();
        reading.onsuccess = () => done(reading.result);
        reading.onerror = () => failed(reading.error);
      });
    }
    db.close();
    return rows;
  };
  const databases = {};
  for (const { name } of await indexedDB.databases()) databases[name] = await all(name);
  const caches_ = {};
  for (const name of await caches.keys()) {
    caches_[name] = (await (await caches.open(name)).keys()).map((request) => request.url);
  }
  return {
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    indexedDB: databases,
    caches: caches_,
    cookies: document.cookie,
    history: JSON.stringify(history.state),
  };
}"""
