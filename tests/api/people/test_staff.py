"""How the staff come in: by password, by Telegram, by a link of the master bot that works once."""

import asyncio
import hashlib
import hmac
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response

from activities.kernel.limits import LOGIN_ADDRESS
from activities.people.links import issue_link
from domain.kernel.clock import utc_now
from models import Manager, Organisation
from models.people.manager import Role
from tests import factories
from tests.api.conversation_factories import make_bot
from tests.api.onboarding_steps import good
from tests.api.own_api import OwnApi
from tests.api.shared_api import SharedApi, Staff


def somebody() -> int:
    """A Telegram account that nobody has yet."""
    return uuid4().int % 2**50 + 1


def secret_of(shared_api: SharedApi) -> dict[str, str]:
    secret = shared_api.settings.master_bot_secret
    assert secret
    return {"X-Master-Bot-Secret": secret.get_secret_value()}


def signed(shared_api: SharedApi | OwnApi, telegram_id: int, **changes: Any) -> dict[str, Any]:
    """What the Telegram Login widget hands over."""
    fields = {"id": telegram_id, "first_name": "Анна", "auth_date": int(utc_now().timestamp()), **changes}
    token = shared_api.context.settings.master_bot_token
    assert token
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(token.get_secret_value().encode()).digest()
    return {**fields, "hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()}


async def exchange(http: AsyncClient, token: str, email: str, **more: Any) -> Any:
    return await http.post("/api/auth/master/exchange", json={"token": token, "email": email, **more})


async def link_for(shared_api: SharedApi, telegram_id: int, role: str = "owner") -> str:
    async with shared_api.http() as http:
        body = {"telegram_user_id": telegram_id, "role": role}
        token: str = good(await http.post("/api/auth/master/link", json=body, headers=secret_of(shared_api)))[
            "link_token"
        ]
    return token


async def test_staff_log_in_by_password_without_the_onboarding_right(shared_api: SharedApi, owner: Staff) -> None:
    login = {"email": owner.manager.email, "password": factories.PASSWORD}
    async with shared_api.http() as http:
        answer = good(await http.post("/api/auth/login", json=login))
        assert answer["token_type"] == "bearer"
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        assert good(await http.get("/api/clients/me", headers=headers))["name"] == "Лавка"
        me = good(await http.get("/api/auth/me", headers=headers))
        assert (me["id"], me["role"], me["can_onboard"]) == (str(owner.manager.id), "owner", False)
        refused = await http.post("/api/auth/login", json={**login, "password": "не тот"})
        assert (refused.status_code, refused.json()["code"]) == (401, "bad-credentials")
        assert (await http.get("/api/manager/clients", headers=headers)).status_code == 403


async def test_a_disabled_account_is_refused_with_its_password_and_its_token(
    shared_api: SharedApi, owner: Staff
) -> None:
    colleague = await owner.colleague(disabled_at=utc_now(), can_onboard=False)
    login = {"email": colleague.manager.email, "password": factories.PASSWORD}
    async with shared_api.http() as http:
        assert (await http.post("/api/auth/login", json=login)).status_code == 403
    assert (await colleague.http.get("/api/dialogs")).status_code == 403


async def test_telegram_lets_in_whom_it_signed_once(shared_api: SharedApi, owner: Staff) -> None:
    telegram_id = somebody()
    await owner.colleague(telegram_user_id=telegram_id, email=None, password_hash=None)
    payload = signed(shared_api, telegram_id, username="anna")
    async with shared_api.http() as http:
        token = good(await http.post("/api/auth/telegram", json=payload))["access_token"]
        again = await http.post("/api/auth/telegram", json=payload)
        assert (again.status_code, again.json()["code"]) == (401, "bad-credentials")
        headers = {"Authorization": f"Bearer {token}"}
        assert good(await http.get("/api/clients/me", headers=headers))["id"] == str(owner.manager.organisation_id)


async def test_one_payload_lets_one_of_many_in_who_show_it_at_once(shared_api: SharedApi, owner: Staff) -> None:
    telegram_id = somebody()
    await owner.colleague(telegram_user_id=telegram_id)
    payload = signed(shared_api, telegram_id)
    async with shared_api.http() as http:
        answers = await asyncio.gather(*(http.post("/api/auth/telegram", json=payload) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 9]


@pytest.mark.parametrize(
    "changes",
    [{"hash": "0" * 64}, {"hash": "я"}, {"first_name": "Мария"}, {"id": 1}, {"extra": "поле"}],
    ids=lambda changes: next(iter(changes)),
)
async def test_telegram_does_not_let_in_with_a_payload_that_was_changed(
    shared_api: SharedApi, owner: Staff, changes: dict[str, Any]
) -> None:
    telegram_id = somebody()
    await owner.colleague(telegram_user_id=telegram_id)
    async with shared_api.http() as http:
        answer = await http.post("/api/auth/telegram", json=signed(shared_api, telegram_id) | changes)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad-credentials")


async def test_telegram_does_not_let_in_with_an_old_payload_or_an_unknown_person(
    shared_api: SharedApi, owner: Staff
) -> None:
    telegram_id = somebody()
    await owner.colleague(telegram_user_id=telegram_id)
    long_ago = int((utc_now() - timedelta(minutes=5, seconds=1)).timestamp())
    async with shared_api.http() as http:
        for payload in (signed(shared_api, telegram_id, auth_date=long_ago), signed(shared_api, somebody())):
            assert (await http.post("/api/auth/telegram", json=payload)).status_code == 401


async def test_the_widget_is_told_the_name_of_the_master_bot(shared_api: SharedApi, owner: Staff) -> None:
    async with shared_api.http() as http:
        assert good(await http.get("/api/auth/telegram/config")) == {"bot_username": None}
        master = await make_bot(owner, organisation_id=None, username="privet_master_bot")
        assert good(await http.get("/api/auth/telegram/config")) == {"bot_username": "privet_master_bot"}
    async with shared_api.sessions.begin() as session:
        (await session.get_one(type(master), master.id)).deleted_at = utc_now()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/auth/master/link", {"telegram_user_id": 1}),
        ("/api/auth/master/exchange", {"token": "x", "email": "a@example.com"}),
        ("/api/auth/telegram", {"id": 1, "auth_date": 1, "hash": "x"}),
    ],
)
async def test_guesses_of_secrets_end_for_their_network_alone(
    shared_api: SharedApi, path: str, body: dict[str, Any]
) -> None:
    async def guess(ip: str) -> Response:
        transport = ASGITransport(shared_api.app, client=(ip, 1))
        async with AsyncClient(transport=transport, base_url="http://api.test") as http:
            return await http.post(path, json=body)

    assert {(await guess("198.51.100.7")).status_code for _ in range(LOGIN_ADDRESS.most)} == {401}
    held = await guess("198.51.100.7")
    assert (held.status_code, int(held.headers["Retry-After"]) > 0) == (429, True)
    assert (await guess("192.0.2.7")).status_code == 401


async def test_only_the_master_bot_makes_links(shared_api: SharedApi) -> None:
    body = {"telegram_user_id": somebody()}
    async with shared_api.http() as http:
        for secret in (None, "", "another", "другой"):
            headers = {b"X-Master-Bot-Secret": secret.encode()} if secret is not None else None
            refused = await http.post("/api/auth/master/link", json=body, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (401, "not-authenticated")
        never = await http.post("/api/auth/master/link", json={**body, "role": "admin"}, headers=secret_of(shared_api))
        assert never.status_code == 422


async def test_who_is_not_the_master_bot_learns_nothing_of_what_is_wrong_with_the_values(shared_api: SharedApi) -> None:
    async with shared_api.http() as http:
        for headers in ({}, {"X-Master-Bot-Secret": "wrong"}, {"X-Master-Bot-Secret": "секрет".encode()}):
            refused = await http.post("/api/auth/master/link", json={"role": "admin"}, headers=headers)  # type: ignore[arg-type]
            assert refused.status_code == 401


async def test_a_link_makes_an_organisation_and_its_owner(shared_api: SharedApi) -> None:
    telegram_id, email = somebody(), f"{uuid4()}@example.ru"
    token = await link_for(shared_api, telegram_id)
    async with shared_api.http() as http:
        made = good(await exchange(http, token, email, full_name="Пётр Иванов"))
        assert made["client_created"] is True
        headers = {"Authorization": f"Bearer {made['access_token']}"}
        organisation = good(await http.get("/api/clients/me", headers=headers))
        assert (organisation["name"], organisation["auto_reply_delay_seconds"]) == ("Пётр Иванов", 75)
        changed = await http.patch("/api/clients/me", json={"name": "Лавка Петра"}, headers=headers)
        assert good(changed)["name"] == "Лавка Петра"
        assert good(await http.post("/api/auth/telegram", json=signed(shared_api, telegram_id)))["access_token"]
    async with shared_api.sessions() as session:
        manager = await Manager.by_email(session, email)
    assert manager
    assert (manager.role, manager.is_super_admin, manager.can_onboard) == (Role.OWNER, False, False)


async def test_a_link_works_once_however_many_use_it_at_once(shared_api: SharedApi) -> None:
    token = await link_for(shared_api, somebody())
    async with shared_api.http() as http:
        answers = await asyncio.gather(*(exchange(http, token, f"{uuid4()}@example.ru") for _ in range(30)))
        again = await exchange(http, token, f"{uuid4()}@example.ru")
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 29]
    assert (again.status_code, again.json()["code"]) == (401, "not-authenticated")


async def test_a_link_is_over_after_a_quarter_of_an_hour(shared_api: SharedApi) -> None:
    earlier = shared_api.context.now() - timedelta(minutes=15, seconds=1)
    token = await issue_link(shared_api.sessions, somebody(), Role.OWNER, earlier)
    async with shared_api.http() as http:
        assert (await exchange(http, token, f"{uuid4()}@example.ru")).status_code == 401
        assert (await exchange(http, "не ссылка", f"{uuid4()}@example.ru")).status_code == 401


async def test_nobody_gets_into_an_account_by_knowing_its_address(shared_api: SharedApi, owner: Staff) -> None:
    token = await link_for(shared_api, somebody())
    email = owner.manager.email
    assert email
    async with shared_api.http() as http:
        refused = await exchange(http, token, email.upper())
        assert (refused.status_code, refused.json()["code"]) == (409, "email-taken")
        assert good(await exchange(http, token, f"{uuid4()}@example.ru"))["client_created"] is True


async def test_the_same_person_comes_back_into_his_account(shared_api: SharedApi, owner: Staff) -> None:
    telegram_id = somebody()
    colleague = await owner.colleague(telegram_user_id=telegram_id)
    email = colleague.manager.email
    assert email
    async with shared_api.http() as http:
        for address in (email, f"{uuid4()}@example.ru"):
            entered = good(await exchange(http, await link_for(shared_api, telegram_id), address))
            assert entered["client_created"] is False
            assert shared_api.context.manager_tokens.read(entered["access_token"]).subject == colleague.manager.id
        taken = await exchange(http, await link_for(shared_api, telegram_id), owner.manager.email or "")
        assert taken.status_code == 409


async def test_two_links_of_one_person_make_one_account(shared_api: SharedApi) -> None:
    telegram_id, email = somebody(), f"{uuid4()}@example.ru"
    tokens = [await link_for(shared_api, telegram_id) for _ in range(6)]
    async with shared_api.http() as http:
        answers = await asyncio.gather(*(exchange(http, token, email) for token in tokens))
    made = [good(answer) for answer in answers]
    assert sum(one["client_created"] for one in made) == 1
    assert len({shared_api.context.manager_tokens.read(one["access_token"]).subject for one in made}) == 1
    async with shared_api.sessions() as session:
        manager = await Manager.by_email(session, email)
        assert manager
        assert await session.get(Organisation, manager.organisation_id)


async def test_every_route_but_the_ways_in_asks_who_is_there(shared_api: SharedApi) -> None:
    ways_in = ("/api/auth/login", "/api/auth/telegram", "/api/auth/master", "/api/webhooks", "/api/uploads")
    by_cookie = ("/api/auth/refresh", "/api/auth/logout")
    other_parts = ("/api/manager/", "/api/v1/")
    asked = 0
    async with shared_api.http() as http:
        document = good(await http.get("/openapi.json"))
        for path, operations in document["paths"].items():
            if not path.startswith("/api/") or path.startswith(ways_in + by_cookie + other_parts):
                continue
            for verb, operation in operations.items():
                assert {"401", "403"} <= operation["responses"].keys(), (verb, path)
                answer = await http.request(verb, re.sub(r"\{\w+\}", str(uuid4()), path))
                assert answer.status_code == 401, (verb, path)
                asked += 1
    assert asked >= 20
