"""A write that is repeated under one key: one effect, one answer, per caller and route, for a day."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import col, func, select

from models import Code, Contract, Device, Draft, Event, Invoice
from tests.api.onboarding_steps import DEVICE, PROFILE, at, code_of, fill, good
from tests.api.shared_api import Staff


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def test_thirty_identical_writes_at_once_are_one(anna: Staff) -> None:
    client = await anna.client()
    headers = key()
    answers = await asyncio.gather(
        *(anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers) for _ in range(30))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(good(await anna.http.get(at(client)))["devices"]) == 1


async def test_thirty_contracts_asked_for_at_once_are_one_with_one_code(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    headers = key()
    path = at(client, "/contract/generate")
    answers = await asyncio.gather(*(anna.http.post(path, headers=headers) for _ in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    async with anna.api.sessions() as session:
        for table in (Contract, Code):
            count = select(func.count()).select_from(table).where(col(table.client_id) == client.id)
            assert (await session.exec(count)).one() == 1


async def test_a_signature_asked_for_twice_is_one_signature_and_one_invoice(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    entered = {"otp_code": await code_of(anna.api, client)}
    headers = key()
    path = at(client, "/contract/confirm")
    answers = await asyncio.gather(*(anna.http.post(path, json=entered, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    async with anna.api.sessions() as session:
        count = select(func.count()).select_from(Invoice).where(col(Invoice.client_id) == client.id)
        assert (await session.exec(count)).one() == 1


async def test_without_a_key_every_write_is_its_own(anna: Staff) -> None:
    client = await anna.client()
    for _ in range(2):
        good(await anna.http.post(at(client, "/devices"), json=DEVICE))
    assert len(good(await anna.http.get(at(client)))["devices"]) == 2


async def test_a_key_comes_back_with_the_old_answer_also_when_the_world_has_moved_on(anna: Staff) -> None:
    client = await anna.client()
    headers = key()
    first = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=headers)
    good(await anna.http.patch(at(client, "/profile"), json={**PROFILE, "name": "Другая"}))
    again = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=headers)
    assert again.content == first.content
    assert good(await anna.http.get(at(client)))["user"]["name"] == "Другая"


async def test_a_removed_device_stays_removed_and_says_so_again(anna: Staff) -> None:
    client = await anna.client()
    device = good(await anna.http.post(at(client, "/devices"), json=DEVICE))
    path, headers = at(client, f"/devices/{device['id']}"), key()
    answers = [await anna.http.delete(path, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert (await anna.http.delete(path, headers=key())).status_code == 404


async def test_the_same_key_with_another_body_is_refused(anna: Staff) -> None:
    client, other = await anna.client(), await anna.client()
    headers = key()
    good(await anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers))
    for path, body in ((at(client, "/devices"), {**DEVICE, "title": "Другой"}), (at(other, "/devices"), DEVICE)):
        answer = await anna.http.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-mismatch")


async def test_a_key_belongs_to_its_caller_and_its_route(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    good(await anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers))
    good(await anna.http.post(at(client, "/tariff/apply"), json={"device_count": 1}, headers=headers))
    boris = await anna.colleague()
    theirs = await boris.client()
    good(await boris.http.post(at(theirs, "/devices"), json=DEVICE, headers=headers))
    await boris.http.aclose()


async def test_both_mounts_share_a_key(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    first = await anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers)
    again = await anna.http.post(f"/api/master/clients/{client.id}/devices", json=DEVICE, headers=headers)
    assert again.content == first.content


async def test_a_refusal_is_not_remembered_under_a_key(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    path = at(client, "/contract/generate")
    refused = [await anna.http.post(path, headers=headers) for _ in range(2)]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "not-ready")] * 2
    await fill(anna, client)
    assert good(await anna.http.post(path, headers=headers))["contract_number"]


async def test_thirty_refusals_at_once_are_all_the_same_refusal(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    path = at(client, "/contract/generate")
    answers = await asyncio.gather(*(anna.http.post(path, headers=headers) for _ in range(30)))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "not-ready")}


async def test_wrong_tries_under_one_key_are_all_counted(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    code = await code_of(anna.api, client)
    wrong = {"otp_code": f"{(int(code) + 1) % 1_000_000:06}"}
    answers = [await anna.http.post(at(client, "/contract/confirm"), json=wrong, headers=headers) for _ in range(3)]
    assert [answer.json()["tries_left"] for answer in answers] == [4, 3, 2]


async def test_after_a_day_a_key_is_new_again(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    good(await anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers))
    async with anna.api.sessions.begin() as session:
        connection = await session.connection()
        aged = update(Draft).where(col(Draft.key) == headers["Idempotency-Key"])
        await connection.execute(aged.values(created_at=anna.api.context.now() - timedelta(hours=24)))
    good(await anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers))
    assert len(good(await anna.http.get(at(client)))["devices"]) == 2


async def test_an_answer_that_was_lost_is_built_again_from_what_was_done(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    first = good(await anna.http.post(at(client, "/take-over"), json={"reason": "Мой"}, headers=headers))
    async with anna.api.sessions.begin() as session:
        connection = await session.connection()
        cut_off = update(Draft).where(col(Draft.key) == headers["Idempotency-Key"]).values(answer=None)
        await connection.execute(cut_off)
    assert good(await anna.http.post(at(client, "/take-over"), json={"reason": "Мой"}, headers=headers)) == first
    async with anna.api.sessions() as session:
        events = await Event.of_client(session, client.id)
    assert [event.verb for event in events] == ["client-taken-over"]


async def test_a_draft_keeps_nothing_readable(anna: Staff) -> None:
    client, headers = await anna.client(), key()
    good(await anna.http.patch(at(client, "/profile"), json={**PROFILE, "name": "Приметная Фамилия"}, headers=headers))
    async with anna.api.sessions() as session:
        draft = (await session.exec(select(Draft).where(col(Draft.key) == headers["Idempotency-Key"]))).one()
    assert draft.payload is None
    assert draft.answer is not None
    assert "Приметная".encode() not in draft.answer
    assert "Приметная" not in str(draft.outcome)


async def test_a_key_that_cannot_be_one_is_refused(anna: Staff) -> None:
    client = await anna.client()
    for bad in (b"", b"k" * 256, "ключ".encode(), b"a b"):
        answer = await anna.http.post(at(client, "/devices"), json=DEVICE, headers={b"Idempotency-Key": bad})
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["header", "Idempotency-Key"])


async def test_devices_are_made_once_under_many_keys_at_once(anna: Staff) -> None:
    client = await anna.client()
    keys = [key() for _ in range(8)]
    answers = await asyncio.gather(
        *(anna.http.post(at(client, "/devices"), json=DEVICE, headers=one) for one in keys for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {200}
    async with anna.api.sessions() as session:
        assert len(await Device.of_client(session, client.id)) == 8
