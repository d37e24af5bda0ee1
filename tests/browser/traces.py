"""What a client leaves behind in a browser in which he was onboarded: nothing that a finder could read."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from playwright.async_api import Page, Request

from tests.browser.cases import number_of
from tests.browser.window import Window
from tests.journeys.http_callers import ClientApp

SEARCH = "q"
"""What a manager looks for stands in the query of the list, as the contract of the API has it."""


class Traces:
    """Watches one window from its first page on."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.tokens: set[str] = set()
        window.context.on("request", self._keep)

    def _keep(self, request: Request) -> None:
        if token := request.headers.get("authorization", "").removeprefix("Bearer "):
            self.tokens.add(token)

    async def of(self, page: Page, secrets: Iterable[str]) -> list[str]:
        """Where one of these, or somebody's token, is found."""
        places = {
            "storage": str(await self.window.stored(page)),
            "addresses": " ".join(without_search(address) for address in self.window.asked),
            "address bar": unquote(page.url),
            "title": await page.title(),
            "console": " ".join(self.window.said),
        }
        wanted = [*secrets, *self.tokens]
        return [f"{secret[:12]} in {name}" for name, held in places.items() for secret in wanted if secret in held]


def forms_of(person: ClientApp) -> list[str]:
    """His telephone and his passport as digits and as they are shown."""
    phone, number = person.phone, number_of(person)
    return [phone, f"{phone[:3]} {phone[3:6]}-{phone[6:8]}-{phone[8:]}", f"4510{number}", f"4510 {number}"]


def without_search(address: str) -> str:
    place = urlsplit(address)
    rest = [f"{name}={value}" for name, value in parse_qsl(place.query) if name != SEARCH]
    return f"{place.netloc}{unquote(place.path)}?{'&'.join(rest)}#{unquote(place.fragment)}"
