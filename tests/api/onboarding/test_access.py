"""Who may do what on the managers' routes, and in which order a request is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from api.machines.tokens import client_tokens, manager_tokens
from models import AccessEvent, Client
from tests import factories
from tests.api.onboarding_steps import PROFILE, at, fill, good, number_of, passport, photo, send, upload
from tests.api.shared_api import SharedApi, Staff, staff_of


@pytest.fixture
async def boris(anna: Staff) -> AsyncIterator[Staff]:
    boris = await anna.colleague()
    yield boris
    await boris.http.aclose()


async def test_a_manager_logs_in_with_his_address_in_any_case(shared_api: SharedApi, anna: Staff) -> None:
    assert anna.manager.email is not None
    async with shared_api.http() as http:
        login = {"email": anna.manager.email.upper(), "password": factories.PASSWORD}
        token = good(await http.post("/api/manager/auth/login", json=login))
        assert token.keys() == {"access_token", "token_type", "expires_in"}
        assert (token["token_type"], token["expires_in"]) == ("bearer", 7200)
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        me = good(await http.get("/api/manager/auth/me", headers=headers))
    assert me.keys() == {"id", "email", "name", "is_super_admin", "created_at", "updated_at"}
    assert me["id"] == str(anna.manager.id)


async def test_an_unknown_address_and_a_wrong_password_are_told_the_same(shared_api: SharedApi, anna: Staff) -> None:
    async with shared_api.http() as http:
        path = "/api/manager/auth/login"
        wrong = await http.post(path, json={"email": anna.manager.email, "password": "не тот пароль"})
        unknown = await http.post(path, json={"email": f"{uuid4()}@example.com", "password": "не тот пароль"})
        strange = await http.post(path, json={"email": "не почта", "password": "не тот пароль"})
    assert wrong.status_code == unknown.status_code == strange.status_code == 401
    assert wrong.json() == unknown.json() == strange.json()


async def test_the_log_in_of_one_account_stops_listening_after_ten_failures(shared_api: SharedApi, anna: Staff) -> None:
    login = {"email": anna.manager.email, "password": "не тот пароль"}
    async with shared_api.http() as http:
        failures = [await http.post("/api/manager/auth/login", json=login) for _ in range(10)]
        assert {answer.status_code for answer in failures} == {401}
        stopped = await http.post("/api/manager/auth/login", json={**login, "password": factories.PASSWORD})
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too-many-requests")
    assert int(stopped.headers["Retry-After"]) > 0


async def test_both_names_of_the_product_lead_to_the_same_routes(anna: Staff) -> None:
    client = await anna.client()
    old = good(await anna.http.patch(f"/api/master/clients/{client.id}/profile", json=PROFILE))
    assert old == good(await anna.http.get(at(client)))
    assert good(await anna.http.get("/api/master/auth/me")) == good(await anna.http.get("/api/manager/auth/me"))


async def test_nobody_without_a_good_token_gets_further_than_401(shared_api: SharedApi, anna: Staff) -> None:
    client = await anna.client()
    expired = manager_tokens(shared_api.settings, lambda: datetime.now(UTC) - timedelta(days=1)).issue(
        anna.manager.id, factories.session_of(anna.manager)
    )
    of_a_client = client_tokens(shared_api.settings, shared_api.context.now).issue(client.user_id, uuid4())
    for token in (None, "nonsense", expired, of_a_client, shared_api.context.manager_tokens.issue(uuid4(), uuid4())):
        async with shared_api.http(token) as http:
            answer = await send(http, "PUT", at(client, "/passport"), b"{")
        assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("values", [{"can_onboard": False}, {"disabled_at": datetime.now(UTC)}])
async def test_an_account_without_the_onboarding_right_is_refused_everywhere(
    shared_api: SharedApi, values: dict[str, object]
) -> None:
    staff = await staff_of(shared_api, **values)
    client = await staff.client()
    for path in ("/api/manager/auth/me", "/api/manager/clients", "/api/manager/tariffs", at(client), at(uuid4())):
        answer = await staff.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    async with shared_api.http() as http:
        login = {"email": staff.manager.email, "password": factories.PASSWORD}
        assert (await http.post("/api/manager/auth/login", json=login)).status_code == 403
    await staff.http.aclose()


async def test_what_is_not_there_is_told_before_what_is_wrong(anna: Staff, staff: Staff) -> None:
    foreign = await staff.client()
    for client_id in (uuid4(), foreign.id):
        for path in ("/profile", "/passport"):
            answer = await send(anna.http, "PATCH", at(client_id, path), b"{")
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    mine = await anna.client()
    answer = await send(anna.http, "PATCH", at(mine, f"/devices/{uuid4()}"), b"{")
    assert answer.status_code == 404
    answer = await send(anna.http, "PATCH", at(mine, "/profile"), b"{")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")


async def test_the_first_step_takes_the_client_and_the_second_manager_is_refused(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    refused = [
        await boris.http.patch(at(client, "/profile"), json=PROFILE),
        await boris.http.put(at(client, "/passport"), json=passport(number_of(client))),
        await boris.http.post(at(client, "/passport/photo/upload-url"), json={"content_type": "image/png"}),
        await boris.http.post(at(client, "/release")),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "client-taken")] * 4


async def test_a_super_admin_writes_to_nobody_elses_card_either(anna: Staff) -> None:
    admin = await anna.colleague(is_super_admin=True)
    client = await anna.client()
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    answer = await admin.http.patch(at(client, "/profile"), json=PROFILE)
    assert (answer.status_code, answer.json()["code"]) == (409, "client-taken")
    await admin.http.aclose()


async def test_a_client_changes_hands_by_release_and_by_take_over(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    assert good(await anna.http.post(at(client, "/release")))["assigned_manager_id"] is None
    nobody = await anna.http.post(at(client, "/release"))
    assert (nobody.status_code, nobody.json()["code"]) == (409, "already-so")
    free = good(await anna.http.post(at(client, "/take-over"), json={"reason": "Мой клиент"}))
    assert free["assigned_manager_id"] == str(anna.manager.id)
    taken = good(await boris.http.post(at(client, "/take-over"), json={"reason": "Анна в отпуске"}))
    assert taken["assigned_manager_id"] == str(boris.manager.id)
    titles = [entry["verb"] for entry in good(await boris.http.get(at(client, "/history")))]
    assert titles.count("client-taken-over") == 2


async def test_two_managers_at_once_are_one_holder_and_one_refusal(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    answers = await asyncio.gather(
        *(one.http.patch(at(client, "/profile"), json=PROFILE) for one in (anna, boris, anna, boris))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"client-taken"}


async def test_anothers_card_hides_the_passport_number_the_photos_and_the_contract(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    async with anna.api.anybody() as browser:
        wanted = {"content_type": "image/jpeg"}
        ticket = good(await anna.http.post(at(client, "/passport/photo/upload-url"), json=wanted))
        await upload(ticket, photo(), browser)
        good(await anna.http.post(at(client, "/passport/photo"), json={"file_key": ticket["file_key"]}))
    good(await anna.http.post(at(client, "/contract/generate")))
    seen = good(await boris.http.get(at(client)))
    assert (seen["passport"]["series"], seen["passport"]["number"], seen["passport"]["photo_url"]) == (None, None, None)
    assert seen["passport"]["last_name"] == "Ёлкина"
    assert seen["contract"]["contract_url"] is None
    assert all(device["photos"] == [] for device in seen["devices"])

    admin = await anna.colleague(is_super_admin=True)
    whole = good(await admin.http.get(at(client)))
    assert whole["passport"]["number"] == number_of(client)
    assert whole["passport"]["photo_url"]
    await admin.http.aclose()


async def test_every_full_read_is_noted_and_a_masked_one_is_none(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    good(await boris.http.get(at(client)))
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    good(await boris.http.get(at(client)))
    good(await anna.http.get(at(client)))
    assert await readers(anna.api, client) == [boris.manager.id, anna.manager.id]


async def readers(shared_api: SharedApi, client: Client) -> list[object]:
    async with shared_api.sessions() as session:
        query = select(AccessEvent.manager_id).where(col(AccessEvent.client_id) == client.id)
        return list((await session.exec(query.order_by(col(AccessEvent.at)))).all())
