"""A client from registration to processed, as both sides see it, and a device that comes later."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pypdf
import pytest
from temporalio.client import WorkflowExecutionStatus

from tests.journeys.http_callers import BASIC, LAPTOP, PASSWORD, PHONE, ClientApp, ManagerApp, good, passport, refused
from tests.journeys.photos import photo_with_gps, says_where
from tests.journeys.product import ANNA, Product, eventually
from tests.journeys.stored_data import runs_of
from tests.journeys.wire_shapes import DEVICE, OWN_CONTRACT, SUMMARY, TARIFF, is_card

pytestmark = pytest.mark.xdist_group("journeys")

NUMBER = re.compile(r"ЁЛ-\d{6}-\d{2}|ЕЛ-\d{6}-\d{2}")


async def fetch(url: str) -> bytes:
    """A presigned link needs nothing but itself."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        answer = await http.get(url)
    assert answer.status_code == 200, answer.text
    return answer.content


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def is_utc(moment: str) -> bool:
    return datetime.fromisoformat(moment).utcoffset() == timedelta(0)


async def is_complete(product: Product, client_id: str) -> bool:
    runs = await runs_of(product, client_id)
    return all(run is WorkflowExecutionStatus.COMPLETED for run in runs)


@pytest.mark.parametrize("prefix", ["/api/manager", "/api/master"])
async def test_a_client_is_onboarded_from_registration_to_processed(product: Product, prefix: str) -> None:
    number = {"/api/manager": "100001", "/api/master": "100002"}[prefix]
    async with ManagerApp(product, prefix) as manager_app, ClientApp(product) as person:
        await manager_app.log_in(ANNA)
        me = await manager_app.get("/auth/me")
        assert me.keys() == {"id", "email", "name", "is_super_admin", "created_at", "updated_at"}
        await person.register(name="Мария Ёлкина", email=f"maria{number}@example.com", address="г. Москва")

        [summary] = await manager_app.get("/clients", tab="new", q=person.phone)
        assert summary.keys() == SUMMARY
        assert (summary["status"], summary["assigned_manager_id"], summary["devices_count"]) == ("new", None, 0)
        assert summary["support_ticket_id"] is None
        card_requests = manager_app.card_requests(summary["id"])
        is_card(await card_requests.card(), "new", "profile")

        card = await card_requests.profile(
            phone=f"+7 {person.phone}",
            email="m.elkina@example.com",
            name="Мария П. Ёлкина",
            address="г. Москва, Арбат, 1",
        )
        is_card(card, "in_verification", "passport")
        assert card["assigned_manager_id"] == me["id"]
        assert card["user"]["phone"] == person.phone
        assert (await person.get("/user/me"))["email"] == f"maria{number}@example.com"
        assert [one["id"] for one in await manager_app.get("/clients", tab="in_work", q=person.phone)] == [
            summary["id"]
        ]
        assert await manager_app.get("/clients", tab="new", q=person.phone) == []

        is_card(await card_requests.passport(passport(number)), "in_verification", "devices")
        answer = await card_requests.ask("PATCH", "/passport", {"issued_by": "ГУ МВД России по г. Москве"})
        is_card(good(answer), "in_verification", "devices")
        assert answer.json()["passport"]["number"] == number
        card = await card_requests.photograph("/passport/photo", "passport")
        assert not says_where(await fetch(card["passport"]["photo_url"]))

        laptop = await card_requests.add(LAPTOP)
        assert laptop.keys() == DEVICE
        assert {name: laptop[name] for name in LAPTOP} == LAPTOP
        phone = await card_requests.add(PHONE)
        assert (phone["description"], phone["specs"], phone["extra_fee"]) == (None, None, None)
        extra = await card_requests.add({"device_type": "Часы", "title": "лишние"})
        assert good(await card_requests.ask("DELETE", f"/devices/{extra['id']}"), 204) is None
        changed = good(await card_requests.ask("PATCH", f"/devices/{phone['id']}", {"title": "Pixel 9 Pro"}))
        assert changed["title"] == "Pixel 9 Pro"

        photos = f"/devices/{laptop['id']}/photos"
        card = await card_requests.photograph(photos, "device")
        is_card(card, "in_verification", "tariff")
        [shown] = card["devices"][0]["photos"]
        served = await fetch(shown["file_url"])
        assert says_where(photo_with_gps())
        assert not says_where(served)
        await card_requests.photograph(photos, "device")
        card = good(await card_requests.ask("DELETE", f"{photos}/{shown['id']}"))
        assert len(card["devices"][0]["photos"]) == 1

        tariffs = await manager_app.get("/tariffs")
        assert [one.keys() for one in tariffs] == [{"id", "name", "base_fee", "extra_per_device", "notes"}] * 3
        per_device = next(one["extra_per_device"] for one in tariffs if one["id"] == BASIC)
        choice = {"device_count": 2, "tariff_id": BASIC}
        forecast = good(await card_requests.ask("POST", "/tariff/calculate", choice))
        assert forecast == {"device_count": 2, "extra_per_device": per_device, "total_extra_fee": 2 * per_device}
        refused(await card_requests.ask("POST", "/contract/generate"), 409, "not-ready")
        refused(
            await card_requests.ask("POST", "/tariff/apply", {**choice, "device_count": 7}),
            409,
            "device-count-mismatch",
        )
        tariff = await card_requests.tariff(2)
        assert tariff.keys() == TARIFF
        due = 1500.5 + per_device
        assert tariff["total_extra_fee"] == due
        is_card(await card_requests.card(), "awaiting_contract", "contract")
        refused(await card_requests.ask("POST", "/payment/confirm"), 409, "not-signed")
        refused(await card_requests.ask("POST", "/contract/confirm", {"otp_code": "000000"}), 409, "contract-missing")

        made = await card_requests.generate()
        assert made.keys() == {"contract_id", "otp_code", "contract_url", "contract_number"}
        assert made["otp_code"] == ""
        assert NUMBER.fullmatch(made["contract_number"])
        pdf = await fetch(made["contract_url"])
        assert made["contract_number"] in text_of(pdf)
        again = await card_requests.generate()
        assert (again["contract_id"], again["contract_number"]) == (made["contract_id"], made["contract_number"])
        is_card(await card_requests.card(), "awaiting_contract", "signature")
        sent = good(await card_requests.ask("POST", "/contract/request-otp", {"channel": "support_chat"}))
        assert sent.keys() == {"ok", "sent", "retry_after"}
        assert (sent["ok"], sent["sent"]) == (True, False)
        assert 0 < sent["retry_after"] <= 60

        [message] = await person.messages()
        [code] = await person.codes()
        assert message.startswith(f"Договор {made['contract_number']}, код подтверждения ")
        wrong = f"{(int(code) + 1) % 10**6:06}"
        assert (
            refused(await card_requests.ask("POST", "/contract/confirm", {"otp_code": wrong}), 400, "otp-invalid")[
                "tries_left"
            ]
            == 4
        )
        card = await card_requests.confirm(code)
        is_card(card, "awaiting_payment", "payment")
        assert card["contract"]["signed_at"]
        assert is_utc(card["contract"]["signed_at"])
        [invoice] = card["invoices"]
        assert (invoice["amount"], invoice["status"]) == (due, "pending")
        assert invoice["contract_number"] == made["contract_number"]
        day = datetime.fromisoformat(invoice["due_date"])
        assert (await person.messages())[1] == (
            f"Выставлен счёт по договору {made['contract_number']}: {due:.2f} ₽. Оплатите до {day:%d.%m.%Y}"
        )
        refused(await card_requests.ask("POST", "/contract/void", {"reason": "поздно"}), 409, "contract-signed")
        assert [one["status"] for one in await person.get("/invoices/my")] == ["pending"]

        await is_certified(product, person, made["contract_number"], pdf)

        refused(await card_requests.ask("POST", "/payment/confirm", {"amount": due + 1}), 409, "amount-mismatch")
        card = await card_requests.pay(due)
        is_card(card, "processed", "done")
        assert card["invoices"][0]["status"] == "paid"
        assert card["contract"]["payment_confirmed_at"]
        assert [one["id"] for one in await manager_app.get("/clients", tab="processed", q=person.phone)] == [
            summary["id"]
        ]
        assert await person.get("/invoices/my") == []

        async def over() -> bool:
            return await is_complete(product, summary["id"])

        await eventually(over, "the workflow completes when nothing is due")
        await is_amended(manager_app, person, summary["id"], made["contract_id"])
        await eventually(over, "the workflow completes again")

        history = await manager_app.get(f"/clients/{summary['id']}/history")
        assert {"client-taken", "code-sent", "code-wrong", "contract-signed", "payment-confirmed"} <= {
            entry["verb"] for entry in history
        }
        assert code not in str(history)


async def is_certified(product: Product, person: ClientApp, number: str, pdf: bytes) -> None:
    """The certificate appears in the client's app, and anybody can verify by it."""

    async def certified() -> Any:
        [contract] = await person.get("/contracts")
        return contract if contract["certificate_url"] else None

    contract = await eventually(certified, "the certificate of the signature")
    assert contract.keys() == OWN_CONTRACT
    assert (contract["status"], contract["version"], contract["contract_number"]) == ("signed", 1, number)
    assert await person.get(f"/contracts/{contract['id']}")
    assert await fetch(contract["contract_url"]) == pdf
    certificate = await fetch(contract["certificate_url"])
    told = "".join(text_of(certificate).split())
    token = re.search(r"verify/[^?]+\?h=([\w-]{22})", told)
    assert token, told
    genuine = {
        "valid": True,
        "contract_number": number,
        "signed_at": contract["signed_at"],
        "sha256": hashlib.sha256(pdf).hexdigest(),
    }
    nothing = dict.fromkeys(genuine) | {"valid": False}
    async with httpx.AsyncClient(base_url=f"{product.url}/api/v1/contracts", trust_env=False) as anybody:
        assert good(await anybody.get(f"/verify/{number}", params={"h": token[1]})) == genuine
        assert good(await anybody.get(f"/verify/{number}", params={"h": token[1][::-1]})) == nothing
        assert good(await anybody.get(f"/verify/{number}")) == nothing
        for file in (pdf, certificate):
            assert good(await anybody.post("/verify", files={"file": ("a.pdf", file)})) == genuine
        assert good(await anybody.post("/verify", files={"file": ("a.pdf", pdf + b"\n")})) == nothing


async def is_amended(manager_app: ManagerApp, person: ClientApp, client_id: str, signed_id: str) -> None:
    """A device that is added after the signature is the only one that is billed then; now the client signs himself."""
    card_requests = manager_app.card_requests(client_id)
    await card_requests.add({**PHONE, "title": "Третье", "extra_fee": 700})
    is_card(await card_requests.card(), "awaiting_contract", "contract")
    amendment = await card_requests.generate()
    assert amendment["contract_id"] != signed_id
    codes = await person.codes()
    signed = await person.sign(amendment["contract_id"], codes[-1])
    assert signed.keys() == OWN_CONTRACT
    assert (signed["status"], signed["version"]) == ("signed", 2)
    card = await card_requests.card()
    is_card(card, "awaiting_payment", "payment")
    assert [one["amount"] for one in card["invoices"] if one["status"] == "pending"] == [700]
    is_card(await card_requests.pay(700), "processed", "done")
    assert [one["status"] for one in await person.get("/contracts")] == ["signed", "signed"]


async def test_a_bill_of_the_manager_is_an_invoice_and_a_message(product: Product, manager_app: ManagerApp) -> None:
    async with ClientApp(product) as person:
        await person.register(name="Ольга Счётова")
        card_requests = manager_app.card_requests(await manager_app.find(person.phone))
        await card_requests.profile(phone=person.phone, email="o@example.com", name="Ольга Счётова", address="Тула")
        await card_requests.passport(passport("100003"))
        await card_requests.tariff(0)
        made = await card_requests.generate()
        is_card(await card_requests.confirm((await person.codes())[-1]), "processed", "done")
        due = (datetime.now(UTC) + timedelta(days=20)).date()
        bill = {"amount": 990.5, "description": "Абонемент", "contract_number": made["contract_number"]}
        card = await card_requests.bill(**bill, due_date=due.isoformat())
        [invoice] = card["invoices"]
        assert {name: invoice[name] for name in bill} == bill
        assert UUID(invoice["id"])
        assert (invoice["status"], invoice["due_date"]) == ("pending", due.isoformat())
        assert (await person.messages())[-1] == (
            f"Выставлен счёт по договору {made['contract_number']}: 990.50 ₽. Оплатите до {due:%d.%m.%Y}"
        )
        assert (await card_requests.pay())["invoices"][0]["status"] == "paid"


async def test_a_client_who_is_not_logged_in_and_a_manager_without_a_token_get_nothing(product: Product) -> None:
    async with httpx.AsyncClient(base_url=product.url, trust_env=False) as stranger:
        for path in ("/api/manager/clients", "/api/master/clients", "/api/v1/contracts"):
            refused(await stranger.get(path), 401, "not-authenticated")
        wrong = {"phone": "9039999999", "password": PASSWORD}
        refused(await stranger.post("/api/v1/auth/login", json=wrong), 401, "bad-credentials")
