"""The session of the staff's browser: kept in a cookie, rotated, stolen, ended."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from activities.people.links import issue_link
from activities.people.refresh import digest_of
from api.people.manager_session import COOKIE
from domain.people.session import GRACE, SESSION_LIFETIME
from embedded.stack import Stack
from models import Manager, ManagerSession, ManagerSessionToken
from models.people.manager import Role
from models.people.manager_session import SessionKind
from tests.api.own_api import AGENT, HOME, OwnApi, open_api, settings_of, starting_now
from tests.api.people.test_staff import signed
from tests.factories import PASSWORD, make_manager, session_of

SECOND = timedelta(seconds=1)
LATER = GRACE + SECOND
BROWSER = {"X-Session": "cookie"}


@pytest.fixture
async def own_api(stack: Stack, database_url: str) -> AsyncIterator[OwnApi]:
    settings = settings_of(stack, DATABASE_URL=database_url, PUBLIC_WEB_URL="http://api.test")
    async with open_api(settings, starting_now()) as opened:
        yield opened


@pytest.fixture
async def manager(own_api: OwnApi) -> Manager:
    return await make_manager(own_api.sessions)


class Browser:
    """Keeps the cookie as it was set last; shows it where its path says."""

    def __init__(self, own_api: OwnApi) -> None:
        self.own_api, self.http = own_api, own_api.visitor()
        self.secret = ""

    async def post(self, path: str, secret: str | None = None, **values: Any) -> Response:
        """With the cookie it has, or another one."""
        shown = self.secret if secret is None else secret
        headers = BROWSER | ({"Cookie": f"{COOKIE}={shown}"} if shown else {}) | values.pop("headers", {})
        answer = await self.http.post(path, headers=headers, **values)
        self.http.cookies.clear()
        if (cookie := cookie_of(answer)) is not None:
            self.secret = cookie.value
        return answer

    async def signs_in(self, manager: Manager) -> dict[str, Any]:
        answer = await self.post("/api/auth/login", json={"email": manager.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        whole: dict[str, Any] = answer.json()
        return whole

    async def refreshes(self, secret: str | None = None) -> Response:
        return await self.post("/api/auth/refresh", secret)

    async def keeps_session(self) -> bool:
        return (await self.refreshes()).status_code == 200


@pytest.fixture
async def browser(own_api: OwnApi, manager: Manager) -> Browser:
    browser = Browser(own_api)
    await browser.signs_in(manager)
    return browser


def cookie_of(answer: Response) -> "Morsel[str] | None":
    cookies = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        cookies.load(line)
    return cookies.get(COOKIE)


def opened_by(manager: Manager) -> "SelectOfScalar[ManagerSession]":
    """Without the one of the factory, the last to end last."""
    made = select(ManagerSession).where(
        ManagerSession.manager_id == manager.id, ManagerSession.id != session_of(manager)
    )
    return made.order_by(col(ManagerSession.revoked_at))


async def opens(own_api: OwnApi, token: str) -> bool:
    answer = await own_api.visitor().get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


async def test_a_log_in_without_the_header_answers_as_ever_and_lasts_as_long_as_its_token(
    own_api: OwnApi, manager: Manager
) -> None:
    login = {"email": manager.email, "password": PASSWORD}
    for path in ("/api/auth/login", "/api/manager/auth/login", "/api/master/auth/login"):
        for headers in ({}, {"X-Session": "no"}):
            answer = await own_api.visitor().post(path, json=login, headers=headers)
            assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
            assert "set-cookie" not in answer.headers
    async with own_api.sessions() as session:
        opened = (await session.exec(opened_by(manager))).all()
        assert (await session.exec(select(ManagerSessionToken))).all() == []
    lifetime = own_api.context.manager_tokens.lifetime
    assert [(one.kind, one.expires_at) for one in opened] == [(SessionKind.TOKEN, own_api.clock.now + lifetime)] * 6


async def by_password(own_api: OwnApi, manager: Manager) -> tuple[str, dict[str, Any]]:
    return "/api/auth/login", {"email": manager.email, "password": PASSWORD}


async def by_managers_password(own_api: OwnApi, manager: Manager) -> tuple[str, dict[str, Any]]:
    return "/api/manager/auth/login", {"email": manager.email, "password": PASSWORD}


async def by_telegram(own_api: OwnApi, manager: Manager) -> tuple[str, dict[str, Any]]:
    fields = signed(own_api, manager.telegram_user_id or 0, auth_date=int(own_api.clock.now.timestamp()))
    return "/api/auth/telegram", fields


async def by_link(own_api: OwnApi, manager: Manager) -> tuple[str, dict[str, Any]]:
    token = await issue_link(own_api.sessions, manager.telegram_user_id or 0, Role.OWNER, own_api.context.now())
    return "/api/auth/master/exchange", {"token": token, "email": manager.email}


@pytest.mark.parametrize("way", [by_password, by_managers_password, by_telegram, by_link])
async def test_each_of_the_four_log_ins_keeps_a_session_that_no_script_can_read(own_api: OwnApi, way: Any) -> None:
    manager = await make_manager(own_api.sessions, telegram_user_id=uuid4().int % 2**50 + 1)
    path, body = await way(own_api, manager)
    browser = Browser(own_api)
    answer = await browser.post(path, json=body)
    assert answer.status_code == 200, answer.text
    assert "refresh_token" not in answer.json()
    cookie = cookie_of(answer)
    assert cookie is not None
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/api/auth")
    assert (cookie["max-age"], cookie["secure"], cookie["domain"]) == (str(30 * 24 * 3600), "", "")
    assert answer.headers["cache-control"] == "no-store"
    assert await browser.keeps_session()


async def test_over_https_the_cookie_is_sent_by_https_alone(stack: Stack, database_url: str) -> None:
    settings = settings_of(stack, DATABASE_URL=database_url, PUBLIC_WEB_URL="https://privet.example.ru")
    async with open_api(settings, starting_now()) as own_api:
        manager = await make_manager(own_api.sessions)
        browser = Browser(own_api)
        answer = await browser.post("/api/auth/login", json={"email": manager.email, "password": PASSWORD})
        for one in (answer, await browser.refreshes(), await browser.post("/api/auth/logout")):
            cookie = cookie_of(one)
            assert cookie is not None
            assert cookie["secure"] is True


async def test_a_refresh_gives_a_token_that_opens_the_api_and_the_next_cookie(
    own_api: OwnApi, browser: Browser
) -> None:
    old = browser.secret
    answer = await browser.refreshes()
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    assert await opens(own_api, answer.json()["access_token"])
    assert browser.secret not in ("", old)


@pytest.mark.parametrize("headers", [{}, {"X-Session": "no"}, {"Content-Type": "application/x-www-form-urlencoded"}])
async def test_what_a_form_can_send_refreshes_nothing(
    own_api: OwnApi, browser: Browser, headers: dict[str, str]
) -> None:
    cookie = {"Cookie": f"{COOKIE}={browser.secret}"}
    answer = await own_api.visitor().post("/api/auth/refresh", headers=cookie | headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")
    assert "set-cookie" not in answer.headers
    assert await browser.keeps_session()


@pytest.mark.parametrize("secret", ["", "unknown", "%D0%BF", "a" * 5000])
async def test_without_a_known_cookie_nobody_is_signed_in(own_api: OwnApi, secret: str) -> None:
    answer = await Browser(own_api).refreshes(secret)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")


async def test_a_browser_that_never_got_the_answer_comes_in_with_the_cookie_it_has(
    own_api: OwnApi, browser: Browser
) -> None:
    """The lift went down while the answer was on its way; an hour later there is a connection again."""
    old = browser.secret
    await Browser(own_api).refreshes(old)
    own_api.clock.advance(timedelta(hours=1))
    assert (await browser.refreshes(old)).status_code == 200
    assert await browser.keeps_session()


async def test_a_cookie_whose_successor_was_used_ends_the_session_of_thief_and_owner(
    own_api: OwnApi, browser: Browser
) -> None:
    stolen = browser.secret
    await browser.refreshes()
    own_api.clock.advance(SECOND)
    await browser.refreshes()
    own_api.clock.advance(LATER)
    assert (await browser.refreshes(stolen)).status_code == 401
    assert not await browser.keeps_session()


async def test_a_thief_who_takes_the_place_of_a_lost_answer_is_thrown_out_by_the_owner(
    own_api: OwnApi, browser: Browser
) -> None:
    stolen, thief = browser.secret, Browser(own_api)
    await browser.refreshes()
    own_api.clock.advance(LATER)
    assert (await thief.refreshes(stolen)).status_code == 200
    own_api.clock.advance(LATER)
    assert not await browser.keeps_session()
    assert not await thief.keeps_session()


async def test_of_many_refreshes_at_once_all_come_in_and_the_session_lives(own_api: OwnApi, browser: Browser) -> None:
    tabs = [Browser(own_api) for _ in range(8)]
    answers = await asyncio.gather(*(tab.refreshes(browser.secret) for tab in tabs))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert await tabs[0].keeps_session()


async def test_a_session_ends_thirty_days_after_the_log_in_and_its_cookie_with_it(
    own_api: OwnApi, browser: Browser
) -> None:
    own_api.clock.advance(SESSION_LIFETIME - SECOND)
    cookie = cookie_of(await browser.refreshes())
    assert cookie is not None
    assert cookie["max-age"] == "1"
    own_api.clock.advance(SECOND)
    assert not await browser.keeps_session()


async def test_logging_out_needs_no_access_token_ends_the_session_and_takes_the_cookie_away(
    own_api: OwnApi, browser: Browser
) -> None:
    secret = browser.secret
    own_api.clock.advance(timedelta(days=1))
    answer = await browser.post("/api/auth/logout")
    cookie = cookie_of(answer)
    assert (answer.status_code, answer.content) == (204, b"")
    assert cookie is not None
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", "/api/auth")
    assert (await browser.refreshes(secret)).status_code == 401
    assert (await own_api.visitor().post("/api/auth/logout")).status_code == 204


async def test_logging_in_again_ends_the_session_that_the_browser_had(
    own_api: OwnApi, browser: Browser, manager: Manager
) -> None:
    first = browser.secret
    await browser.signs_in(manager)
    assert browser.secret != first
    async with own_api.sessions() as session:
        rows = (await session.exec(opened_by(manager))).all()
    assert [row.revoked_at is None for row in rows] == [False, True]
    assert await browser.keeps_session()


async def test_a_disabled_account_is_not_signed_in_again_until_it_is_enabled(
    own_api: OwnApi, browser: Browser, manager: Manager
) -> None:
    async def disabled(at: Any) -> None:
        async with own_api.sessions.begin() as session:
            (await session.get_one(Manager, manager.id)).disabled_at = at

    await disabled(own_api.clock.now)
    answer = await browser.refreshes()
    assert (answer.status_code, answer.json()["code"], cookie_of(answer)) == (403, "not-allowed", None)
    await disabled(None)
    assert await browser.keeps_session()


async def test_sessions_of_clients_and_of_staff_are_no_use_for_each_other(own_api: OwnApi, browser: Browser) -> None:
    answer = await own_api.visitor().post("/api/v1/auth/refresh", json={"refresh_token": browser.secret})
    assert answer.status_code == 401
    assert await browser.keeps_session()


async def test_the_database_holds_no_secret_but_from_where_somebody_signed_in(
    own_api: OwnApi, browser: Browser, manager: Manager
) -> None:
    async with own_api.sessions() as session:
        tokens = (await session.exec(select(ManagerSessionToken))).all()
        (opened,) = (await session.exec(opened_by(manager))).all()
    assert [token.digest for token in tokens] == [digest_of(browser.secret)]
    assert (opened.ip, opened.user_agent) == (HOME, AGENT)


async def test_another_site_cannot_ask_for_a_session_even_if_it_may_call_the_api(
    stack: Stack, database_url: str
) -> None:
    settings = settings_of(stack, DATABASE_URL=database_url, CORS_ALLOW_ORIGINS="https://spa.example.ru")
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-session"}
    async with open_api(settings, starting_now()) as own_api:
        http: AsyncClient = own_api.visitor()
        answer = await http.options("/api/auth/refresh", headers={"Origin": "https://spa.example.ru", **asked})
        assert answer.status_code == 400
