"""What no contract can show is refused where it is typed; what was saved before is refused by «сформировать»."""

from typing import Any

import pytest
from sqlmodel import col, update

from models import Contract, Device
from tests.api.onboarding_steps import DEVICE, PROFILE, at, good, passport
from tests.api.shared_api import Staff
from tests.factories import BASIC, make_client

FIELDS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("PATCH", "/profile", {**PROFILE, "address": "Тверь 🏠"}, "address"),
    ("PUT", "/passport", {"issued_by": "ОВД 李"}, "issued_by"),
    ("PATCH", "/passport", {"registration_address": "Тверь, שלום"}, "registration_address"),
    ("POST", "/devices", {**DEVICE, "title": "Приставка 🎮"}, "title"),
    ("POST", "/devices", {**DEVICE, "device_type": "🎮"}, "device_type"),
    ("POST", "/devices", {**DEVICE, "description": "سلام"}, "description"),
    ("POST", "/devices", {**DEVICE, "specs": {"вид": ["🎮"]}}, "specs"),
    ("POST", "/devices", {**DEVICE, "specs": {"🎮": 1}}, "specs"),
)


@pytest.mark.parametrize(("method", "path", "body", "field"), FIELDS)
async def test_a_character_without_a_glyph_is_refused_at_its_field(
    anna: Staff, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    client = await make_client(anna.api.sessions)
    answer = await anna.http.request(method, at(client, path), json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")
    (error,) = answer.json()["errors"]
    assert error["loc"] == ["body", field]
    assert error["msg"].startswith("Символ «")
    assert "нельзя напечатать в договоре, уберите или замените его." in error["msg"]


async def test_what_has_a_glyph_is_saved_as_it_was_typed(anna: Staff) -> None:
    client = await make_client(anna.api.sessions)
    typed = {**DEVICE, "title": "Монитор 27″ → ❄", "description": "первая\nвторая Ĝѡ", "specs": {"°C": "≥ 5"}}
    made = good(await anna.http.post(at(client, "/devices"), json=typed))
    assert {name: made[name] for name in typed} == typed


async def test_a_card_of_an_older_release_is_refused_with_its_field_before_anything_is_made(anna: Staff) -> None:
    http, client = anna.http, await make_client(anna.api.sessions)
    good(await http.patch(at(client, "/profile"), json=PROFILE))
    good(await http.put(at(client, "/passport"), json=passport(f"{client.id.int % 10**6:06}")))
    device = good(await http.post(at(client, "/devices"), json=DEVICE))
    choice = {"device_count": 1, "tariff_id": str(BASIC)}
    good(await http.post(at(client, "/tariff/apply"), json=choice))
    async with anna.api.sessions.begin() as session:
        spoil = update(Device).where(col(Device.client_id) == client.id).values(description="Приставка 🎮")
        await session.exec(spoil)

    answer = await http.post(at(client, "/contract/generate"))
    assert (answer.status_code, answer.json()["code"]) == (409, "contract-unprintable")
    problem = answer.json()
    assert problem["detail"].startswith("Устройство 1, описание: символ «🎮» (U+1F3AE) нельзя напечатать в договоре")
    assert [error["loc"] for error in problem["errors"]] == [["devices", device["id"], "description"]]
    async with anna.api.sessions() as session:
        assert await Contract.all_of(session, client.id) == []

    good(await http.patch(at(client, f"/devices/{device['id']}"), json={"description": "Приставка"}))
    assert good(await http.post(at(client, "/contract/generate")))["contract_number"]
