"""What was typed and not sent: kept for its author alone, one version after the other, never readable in the rows."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models import Autosave, Client
from tests.api.onboarding_steps import PROFILE, at, good, send
from tests.api.shared_api import Staff

VALUES = {"last_name": "Приметная", "series": "45", "photos": [{"name": "a.jpg", "done": False}], "age": 5.5, "x": None}


async def save(
    staff: Staff, client: Client, values: Any = VALUES, version: int | None = None, form: str = "passport"
) -> Any:
    path = at(client, f"/autosaves/{form}")
    return await staff.http.put(path, json={"values": values, "version": version})


async def saved(staff: Staff, client: Client) -> Any:
    return good(await staff.http.get(at(client, "/autosaves")))


async def test_a_form_is_found_again_as_it_was_left(anna: Staff) -> None:
    client = await anna.client()
    first = good(await save(anna, client))
    assert first.keys() == {"form", "values", "version", "updated_at"}
    assert (first["form"], first["values"]) == ("passport", VALUES)
    second = good(await save(anna, client, {"last_name": "Ё"}, first["version"]))
    assert second["version"] > first["version"]
    device = f"device-{uuid4()}"
    third = good(await save(anna, client, {}, form=device))
    assert await saved(anna, client) == [third, second]


async def test_an_older_window_gets_what_was_saved_since_and_loses_nothing(anna: Staff) -> None:
    client = await anna.client()
    first = good(await save(anna, client))
    current = good(await save(anna, client, {"last_name": "Новее"}, first["version"]))
    for version in (first["version"], None, 0):
        refused = await save(anna, client, {"last_name": "Старее"}, version)
        assert (refused.status_code, refused.json()["code"]) == (409, "autosave-changed")
        assert refused.json()["current"] == {name: current[name] for name in ("values", "version", "updated_at")}
    assert await saved(anna, client) == [current]


async def test_of_many_windows_at_once_one_saves(anna: Staff) -> None:
    client = await anna.client()
    answers = await asyncio.gather(*(save(anna, client, {"n": number}) for number in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 9]
    version = (await saved(anna, client))[0]["version"]
    answers = await asyncio.gather(*(save(anna, client, {"m": number}, version) for number in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 9]


async def test_a_save_whose_answer_was_lost_may_be_sent_again(anna: Staff) -> None:
    client = await anna.client()
    first = good(await save(anna, client))
    assert good(await save(anna, client)) == first
    second = good(await save(anna, client, {"a": 1}, first["version"]))
    assert good(await save(anna, client, {"a": 1}, first["version"])) == second


async def test_a_form_that_was_sent_elsewhere_is_gone_and_does_not_come_back_by_itself(anna: Staff) -> None:
    client = await anna.client()
    version = good(await save(anna, client))["version"]
    for _ in range(2):
        good(await anna.http.delete(at(client, "/autosaves/passport")), 204)
    refused = await save(anna, client, {"a": 1}, version)
    assert (refused.status_code, refused.json()["current"]) == (409, None)
    assert await saved(anna, client) == []
    assert good(await save(anna, client))["version"] > version, "a form begun anew never looks like the one before"


async def test_everybody_has_autosaves_of_his_own_and_none_on_a_card_that_is_anothers(
    anna: Staff, boris: Staff, staff: Staff
) -> None:
    client = await anna.client()
    good(await save(anna, client))
    assert await saved(boris, client) == []
    good(await save(boris, client, {"b": 1}))
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    for answer in (await save(boris, client, {"b": 2}), await boris.http.get(at(client, "/autosaves"))):
        assert (answer.status_code, answer.json()["code"]) == (409, "client-taken")
    good(await boris.http.delete(at(client, "/autosaves/passport")), 204)
    assert [one["values"] for one in await saved(anna, client)] == [VALUES]
    assert (await save(staff, client)).status_code == 404


async def test_nothing_of_a_form_is_readable_in_its_row(anna: Staff) -> None:
    client = await anna.client()
    good(await save(anna, client))
    async with anna.api.sessions() as session:
        row = (await session.exec(select(Autosave).where(col(Autosave.client_id) == client.id))).one()
    assert "Приметная".encode() not in row.values_sealed


async def test_a_client_who_is_deleted_takes_the_autosaves_along(anna: Staff) -> None:
    client = await anna.client()
    good(await save(anna, client))
    async with anna.api.sessions.begin() as session:
        await session.delete(await session.get_one(Client, client.id))
    async with anna.api.sessions() as session:
        assert (await session.exec(select(Autosave).where(col(Autosave.client_id) == client.id))).all() == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"values": {"a": "\\ud800"}}',
        b'{"values": {"\\ud800": 1}}',
        b'{"values": {"a": 1e999}}',
        b'{"values": {"a": NaN}}',
        b'{"values": ' + b'{"a":' * 9 + b"1" + b"}" * 9 + b"}",
        b'{"values": {"a": ' + b"[" * 400 + b"]" * 400 + b"}}",
        b'{"values": {"a": "' + b"x" * 16_400 + b'"}}',
        b'{"values": []}',
        b'{"values": null}',
        b'{"values": {}, "version": "1"}',
        b'{"values": {}, "version": -1}',
        b'{"values": {}, "version": 9223372036854775808}',
        b"{}",
        b"{",
    ],
)
async def test_a_form_that_cannot_be_kept_is_refused(anna: Staff, body: bytes) -> None:
    client = await anna.client()
    refused = await send(anna.http, "PUT", at(client, "/autosaves/passport"), body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-value")
    assert await saved(anna, client) == []


@pytest.mark.parametrize(
    "values", [{"a": "\u202e\x00\n"}, {"a": 10**400}, {"a": -(2**63) - 1}, {"": ""}, {"a": "я" * 8000}]
)
async def test_whatever_can_be_typed_comes_back_as_it_was_typed(anna: Staff, values: Any) -> None:
    client = await anna.client()
    assert good(await save(anna, client, values))["values"] == values
    assert (await saved(anna, client))[0]["values"] == values


@pytest.mark.parametrize(
    "form",
    ["contract", "Profile", "device-1", "device-549cf901-d317-41bd-a691-0c082d2b4ff2x", "passport%0A", "device-"],
)
async def test_there_are_only_the_forms_that_the_wizard_has(anna: Staff, form: str) -> None:
    client = await anna.client()
    assert (await save(anna, client, form=form)).status_code == 422
