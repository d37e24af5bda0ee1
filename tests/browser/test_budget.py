"""The first load is small, asks nobody else, and runs under a policy that lets nothing in."""

import gzip
from typing import Final

import httpx
from playwright.async_api import Response

from tests.browser.conftest import Open
from tests.browser.manager import LIST, Manager
from tests.browser.window import LAPTOP, PHONE, Window
from tests.journeys.product import ANNA, Product

SCRIPT_BUDGET: Final = 200_000
"""Bytes of script after gzip, for the first page that somebody sees."""

LEVEL: Final = 9


class Scripts:
    """Script that a window has loaded, at its packed size."""

    def __init__(self, window: Window) -> None:
        self.answers: list[Response] = []
        window.context.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        if response.request.resource_type == "script":
            self.answers.append(response)

    async def packed(self) -> int:
        return sum([len(gzip.compress(await answer.body(), LEVEL)) for answer in self.answers])


async def test_the_first_load_stays_within_the_budget(opened: Open) -> None:
    window = await opened(PHONE)
    scripts = Scripts(window)
    manager = await Manager.at(window)
    await manager.is_at("/sign-in")
    await manager.settles()
    assert 10_000 < await scripts.packed() <= SCRIPT_BUDGET


async def test_the_first_screen_of_somebody_who_is_signed_in_stays_within_the_budget(opened: Open) -> None:
    window = await opened(LAPTOP)
    await window.sign_in(ANNA)
    scripts = Scripts(window)
    manager = await Manager.at(window)
    await manager.is_at(LIST)
    await manager.settles()
    assert 10_000 < await scripts.packed() <= SCRIPT_BUDGET


async def test_the_policy_of_the_page_lets_nothing_in_but_ours(product: Product) -> None:
    async with httpx.AsyncClient(base_url=product.url, trust_env=False) as http:
        answer = await http.get("/")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    policy = policy_of(answer)
    store = product.stack.store.endpoint
    assert policy["default-src"] == {"'none'"}
    assert policy["script-src"] == {"'self'"}
    assert policy["connect-src"] == {"'self'", store}
    assert policy["img-src"] == {"'self'", "blob:", "data:", store}
    for name in ("frame-ancestors", "base-uri", "form-action"):
        assert policy[name] == {"'none'"}, name
    every = {source for sources in policy.values() for source in sources}
    assert not {source for source in every if "unsafe" in source or "*" in source or source in ("http:", "https:")}


def policy_of(answer: httpx.Response) -> dict[str, set[str]]:
    directives = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: set(sources) for name, *sources in directives}


async def test_hashed_files_are_kept_for_ever_and_packed_on_the_way(product: Product, opened: Open) -> None:
    window = await opened(PHONE)
    scripts = Scripts(window)
    await window.page("/sign-in")
    entry = scripts.answers[0]
    headers = await entry.all_headers()
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-encoding"] == "br"


async def test_the_browser_holds_no_token_and_nobody_else_is_asked(opened: Open, product: Product) -> None:
    window = await opened(PHONE)
    tokens: set[str] = set()
    window.context.on("request", lambda request: tokens.add(request.headers.get("authorization", "")))
    await window.sign_in(ANNA)
    manager = await Manager.at(window)
    await manager.is_at(LIST)
    await manager.settles()
    bearers = {token.removeprefix("Bearer ") for token in tokens if token.startswith("Bearer ")}
    assert bearers
    held = str(await window.stored(manager.page))
    assert not [token for token in bearers if token in held]
    cookies = {one["name"]: one for one in await window.context.cookies(f"{product.url}/api/auth/refresh")}
    assert {name: (one["httpOnly"], one["sameSite"]) for name, one in cookies.items()} == {
        "privet_session": (True, "Strict"),
        "privet_browser": (True, "Lax"),
    }
    assert not [one["value"] for one in cookies.values() if one["value"] in held]
    assert {address.split("/api/")[0] for address in window.asked if "/api/" in address} == {product.url}
