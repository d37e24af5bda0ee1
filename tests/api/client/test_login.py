"""Logging in: one answer for everything that is wrong, and only so many wrong ones."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from httpx import AsyncClient, Response

from domain.people.password import needs_rehash
from models import User
from tests.api.own_api import OwnApi
from tests.factories import PASSWORD, make_user

UNKNOWN = "9990000000"


async def log_in(http: AsyncClient, phone: str | None, password: str = PASSWORD) -> Response:
    return await http.post("/api/v1/auth/login", json={"phone": phone, "password": password})


def said(answer: Response) -> tuple[int, Any]:
    body = answer.json()
    return answer.status_code, {name: body[name] for name in ("code", "title", "detail")}


async def test_an_unknown_phone_and_a_wrong_password_are_told_apart_by_nobody(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions)
    wrong = await log_in(own_api.visitor(), user.phone, "wrong-password")
    unknown = await log_in(own_api.visitor(), UNKNOWN)
    assert said(wrong) == said(unknown)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "bad-credentials")


@pytest.mark.parametrize("form", ["{}", "+7{}", "8{}", "8 ({0:.3}) {0:.0}{0}"])
async def test_a_phone_is_known_in_every_form_that_people_write(own_api: OwnApi, form: str) -> None:
    user = await make_user(own_api.sessions)
    phone = str(user.phone)
    written = form.format(phone) if form.count("{") == 1 else f"8 ({phone[:3]}) {phone[3:6]}-{phone[6:]}"
    assert (await log_in(own_api.visitor(), written)).status_code == 200


async def test_a_phone_that_the_older_product_stored_with_its_prefix_is_the_same_phone(own_api: OwnApi) -> None:
    await make_user(own_api.sessions, phone="+79161230000")
    assert (await log_in(own_api.visitor(), "9161230000")).status_code == 200


async def test_after_ten_failures_even_the_right_password_waits_in_this_network(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions)
    for _ in range(10):
        assert (await log_in(own_api.visitor(), user.phone, "wrong-password")).status_code == 401
    held = await log_in(own_api.visitor(), user.phone)
    assert (held.status_code, held.json()["code"]) == (429, "too-many-requests")
    wait = int(held.headers["Retry-After"])
    assert 0 < wait <= 660
    own_api.clock.advance(timedelta(seconds=wait))
    assert (await log_in(own_api.visitor(), user.phone)).status_code == 200


@pytest.mark.parametrize("networks", [1, 12])
async def test_whoever_guesses_elsewhere_locks_nobody_out(own_api: OwnApi, networks: int) -> None:
    user = await make_user(own_api.sessions)
    for attempt in range(12):
        await log_in(own_api.visitor(f"203.0.113.{100 + attempt % networks}"), user.phone, "wrong-password")
    assert (await log_in(own_api.visitor(), user.phone)).status_code == 200


async def test_successes_are_never_counted(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions)
    for _ in range(12):
        assert (await log_in(own_api.visitor(), user.phone)).status_code == 200


async def test_guesses_at_the_same_time_do_not_get_around_the_limit(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions)
    answers = await asyncio.gather(*(log_in(own_api.visitor(), user.phone, "wrong-password") for _ in range(30)))
    guessed = [answer.status_code for answer in answers].count(401)
    assert 10 <= guessed <= 11  # two at once look at a password
    assert {answer.status_code for answer in answers} == {401, 429}


async def test_a_network_that_tries_phone_after_phone_is_stopped_and_others_are_not(own_api: OwnApi) -> None:
    await make_user(own_api.sessions)
    async with own_api.visitor("203.0.113.200") as attacker:
        for number in range(100):
            assert (await log_in(attacker, f"9{number:09}", "wrong-password")).status_code == 401
        assert (await log_in(attacker, "9123456789", "wrong-password")).status_code == 429
    assert (await log_in(own_api.visitor(), "9123456789", "wrong-password")).status_code == 401


async def test_a_hash_with_parameters_of_the_past_is_made_anew_at_log_in(own_api: OwnApi) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    user = await make_user(own_api.sessions, password_hash=old)
    assert (await log_in(own_api.visitor(), user.phone)).status_code == 200
    async with own_api.sessions() as session:
        stored = (await session.get_one(User, user.id)).password_hash
    assert stored is not None
    assert stored != old
    assert not needs_rehash(stored)
    assert (await log_in(own_api.visitor(), user.phone)).status_code == 200


async def test_a_user_without_a_password_is_let_in_by_none(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions, password_hash=None)
    for password in (PASSWORD, "nobody has this password"):
        assert (await log_in(own_api.visitor(), user.phone, password)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"phone": "123", "password": PASSWORD},
        {"phone": 9161234567, "password": PASSWORD},
        {"phone": "9161234567", "password": None},
        {"phone": "9161234567", "password": "x" * 5000},
        {"phone": "9161234567\0", "password": PASSWORD},
        {"phone": "9161234567", "password": "\ud800aaaaaaaa"},
        [],
        "text",
    ],
    ids=lambda body: str(body)[:40].encode("ascii", "replace").decode(),
)
async def test_what_is_no_log_in_is_422_with_the_place(own_api: OwnApi, body: Any) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await own_api.visitor().post("/api/v1/auth/login", content=json.dumps(body), headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]
