"""A client's session: signed in, kept, rotated, stolen, ended."""

import asyncio
import hashlib
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.people.session import GRACE, SESSION_LIFETIME
from models import User, UserSessionToken
from tests.api.own_api import AGENT, HOME, OwnApi, Person
from tests.factories import PASSWORD, make_user

SECOND = timedelta(seconds=1)
LATER = GRACE + SECOND


@pytest.fixture
async def user(own_api: OwnApi) -> User:
    return await make_user(own_api.sessions)


@pytest.fixture
async def anna(own_api: OwnApi, user: User) -> Person:
    return await own_api.signs_in(user)


async def works(person: Person) -> bool:
    answer = await person.http.get("/api/v1/user/me")
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_a_refresh_gives_a_new_pair_and_ends_the_old_token(own_api: OwnApi, anna: Person) -> None:
    old = anna.refresh_token
    answer = await anna.refreshes()
    assert answer.status_code == 200
    pair = answer.json()
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 900)
    assert pair["refresh_token"] != old
    anna.holds(pair)
    assert await works(anna)
    assert (await anna.refreshes(old)).status_code == 401


async def test_the_token_just_replaced_may_come_again_for_ten_seconds_without_consequences(
    own_api: OwnApi, anna: Person
) -> None:
    old = anna.refresh_token
    anna.holds((await anna.refreshes()).json())
    own_api.clock.advance(GRACE)
    assert (await anna.refreshes(old)).status_code == 401
    assert await works(anna)
    assert (await anna.refreshes()).status_code == 200


async def test_a_replaced_token_that_comes_later_ends_the_session_of_thief_and_owner(
    own_api: OwnApi, anna: Person
) -> None:
    stolen = anna.refresh_token
    anna.holds((await anna.refreshes()).json())
    own_api.clock.advance(LATER)
    assert (await anna.refreshes(stolen)).status_code == 401
    assert not await works(anna)
    assert (await anna.refreshes()).status_code == 401


async def test_a_token_of_two_rotations_ago_is_a_stolen_one_even_within_the_ten_seconds(
    own_api: OwnApi, anna: Person
) -> None:
    first = anna.refresh_token
    anna.holds((await anna.refreshes()).json())
    own_api.clock.advance(SECOND)
    anna.holds((await anna.refreshes()).json())
    assert (await anna.refreshes(first)).status_code == 401
    assert not await works(anna)


async def test_theft_on_one_device_leaves_the_others_signed_in(own_api: OwnApi, user: User, anna: Person) -> None:
    tablet = await own_api.signs_in(user)
    stolen = anna.refresh_token
    await anna.refreshes()
    own_api.clock.advance(LATER)
    await anna.refreshes(stolen)
    assert not await works(anna)
    assert await works(tablet)


async def test_of_many_refreshes_at_once_one_wins_and_the_session_lives(own_api: OwnApi, anna: Person) -> None:
    answers = await asyncio.gather(*(anna.refreshes() for _ in range(12)))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 11
    anna.holds(won[0])
    assert await works(anna)
    assert (await anna.refreshes()).status_code == 200


async def test_a_session_ends_thirty_days_after_the_log_in(own_api: OwnApi, anna: Person) -> None:
    own_api.clock.advance(SESSION_LIFETIME - SECOND)
    anna.holds((await anna.refreshes()).json())
    assert await works(anna)
    own_api.clock.advance(SECOND)
    assert not await works(anna)
    assert (await anna.refreshes()).status_code == 401


async def test_an_access_token_lives_a_quarter_of_an_hour(own_api: OwnApi, anna: Person) -> None:
    own_api.clock.advance(timedelta(minutes=15))
    assert await works(anna)  # a few seconds for clocks that differ
    own_api.clock.advance(timedelta(seconds=5))
    assert not await works(anna)
    anna.holds((await anna.refreshes()).json())
    assert await works(anna)


async def test_logging_out_ends_the_access_token_too_and_says_nothing_about_unknown_ones(
    own_api: OwnApi, anna: Person
) -> None:
    for _ in range(2):
        answer = await anna.http.post("/api/v1/auth/logout", json={"refresh_token": anna.refresh_token})
        assert (answer.status_code, answer.content) == (204, b"")
    assert not await works(anna)
    unknown = await own_api.visitor().post("/api/v1/auth/logout", json={"refresh_token": "unknown"})
    assert unknown.status_code == 204


async def test_the_database_holds_no_refresh_token(own_api: OwnApi, anna: Person) -> None:
    async with own_api.sessions() as session:
        rows = (await session.exec(select(UserSessionToken))).all()
    assert [row.digest for row in rows] == [hashlib.sha256(anna.refresh_token.encode()).digest()]


async def test_a_client_sees_where_he_is_signed_in_and_ends_one_of_them(
    own_api: OwnApi, user: User, anna: Person
) -> None:
    tablet = await own_api.signs_in(user, ip="198.51.100.4")
    listed = (await anna.http.get("/api/v1/auth/sessions")).json()
    assert {one["ip"]: one["current"] for one in listed} == {HOME: True, "198.51.100.4": False}
    assert {one["user_agent"] for one in listed} == {AGENT}
    other = next(one["id"] for one in listed if not one["current"])
    for _ in range(2):
        assert (await anna.http.delete(f"/api/v1/auth/sessions/{other}")).status_code == 204
    assert not await works(tablet)
    assert await works(anna)
    assert len((await anna.http.get("/api/v1/auth/sessions/")).json()) == 1


async def test_nobody_ends_the_session_of_somebody_else(own_api: OwnApi, anna: Person) -> None:
    boris = await own_api.signs_in(await make_user(own_api.sessions))
    own = (await anna.http.get("/api/v1/auth/sessions")).json()[0]["id"]
    answer = await boris.http.delete(f"/api/v1/auth/sessions/{own}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert await works(anna)


async def test_a_blocked_client_is_known_but_not_let_in(own_api: OwnApi, user: User, anna: Person) -> None:
    async with own_api.sessions.begin() as session:
        (await session.get_one(User, user.id)).blocked_at = own_api.clock.now
    assert (await anna.http.get("/api/v1/user/me")).status_code == 403
    assert (await anna.refreshes()).status_code == 403
    again = await own_api.visitor().post("/api/v1/auth/login", json={"phone": user.phone, "password": PASSWORD})
    assert again.status_code == 403
    wrong = await own_api.visitor().post("/api/v1/auth/login", json={"phone": user.phone, "password": "wrong-one"})
    assert wrong.status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
async def test_without_a_good_token_there_is_no_way_in(own_api: OwnApi, headers: dict[str, str]) -> None:
    answer = await own_api.visitor().get("/api/v1/user/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")
    assert answer.headers["content-type"] == "application/problem+json"
