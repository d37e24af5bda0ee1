"""What a session has opened ends with it: access tokens, the codec's cookie, event streams."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
from httpx import AsyncClient

from api.web.temporal_ui import COOKIE as CODEC_COOKIE
from domain.people.session import GRACE
from embedded.stack import Stack
from models import Manager
from tests.api.own_api import OwnApi, open_api, settings_of, starting_now
from tests.api.people.test_manager_session import Browser
from tests.factories import PASSWORD, make_client, make_manager
from worker.managers import disable_manager

LATER = GRACE + timedelta(seconds=1)


@pytest.fixture
async def own_api(stack: Stack, database_url: str) -> AsyncIterator[OwnApi]:
    async with open_api(settings_of(stack, DATABASE_URL=database_url), starting_now()) as opened:
        yield opened


@pytest.fixture
async def operator(own_api: OwnApi) -> Manager:
    return await make_manager(own_api.sessions, is_super_admin=True)


class Desk:
    """A manager's browser, with the access token of its session and the codec's cookie."""

    def __init__(self, own_api: OwnApi, manager: Manager) -> None:
        self.own_api, self.manager, self.browser = own_api, manager, Browser(own_api)
        self.token, self.codec = "", own_api.visitor()

    async def signs_in(self) -> "Desk":
        self.token = (await self.browser.signs_in(self.manager))["access_token"]
        form = {"email": str(self.manager.email), "password": PASSWORD}
        assert (await self.codec.post("/codec/login", data=form)).status_code == 200
        return self

    async def opens(self, *paths: str) -> list[int]:
        """The statuses of what the token and the cookie are shown to."""
        shown = {"Authorization": f"Bearer {self.token}"}
        answers = [await self.own_api.visitor().get(path, headers=shown) for path in paths]
        answers.append(await self.codec.post("/codec/decode", json={"payloads": []}))
        return [answer.status_code for answer in answers]


End: TypeAlias = Callable[[OwnApi, Desk], Awaitable[object]]


async def logs_out(_: OwnApi, desk: Desk) -> None:
    assert (await desk.browser.post("/api/auth/logout")).status_code == 204


async def logs_out_with_the_token_alone(own_api: OwnApi, desk: Desk) -> None:
    shown = {"Authorization": f"Bearer {desk.token}"}
    assert (await own_api.visitor().post("/api/auth/logout", headers=shown)).status_code == 204


async def is_robbed(own_api: OwnApi, desk: Desk) -> None:
    stolen = desk.browser.secret
    for _ in range(2):
        await desk.browser.refreshes()
        own_api.clock.advance(LATER)
    assert (await desk.browser.refreshes(stolen)).status_code == 401


async def is_disabled(own_api: OwnApi, desk: Desk) -> None:
    await disable_manager(own_api.sessions, str(desk.manager.email), own_api.clock.now)


async def signs_in_anew(_: OwnApi, desk: Desk) -> None:
    await desk.browser.signs_in(desk.manager)


@pytest.mark.parametrize("ends", [logs_out, logs_out_with_the_token_alone, is_robbed, is_disabled, signs_in_anew])
async def test_with_a_session_everything_ends_that_it_has_opened(own_api: OwnApi, operator: Manager, ends: End) -> None:
    client = await make_client(own_api.sessions)
    paths = ("/api/auth/me", "/api/manager/auth/me", f"/api/manager/clients/{client.id}", "/api/dialogs/")
    desk, elsewhere = await Desk(own_api, operator).signs_in(), Browser(own_api)
    other = await elsewhere.signs_in(operator)
    assert await desk.opens(*paths) == [200, 200, 200, 200, 200]
    await ends(own_api, desk)
    assert await desk.opens(*paths) == [401, 401, 401, 401, 401]
    me = await own_api.visitor().get("/api/auth/me", headers={"Authorization": f"Bearer {other['access_token']}"})
    assert me.status_code == (401 if ends is is_disabled else 200)


async def test_the_token_of_a_script_ends_at_its_log_out_and_no_other(own_api: OwnApi, operator: Manager) -> None:
    async def logged_in() -> AsyncClient:
        http = own_api.visitor()
        answer = await http.post("/api/auth/login", json={"email": operator.email, "password": PASSWORD})
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return http

    first, second = await logged_in(), await logged_in()
    assert (await first.post("/api/auth/logout")).status_code == 204
    assert [(await http.get("/api/auth/me")).status_code for http in (first, second)] == [401, 200]
    assert (await first.post("/api/auth/logout")).status_code == 204


async def test_the_codecs_cookie_is_worth_nothing_after_its_own_log_out(own_api: OwnApi, operator: Manager) -> None:
    desk = await Desk(own_api, operator).signs_in()
    kept = desk.codec.cookies[CODEC_COOKIE]
    assert (await desk.codec.post("/codec/logout")).status_code == 200
    desk.codec.cookies.set(CODEC_COOKIE, kept)
    assert await desk.opens("/api/auth/me") == [200, 401]


async def test_a_token_names_the_manager_of_its_session(own_api: OwnApi, operator: Manager) -> None:
    desk = await Desk(own_api, operator).signs_in()
    session = own_api.context.manager_tokens.read(desk.token).session
    colleague = await make_manager(own_api.sessions)
    desk.token = own_api.context.manager_tokens.issue(colleague.id, session)
    assert (await desk.opens("/api/auth/me"))[0] == 401
