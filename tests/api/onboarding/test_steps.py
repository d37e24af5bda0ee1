"""The managers' wizard over HTTP, from a new card to a paid one: every shape, status and next step of the contract."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from api.http.paging import write_cursor
from tests import factories
from tests.api.onboarding_steps import (
    CONFIRMED,
    DEVICE,
    PROFILE,
    at,
    code_of,
    fill,
    good,
    number_of,
    passport,
    photo,
    sign,
    upload,
)
from tests.api.shared_api import Staff

CARD = {
    "id",
    "status",
    "assigned_manager_id",
    "support_ticket_id",
    "user",
    "passport",
    "devices",
    "tariff",
    "contract",
    "invoices",
    "next_step",
}
PASSPORT = {"id", "created_at", "updated_at", "photo_url", "document_type", *passport("000000")}
DEVICE_FIELDS = {"id", "created_at", "updated_at", "photos", *DEVICE}
TARIFF = {"tariff_id", "name", "base_fee", "extra_per_device", "device_count", "total_extra_fee", "calculated_at"}
CONTRACT = {
    *(
        "otp_code",
        "otp_sent_at",
        "signed_at",
        "payment_confirmed_at",
        "contract_url",
        "contract_number",
        "code_delivery",
    ),
}
INVOICE = {
    "id", "amount", "description", "contract_number", "due_date", "status", "created_at", "paid_at", "confirmed_by_id",
}  # fmt: skip


def is_moment(text: str) -> bool:
    return datetime.fromisoformat(text).utcoffset() == UTC.utcoffset(None)


async def test_a_client_is_onboarded_from_the_first_call_to_the_payment(anna: Staff) -> None:
    client = await anna.client()
    http = anna.http

    card = good(await http.get(at(client)))
    assert card.keys() == CARD
    assert (card["status"], card["next_step"], card["assigned_manager_id"]) == ("new", "profile", None)
    assert card["user"].keys() == {"id", "phone", "email", "name", "address", *CONFIRMED}

    card = good(await http.patch(at(client, "/profile"), json={**PROFILE, "phone": "+7 (900) 123-45-67"}))
    assert (card["status"], card["next_step"]) == ("in_verification", "passport")
    assert card["assigned_manager_id"] == str(anna.manager.id)
    assert card["user"] == {"id": str(client.user_id), **PROFILE, **CONFIRMED}

    card = good(await http.put(at(client, "/passport"), json=passport(number_of(client))))
    assert card["next_step"] == "devices"
    assert card["passport"].keys() == PASSPORT
    assert card["passport"]["issue_date"] == "2015-05-20"

    device = good(await http.post(at(client, "/devices"), json=DEVICE))
    assert device.keys() == DEVICE_FIELDS
    assert {name: device[name] for name in DEVICE} == DEVICE
    assert is_moment(device["created_at"])

    offered = good(await http.get("/api/manager/tariffs"))
    assert len(offered) == 3
    assert offered[0].keys() == {"id", "name", "base_fee", "extra_per_device", "notes"}
    choice = {"device_count": 1, "tariff_id": str(factories.BASIC)}
    forecast = good(await http.post(at(client, "/tariff/calculate"), json=choice))
    assert forecast.keys() == {"device_count", "extra_per_device", "total_extra_fee"}
    assert good(await http.get(at(client)))["tariff"] is None
    tariff = good(await http.post(at(client, "/tariff/apply"), json=choice))
    assert tariff.keys() == TARIFF
    assert tariff["total_extra_fee"] == 1500.5

    card = good(await http.get(at(client)))
    assert (card["status"], card["next_step"]) == ("awaiting_contract", "contract")
    made = good(await http.post(at(client, "/contract/generate")))
    assert made.keys() == {"contract_id", "otp_code", "contract_url", "contract_number"}
    assert made["otp_code"] == ""
    assert made["contract_number"].startswith("ЕЛ-")
    async with anna.api.anybody() as browser:
        assert (await browser.get(made["contract_url"])).content.startswith(b"%PDF-")

    asked = good(await http.post(at(client, "/contract/request-otp")))
    assert asked == {"ok": True, "sent": False, "retry_after": asked["retry_after"]}
    assert 0 < asked["retry_after"] <= 60

    card = good(await http.get(at(client)))
    assert card["next_step"] == "signature"
    assert card["contract"].keys() == CONTRACT
    assert card["contract"]["otp_code"] is None
    assert is_moment(card["contract"]["otp_sent_at"])

    wrong = await http.post(at(client, "/contract/confirm"), json={"otp_code": "abc"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "otp-invalid")
    assert wrong.json()["tries_left"] == 4
    card = good(await http.post(at(client, "/contract/confirm"), json={"otp_code": await code_of(anna.api, client)}))
    assert (card["status"], card["next_step"]) == ("awaiting_payment", "payment")
    assert is_moment(card["contract"]["signed_at"])
    (invoice,) = card["invoices"]
    assert invoice.keys() == INVOICE
    assert (invoice["amount"], invoice["status"]) == (1500.5, "pending")

    other = await http.post(at(client, "/payment/confirm"), json={"amount": 1500.51})
    assert (other.status_code, other.json()["code"]) == (409, "amount-mismatch")
    card = good(await http.post(at(client, "/payment/confirm"), json={"amount": 1500.5}))
    assert (card["status"], card["next_step"]) == ("processed", "done")
    (paid,) = card["invoices"]
    assert (paid["id"], paid["status"], paid["confirmed_by_id"]) == (invoice["id"], "paid", str(anna.manager.id))
    assert is_moment(paid["paid_at"])
    assert good(await http.post(at(client, "/payment/confirm")))["status"] == "processed"
    (entry,) = [one for one in good(await http.get(at(client, "/history"))) if one["verb"] == "payment-confirmed"]
    named = {"invoice_id": invoice["id"], "number": invoice["contract_number"], "amount": 150_050}
    assert (entry["details"], entry["actor"]["id"]) == (named, str(anna.manager.id))


async def test_two_confirmations_at_once_pay_one_of_two_open_invoices(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    (first,) = (await sign(anna, client))["invoices"]
    bill = {"amount": first["amount"], "description": "Ещё", "contract_number": first["contract_number"]}
    card = good(await anna.http.post(at(client, "/billing/notify"), json={**bill, "due_date": first["due_date"]}))
    named = {"amount": first["amount"], "invoice_id": card["invoices"][1]["id"]}
    for body, statuses in ((named, ["pending", "paid"]), (named, ["pending", "paid"]), (None, ["paid", "paid"])):
        await asyncio.gather(*(anna.http.post(at(client, "/payment/confirm"), json=body) for _ in range(3)))
        card = good(await anna.http.get(at(client)))
        assert [one["status"] for one in card["invoices"]] == statuses
    strange = await anna.http.post(at(client, "/payment/confirm"), json={"invoice_id": str(client.id)})
    assert (strange.status_code, strange.json()["code"]) == (404, "not-found")


async def test_photos_go_to_the_store_by_ticket_and_come_back_clean(anna: Staff) -> None:
    client = await anna.client()
    http = anna.http
    good(await http.patch(at(client, "/profile"), json=PROFILE))
    ticket = good(await http.post(at(client, "/passport/photo/upload-url"), json={"content_type": "image/jpeg"}))
    assert ticket.keys() == {"url", "method", "fields", "headers", "file_key"}
    assert (ticket["method"], ticket["headers"]) == ("POST", {})
    async with anna.api.anybody() as browser:
        assert (await upload(ticket, photo(), browser)).is_success
        card = good(await http.post(at(client, "/passport/photo"), json={"file_key": ticket["file_key"]}))
        assert (await browser.get(card["passport"]["photo_url"])).headers["content-type"] == "image/jpeg"
        again = await http.post(at(client, "/passport/photo"), json={"file_key": ticket["file_key"]})
        assert (again.status_code, again.json()["code"]) == (422, "photo-rejected")

        device = good(await http.post(at(client, "/devices"), json=DEVICE))
        photos = at(client, f"/devices/{device['id']}/photos")
        ticket = good(await http.post(f"{photos}/upload-url", json={"content_type": "image/jpeg"}))
        assert (await upload(ticket, photo(), browser)).is_success
        elsewhere = await http.post(at(client, "/passport/photo"), json={"file_key": ticket["file_key"]})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "photo-rejected")
        card = good(await http.post(photos, json={"file_key": ticket["file_key"]}))
    (shown,) = card["devices"][0]["photos"]
    assert shown.keys() == {"id", "file_key", "created_at", "file_url"}
    card = good(await http.delete(f"{photos}/{shown['id']}"))
    assert card["devices"][0]["photos"] == []
    assert good(await http.delete(at(client, "/passport/photo")))["passport"]["photo_url"] is None


async def test_devices_are_changed_and_removed_one_field_at_a_time(anna: Staff) -> None:
    client = await anna.client()
    http = anna.http
    device = good(await http.post(at(client, "/devices"), json={"device_type": "Планшет", "title": "iPad"}))
    assert (device["description"], device["specs"], device["extra_fee"]) == (None, None, None)
    path = at(client, f"/devices/{device['id']}")
    changed = good(await http.patch(path, json={"title": "iPad Pro", "extra_fee": 700}))
    assert (changed["title"], changed["extra_fee"], changed["device_type"]) == ("iPad Pro", 700, "Планшет")
    assert good(await http.patch(path, json={"extra_fee": None}))["extra_fee"] is None
    assert good(await http.delete(path), 204) is None
    gone = await http.delete(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "not-found")


async def test_a_patched_passport_keeps_what_was_not_sent_and_a_put_one_loses_its_middle_name(anna: Staff) -> None:
    client = await anna.client()
    whole = passport(number_of(client))
    good(await anna.http.put(at(client, "/passport"), json=whole))
    card = good(await anna.http.patch(at(client, "/passport"), json={"first_name": "Анна"}))
    assert card["passport"]["first_name"] == "Анна"
    assert card["passport"]["middle_name"] == "Петровна"
    without = {name: value for name, value in whole.items() if name != "middle_name"}
    card = good(await anna.http.put(at(client, "/passport"), json=without))
    assert card["passport"]["middle_name"] is None


async def test_a_contract_that_is_void_leaves_the_card(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    card = good(await anna.http.post(at(client, "/contract/void"), json={"reason": "Опечатка в адресе"}))
    assert card["contract"] is None
    assert card["next_step"] == "contract"
    missing = await anna.http.post(at(client, "/contract/confirm"), json={"otp_code": "123456"})
    assert (missing.status_code, missing.json()["code"]) == (409, "contract-missing")


async def test_a_bill_is_written_for_a_contract_of_this_client(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client, tariff=None)
    number = (await sign(anna, client))["contract"]["contract_number"]
    bill = {"amount": 99.9, "description": "Выезд", "contract_number": number, "due_date": today().isoformat()}
    card = good(await anna.http.post(at(client, "/billing/notify"), json=bill))
    assert [invoice["amount"] for invoice in card["invoices"]] == [1500.5, 99.9]
    foreign = await anna.http.post(at(client, "/billing/notify"), json={**bill, "contract_number": "ЯЯ-260101-01"})
    assert (foreign.status_code, foreign.json()["errors"][0]["loc"]) == (422, ["body", "contract_number"])


async def test_the_history_tells_who_did_what_without_the_code(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    code = await code_of(anna.api, client)
    good(await anna.http.get(at(client)))
    answer = await anna.http.get(at(client, "/history"), params={"limit": 200})
    entries: list[dict[str, Any]] = good(answer)
    verbs = [entry["verb"] for entry in entries]
    assert verbs[0] == "card-read"
    assert {"client-taken", "profile-saved", "passport-saved", "device-added", "contract-sent", "code-sent"} <= set(
        verbs
    )
    assert all(entry.keys() == {"id", "at", "actor", "verb", "title", "details"} for entry in entries)
    assert all(is_moment(entry["at"]) for entry in entries)
    assert {entry["actor"]["name"] for entry in entries if entry["actor"]["kind"] == "manager"} == {anna.manager.name}
    assert code not in answer.text
    assert passport(number_of(client))["number"] not in answer.text


async def test_the_history_comes_in_pages(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    whole = good(await anna.http.get(at(client, "/history"), params={"limit": 200}))
    pages: list[UUID] = []
    url: str | None = at(client, "/history") + "?limit=2"
    while url:
        answer = await anna.http.get(url)
        pages += [entry["id"] for entry in good(answer)]
        url = answer.links.get("next", {}).get("url")
    assert pages == [entry["id"] for entry in whole]


def today() -> date:
    return datetime.now(UTC).date()


@pytest.mark.parametrize(
    "cursor",
    [
        write_cursor("2026-01-01T00:00:00+00:00", 0, 5),
        write_cursor("0001-01-01T00:00:00+14:00", 0, UUID(int=1)),
        write_cursor("9999-12-31T23:59:59-14:00", 0, UUID(int=1)),
    ],
)
async def test_the_history_refuses_a_page_that_nobody_gave(anna: Staff, cursor: str) -> None:
    client = await anna.client()
    answer = await anna.http.get(at(client, "/history"), params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")
