"""A manager at the screen: he reads Russian labels, and knows nothing of how the page is made."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.cases import Case
from tests.browser.layout import assert_headings_in_order, assert_no_sideways_scrolling
from tests.browser.window import PATIENCE, Window
from tests.journeys.product import Staff

Words = str | re.Pattern[str]

ADDRESS: Final = "Электронная почта"
PASSWORD: Final = "Пароль"
ENTER: Final = "Войти"
LOADING: Final = "Загружаем…"
LIST: Final = re.compile(r"/clients(\?tab=\w+)?")
"""Where the list of clients is; the tab may stand in the address."""


class Manager:
    """One tab. Whatever he looks for must come within the window's patience."""

    def __init__(self, window: Window, page: Page) -> None:
        self.window, self.page = window, page

    @classmethod
    async def signed_in(cls, window: Window, staff: Staff, path: str = "/") -> Self:
        """Past the door, at this address, with all that belongs there."""
        await window.sign_in(staff)
        manager = cls(window, await window.page(path))
        await manager.settles()
        return manager

    @classmethod
    async def at(cls, window: Window, path: str = "/") -> Self:
        return cls(window, await window.page(path))

    async def sign_in(self, staff: Staff) -> None:
        await self.fills(ADDRESS, staff.email)
        await self.fills(PASSWORD, staff.password)
        await self.presses(ENTER)
        await expect(self.button(ENTER)).to_be_hidden(timeout=PATIENCE)

    async def goes(self, path: str) -> None:
        await self.page.goto(path)

    async def reloads(self) -> None:
        await self.page.reload()

    async def settles(self) -> None:
        """Until the page has what it asked for; the line of events stays open and is not waited for."""
        await expect(self.page.get_by_role("main").first).to_be_visible(timeout=PATIENCE)
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0, timeout=PATIENCE)
        await expect(self.page.get_by_text(LOADING, exact=True)).to_have_count(0, timeout=PATIENCE)

    # What there is.

    def button(self, name: Words) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def link(self, name: Words) -> Locator:
        return self.page.get_by_role("link", name=name)

    def field(self, label: Words) -> Locator:
        """By its label, with or without «(необязательно)» behind it."""
        named = re.compile(f"^{re.escape(label)}( \\(необязательно\\))?$") if isinstance(label, str) else label
        return self.page.get_by_label(named)

    def part(self, name: Words) -> Locator:
        """A part of the page with a heading of its own."""
        return self.page.get_by_role("region", name=name, exact=isinstance(name, str))

    def heading(self, name: Words) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=isinstance(name, str))

    def row(self, case: Case) -> Locator:
        """In the list of clients."""
        return self.page.locator(f"[data-client='{case.client_id}']")

    # What he does.

    async def fills(self, label: Words, value: str) -> None:
        await self.field(label).fill(value)

    async def fills_in(self, values: Mapping[str, str]) -> None:
        for label, value in values.items():
            await self.fills(label, value)

    async def presses(self, name: Words) -> None:
        await self.button(name).click()

    async def follows(self, name: Words) -> None:
        await self.link(name).click()

    async def takes_photos(self, label: Words, photos: Sequence[Path | bytes]) -> None:
        """Files as the camera gives them to an `<input type=file>`."""
        files: list[FilePayload] = [
            {
                "name": f"IMG_{number:04}.jpg",
                "mimeType": "image/jpeg",
                "buffer": photo if isinstance(photo, bytes) else photo.read_bytes(),
            }
            for number, photo in enumerate(photos, start=1)
        ]
        await self.field(label).set_input_files(files)

    # What he sees.

    async def sees(self, words: Words) -> None:
        await expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)

    async def is_told(self, words: Words) -> None:
        """What is said aloud: a refusal, an error."""
        await expect(self.page.get_by_role("alert").filter(has_text=words).first).to_be_visible(timeout=PATIENCE)

    async def does_not_see(self, words: Words) -> None:
        await expect(self.page.get_by_text(words)).to_have_count(0, timeout=PATIENCE)

    async def reads(self, label: Words, value: str) -> None:
        """In a field."""
        await expect(self.field(label)).to_have_value(value, timeout=PATIENCE)

    async def reads_all(self, values: Mapping[str, str]) -> None:
        for label, value in values.items():
            await self.reads(label, value)

    async def is_on(self, title: Words) -> None:
        """The page with this heading, ready to be used."""
        await expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible(timeout=PATIENCE)
        await self.settles()

    async def is_at(self, path: Words) -> None:
        """A path with its query, or a pattern of one."""
        pattern = re.escape(path) if isinstance(path, str) else path.pattern
        address = re.compile(f"^{re.escape(self.window.home)}{pattern}$")
        await expect(self.page).to_have_url(address, timeout=PATIENCE)

    async def can_use_it(self, name: str) -> None:
        """The page as it is: a picture to look at, nothing that axe calls serious, nothing beside a small screen."""
        await self.window.picture(self.page, name)
        await assert_accessible(self.page)
        await assert_headings_in_order(self.page)
        if self.window.device.touch:
            await assert_no_sideways_scrolling(self.page)
