"""A manager at the screen: he reads Russian labels, and knows nothing of how the page is made."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.window import PATIENCE, Window
from tests.journeys.product import Staff

Words = str | re.Pattern[str]

ADDRESS: Final = "Электронная почта"
PASSWORD: Final = "Пароль"
ENTER: Final = "Войти"
LIST: Final = re.compile(r"/clients(\?tab=\w+)?")
"""Where the list of clients is; the tab may stand in the address."""


class Manager:
    """One tab. Whatever he looks for must come within the window's patience."""

    def __init__(self, window: Window, page: Page) -> None:
        self.window, self.page = window, page

    @classmethod
    async def at(cls, window: Window, path: str = "/") -> "Manager":
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

    # What there is.

    def button(self, name: Words) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def link(self, name: Words) -> Locator:
        return self.page.get_by_role("link", name=name)

    def field(self, label: Words) -> Locator:
        return self.page.get_by_label(label, exact=isinstance(label, str))

    # What he does.

    async def fills(self, label: Words, value: str) -> None:
        await self.field(label).fill(value)

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

    async def is_at(self, path: Words) -> None:
        """A path with its query, or a pattern of one."""
        pattern = re.escape(path) if isinstance(path, str) else path.pattern
        address = re.compile(f"^{re.escape(self.window.home)}{pattern}$")
        await expect(self.page).to_have_url(address, timeout=PATIENCE)

    async def can_use_it(self, name: str) -> None:
        """The page as it is now: a picture to look at, and nothing that axe calls serious."""
        await self.window.picture(self.page, name)
        await assert_accessible(self.page)
