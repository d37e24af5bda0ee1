"""Values that bodies carry: what is taken, what is refused, and that nothing of it is ever a 500."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.onboarding.test_steps import today
from tests.api.onboarding_steps import DEVICE, PROFILE, at, good, number_of, passport, send
from tests.api.shared_api import Staff

NUL, SURROGATE, BIDI = "а\x00б", "а\ud800б", "а\u202eб"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "123"),
        ("phone", "+1 202 555 0100"),
        ("phone", 9001234567),
        ("phone", None),
        ("phone", NUL),
        ("email", "не почта"),
        ("email", "a@b"),
        ("email", "a" * 300 + "@example.ru"),
        ("name", ""),
        ("name", "   "),
        ("name", NUL),
        ("name", SURROGATE),
        ("name", "я" * 201),
        ("name", {"first": "Мария"}),
        ("name", None),
        ("address", NUL),
        ("address", ["Москва"]),
    ],
)
async def test_a_profile_refuses(anna: Staff, field: str, value: Any) -> None:
    client = await anna.client()
    answer = await send(anna.http, "PATCH", at(client, "/profile"), {**PROFILE, field: value})
    assert (answer.status_code, [error["loc"] for error in answer.json()["errors"]]) == (422, [["body", field]])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"phone": "8 (900) 123-45-67"}, {"phone": "9001234567"}),
        ({"phone": "79001234567"}, {"phone": "9001234567"}),
        ({"email": None}, {"email": "own@example.ru"}),
        ({"email": ""}, {"email": "own@example.ru"}),
        ({"email": "Maria@EXAMPLE.ru"}, {"email": "Maria@example.ru"}),
        ({"name": "  Мария   Ёлкина "}, {"name": "Мария Ёлкина"}),
        ({"address": ""}, {"address": "Свой адрес"}),
        ({"name": "\u0958" * 200}, {"name": "\u0958" * 200}),
        ({"unknown": "поле"}, {"name": "Мария Ёлкина"}),
    ],
)
async def test_a_profile_is_kept_in_its_normal_form(anna: Staff, given: dict[str, Any], kept: dict[str, str]) -> None:
    client = await anna.client(user={"email": "own@example.ru", "address": "Свой адрес"})
    user = good(await anna.http.patch(at(client, "/profile"), json={**PROFILE, **given}))["user"]
    assert {name: user[name] for name in kept} == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("series", "451"),
        ("series", 4510),
        ("number", "1234567"),
        ("issue_code", "770"),
        ("issue_date", "2015-13-01"),
        ("issue_date", "1990-01-01"),
        ("issue_date", "9999-12-31"),
        ("issue_date", 20150520),
        ("last_name", "Ёлкина1"),
        ("last_name", NUL),
        ("issued_by", BIDI),
        ("registration_address", SURROGATE),
        ("registration_address", "я" * 501),
    ],
)
async def test_a_passport_refuses(anna: Staff, field: str, value: Any) -> None:
    client = await anna.client()
    body = {**passport(number_of(client)), field: value}
    answer = await send(anna.http, "PUT", at(client, "/passport"), body)
    assert (answer.status_code, [error["loc"] for error in answer.json()["errors"]]) == (422, [["body", field]])


async def test_a_passport_names_all_that_is_wrong_at_once(anna: Staff) -> None:
    client = await anna.client()
    answer = await anna.http.patch(at(client, "/passport"), json={"series": "1", "number": "2", "issue_code": "3"})
    assert [error["loc"][1] for error in answer.json()["errors"]] == ["series", "number", "issue_code"]


async def test_a_passport_that_somebody_else_has_is_refused_without_a_name(anna: Staff) -> None:
    first, second = await anna.client(), await anna.client()
    good(await anna.http.put(at(first, "/passport"), json=passport(number_of(first))))
    answer = await anna.http.put(at(second, "/passport"), json={**passport(number_of(first)), "last_name": "Иванов"})
    assert (answer.status_code, answer.json()["code"]) == (409, "passport-duplicate")
    assert str(first.id) not in answer.text
    assert "Ёлкина" not in answer.text


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", ""),
        ("device_type", 5),
        ("description", NUL),
        ("description", "я" * 4001),
        ("specs", "текст"),
        ("specs", [1]),
        ("specs", {"a": NUL}),
        ("specs", {NUL: 1}),
        ("specs", {"a": SURROGATE}),
        ("specs", {"a": 10**400}),
        ("specs", nested(20)),
        ("specs", {str(number): number for number in range(600)}),
        ("specs", {str(number): "слово " * 600 for number in range(3)}),
        ("extra_fee", -1),
        ("extra_fee", 0.001),
        ("extra_fee", "100"),
        ("extra_fee", True),
        ("extra_fee", 10**13),
        ("extra_fee", 10**400),
    ],
)
async def test_a_device_refuses(anna: Staff, field: str, value: Any) -> None:
    client = await anna.client()
    answer = await send(anna.http, "POST", at(client, "/devices"), {**DEVICE, field: value})
    assert (answer.status_code, [error["loc"] for error in answer.json()["errors"]]) == (422, [["body", field]])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"device_type": "a", "title": "b", "extra_fee": NaN}',
        b'{"device_type": "a", "title": "b", "extra_fee": 1e999}',
        b'{"device_type": "a", "title": "b", "extra_fee": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda content: repr(content[:20]),
)
async def test_a_body_that_is_no_good_json_is_422(anna: Staff, content: bytes) -> None:
    client = await anna.client()
    answer = await send(anna.http, "POST", at(client, "/devices"), content)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")


async def test_a_body_of_another_kind_is_422_and_one_without_end_413(anna: Staff) -> None:
    client = await anna.client()
    text = await anna.http.post(at(client, "/devices"), content=b"{}", headers={"Content-Type": "text/plain"})
    assert text.status_code == 422
    announced = await send(anna.http, "POST", at(client, "/devices"), b" " * (1024 * 1024 + 1))
    assert (announced.status_code, announced.json()["code"]) == (413, "too-large")

    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 65536

    chunked = await anna.http.post(
        at(client, "/devices"), content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (chunked.status_code, chunked.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"device_count": -1},
        {"device_count": 10_001},
        {"device_count": 1.0},
        {"device_count": "1"},
        {"device_count": True},
        {"device_count": 10**400},
        {"device_count": 1, "tariff_id": "free"},
        {"device_count": 1, "tariff_id": 1},
        {"device_count": 1, "tariff_id": "00000000-0000-4000-8000-00000000ffff"},
    ],
)
async def test_a_choice_of_tariff_refuses(anna: Staff, choice: dict[str, Any]) -> None:
    client = await anna.client()
    for path in ("/tariff/calculate", "/tariff/apply"):
        answer = await anna.http.post(at(client, path), json=choice)
        assert (answer.status_code, answer.json()["code"]) in ((422, "invalid-value"), (409, "device-count-mismatch"))


async def test_a_forecast_counts_by_the_tariff_or_by_a_thousand(anna: Staff) -> None:
    client = await anna.client()
    without = good(await anna.http.post(at(client, "/tariff/calculate"), json={"device_count": 3}))
    assert without == {"device_count": 3, "extra_per_device": 1000, "total_extra_fee": 3000}
    for tariff in good(await anna.http.get("/api/manager/tariffs")):
        choice = {"device_count": 3, "tariff_id": tariff["id"]}
        counted = good(await anna.http.post(at(client, "/tariff/calculate"), json=choice))
        assert counted["total_extra_fee"] == 3 * tariff["extra_per_device"]
    assert good(await anna.http.get(at(client)))["assigned_manager_id"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 0),
        ("amount", -5),
        ("amount", 1.001),
        ("amount", "5"),
        ("description", ""),
        ("contract_number", ""),
        ("contract_number", NUL),
        ("due_date", "31.12.2026"),
        ("due_date", "0001-01-01"),
        ("due_date", "9999-12-31"),
        ("due_date", 0),
    ],
)
async def test_a_bill_refuses(anna: Staff, field: str, value: Any) -> None:
    client = await anna.client()
    due = (today() + timedelta(days=5)).isoformat()
    bill = {"amount": 5, "description": "Выезд", "contract_number": "ЕЛ-260101-01", "due_date": due, field: value}
    answer = await send(anna.http, "POST", at(client, "/billing/notify"), bill)
    assert (answer.status_code, [error["loc"] for error in answer.json()["errors"]]) == (422, [["body", field]])


async def test_a_reason_must_be_given(anna: Staff) -> None:
    client = await anna.client()
    for path in ("/take-over", "/contract/void"):
        for body in ({}, {"reason": " "}, {"reason": NUL}, {"reason": None}):
            answer = await anna.http.post(at(client, path), json=body)
            assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "reason"])


async def test_a_code_may_be_asked_for_only_into_the_support_chat(anna: Staff) -> None:
    client = await anna.client()
    answer = await anna.http.post(at(client, "/contract/request-otp"), json={"channel": "sms"})
    assert (answer.status_code, answer.json()["errors"][0]["msg"]) == (422, "Допустимо: 'support_chat'.")


async def test_a_path_that_names_nothing_is_no_bug(anna: Staff) -> None:
    answer = await anna.http.get("/api/manager/clients/not-an-id")
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["path", "client_id"])
