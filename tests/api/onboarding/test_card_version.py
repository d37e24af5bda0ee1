"""Two windows on one card: a write that was made for an older card is refused and changes nothing."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from models import Draft, Event
from tests.api.onboarding_steps import DEVICE, PROFILE, at, code_of, fill, good, number_of, passport, photo, upload
from tests.api.shared_api import Staff

OLD, NEW = {"If-Match": '"0"'}, {"If-Match": '"1"'}


async def tag(staff: Staff, client: Any) -> str:
    answer = await staff.http.get(at(client))
    good(answer)
    return answer.headers["ETag"]


async def test_every_answer_with_the_card_names_its_version(anna: Staff) -> None:
    client = await anna.client()
    assert await tag(anna, client) == '"0"'
    saved = await anna.http.patch(at(client, "/profile"), json=PROFILE)
    assert (saved.headers["ETag"], await tag(anna, client)) == ('"1"', '"1"')
    saved = await anna.http.put(at(client, "/passport"), json=passport(number_of(client)))
    assert saved.headers["ETag"] == '"2"'
    device = await anna.http.post(at(client, "/devices"), json=DEVICE)
    assert "ETag" not in device.headers, "only who sees the whole card may write for it"
    assert await tag(anna, client) == '"3"'


async def test_what_no_form_holds_leaves_the_version_as_it_is(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    before = await tag(anna, client)
    ticket = good(await anna.http.post(at(client, "/passport/photo/upload-url"), json={"content_type": "image/jpeg"}))
    async with anna.api.anybody() as browser:
        assert (await upload(ticket, photo(), browser)).is_success
    added = await anna.http.post(at(client, "/passport/photo"), json={"file_key": ticket["file_key"]})
    assert good(added)["passport"]["photo_url"] is not None
    good(await anna.http.post(at(client, "/contract/generate")))
    signed = await anna.http.post(
        at(client, "/contract/confirm"),
        json={"otp_code": await code_of(anna.api, client)},
        headers={"If-Match": before},
    )
    assert good(signed)["status"] == "awaiting_payment"
    paid = await anna.http.post(at(client, "/payment/confirm"), headers={"If-Match": before})
    assert (good(paid)["status"], paid.headers["ETag"], await tag(anna, client)) == ("processed", before, before)


async def test_an_older_window_is_told_and_overwrites_nothing(anna: Staff) -> None:
    client = await anna.client()
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=OLD))
    late = await anna.http.patch(at(client, "/profile"), json={**PROFILE, "name": "Опоздала"}, headers=OLD)
    assert (late.status_code, late.json()["code"], late.json()["card_version"]) == (412, "card-changed", 1)
    assert late.json()["detail"].startswith("Карточку изменили, пока вы её открывали")
    assert good(await anna.http.get(at(client)))["user"]["name"] == PROFILE["name"]
    good(await anna.http.patch(at(client, "/profile"), json={**PROFILE, "name": "Теперь видела"}, headers=NEW))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/profile", PROFILE),
        ("PUT", "/passport", {"last_name": "Другая"}),
        ("PATCH", "/passport", {"last_name": "Другая"}),
        ("POST", "/devices", DEVICE),
        ("PATCH", "/devices/{device}", {"title": "Другое"}),
        ("DELETE", "/devices/{device}", None),
        ("POST", "/tariff/apply", {"device_count": 1}),
        ("POST", "/contract/generate", None),
        ("POST", "/contract/request-otp", None),
        ("POST", "/contract/confirm", {"otp_code": "000000"}),
        ("POST", "/contract/void", {"reason": "Ошибка"}),
        ("POST", "/release", None),
    ],
)
async def test_every_step_may_be_asked_for_one_version_only(anna: Staff, method: str, path: str, body: Any) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    before = good(await anna.http.get(at(client)))
    path = at(client, path.format(device=before["devices"][0]["id"]))
    refused = await anna.http.request(method, path, json=body, headers=OLD)
    assert (refused.status_code, refused.json()["code"]) == (412, "card-changed")
    after = good(await anna.http.get(at(client)))
    assert without_links(after) == without_links(before)


async def test_of_two_windows_that_save_at_once_one_is_refused(anna: Staff) -> None:
    client = await anna.client()
    names = [f"Имя {number}" for number in range(8)]
    answers = await asyncio.gather(
        *(anna.http.patch(at(client, "/profile"), json={**PROFILE, "name": name}, headers=OLD) for name in names)
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]
    winner = next(answer.json()["user"]["name"] for answer in answers if answer.status_code == 200)
    assert good(await anna.http.get(at(client)))["user"]["name"] == winner


async def test_a_repeat_of_what_was_done_gets_its_answer_and_its_tag_also_after_the_card_went_on(anna: Staff) -> None:
    client, headers = await anna.client(), {**OLD, "Idempotency-Key": str(uuid4())}
    first = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=headers)
    good(await anna.http.patch(at(client, "/profile"), json={**PROFILE, "name": "Дальше"}))
    again = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=headers)
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])


async def test_a_repeat_whose_answer_was_lost_is_not_refused_for_its_own_change(anna: Staff) -> None:
    client, headers = await anna.client(), {**OLD, "Idempotency-Key": str(uuid4())}
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=headers))
    async with anna.api.sessions.begin() as session:
        lost = update(Draft).where(col(Draft.key) == headers["Idempotency-Key"]).values(answer=None)
        await (await session.connection()).execute(lost)
    again = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers=headers)
    assert (good(again)["user"]["name"], again.headers["ETag"]) == (PROFILE["name"], '"1"')
    async with anna.api.sessions() as session:
        verbs = [event.verb for event in await Event.of_client(session, client.id)]
    assert verbs.count("profile-saved") == 1


async def test_a_refused_write_may_be_sent_again_for_the_card_as_it_is_under_the_same_key(anna: Staff) -> None:
    client, key = await anna.client(), {"Idempotency-Key": str(uuid4())}
    good(await anna.http.post(at(client, "/devices"), json=DEVICE))
    refused = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers={**OLD, **key})
    assert refused.status_code == 412
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE, headers={**NEW, **key}))


async def test_a_repeat_for_a_newer_card_is_not_held_to_the_version_of_the_try_before(anna: Staff) -> None:
    """The first try was stored and never carried out: nobody knows that but the draft."""
    client, key = await anna.client(), {"Idempotency-Key": str(uuid4())}
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE, headers={**OLD, **key}))
    async with anna.api.sessions.begin() as session:
        draft = (await session.exec(select(Draft).where(col(Draft.key) == key["Idempotency-Key"]))).one()
        stale = {**draft.model_dump(), "id": uuid4(), "key": str(uuid4()), "applied_at": None, "answer": None}
        session.add(Draft(**stale | {"outcome": None, "payload": None}))
    saved = await anna.http.patch(
        at(client, "/profile"), json=PROFILE, headers={**NEW, "Idempotency-Key": stale["key"]}
    )
    assert good(saved)["user"]["name"] == PROFILE["name"]


async def test_somebody_elses_card_is_his_before_it_is_changed(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    refused = await boris.http.patch(at(client, "/profile"), json=PROFILE, headers=OLD)
    assert (refused.status_code, refused.json()["code"]) == (409, "client-taken")


@pytest.mark.parametrize("sent", ["*", 'W/"1"', '"1-gzip"'])
async def test_a_tag_may_come_back_as_a_proxy_made_it(anna: Staff, sent: str) -> None:
    client = await anna.client()
    good(
        await anna.http.patch(at(client, "/profile"), json=PROFILE, headers={"If-Match": sent} if sent == "*" else OLD)
    )
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE, headers={"If-Match": sent}))


@pytest.mark.parametrize("sent", ["1", '""', '"x"', '"-1"', '"1", "2"', '"1234567890"'])
async def test_a_tag_that_nobody_gave_is_refused(anna: Staff, sent: str) -> None:
    client = await anna.client()
    refused = await anna.http.patch(at(client, "/profile"), json=PROFILE, headers={"If-Match": sent})
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["header", "If-Match"])


async def test_a_page_of_another_origin_may_send_the_tag_and_see_it(anna: Staff) -> None:
    client, origin = await anna.client(), {"Origin": "https://app.example"}
    asked = {**origin, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    allowed = await anna.http.options(at(client, "/profile"), headers=asked)
    assert "if-match" in allowed.headers["Access-Control-Allow-Headers"].lower()
    shown = await anna.http.get(at(client), headers=origin)
    assert "ETag" in shown.headers["Access-Control-Expose-Headers"]


def without_links(card: dict[str, Any]) -> dict[str, Any]:
    """Links are made anew for every answer."""
    contract = {**card["contract"], "contract_url": None}
    return {**card, "contract": contract}
