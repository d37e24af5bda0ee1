"""What stands around the list: counts of its tabs, the next step of each row, names, and the rules of the house."""

from typing import Any

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.clock import utc_now
from domain.kernel.search import search_text
from tests import factories
from tests.api.onboarding.test_clients import SUMMARY
from tests.api.onboarding_steps import DEVICE, PROFILE, at, fill, good, number_of, passport, sign
from tests.api.shared_api import Staff

LIST = "/api/manager/clients"


async def counted(staff: Staff, **params: Any) -> Any:
    return good(await staff.http.get(f"{LIST}/counts", params=params))


async def test_each_tab_is_counted_as_it_lists(staff: Staff) -> None:
    other = await staff.colleague()
    assert await counted(staff) == {"new": 0, "in_work": 0, "processed": 0, "mine": 0}
    await staff.client(search_text=search_text("Пётр Королёв"))
    await staff.client(status=ClientStatus.AWAITING_PAYMENT)
    await staff.client(status=ClientStatus.PROCESSED)
    for holder in (staff, other, other):
        await staff.client(assigned_manager_id=holder.manager.id, status=ClientStatus.IN_VERIFICATION)
        await staff.client(
            assigned_manager_id=holder.manager.id,
            status=ClientStatus.PROCESSED,
            search_text=search_text("Анна Королёва"),
        )
    expected = {"new": 2, "in_work": 1, "processed": 1, "mine": 2}
    assert await counted(staff) == expected
    listed = {tab: len(good(await staff.http.get(LIST, params={"tab": tab}))) for tab in expected}
    assert listed == expected
    assert await counted(staff, q="королев") == {"new": 1, "in_work": 0, "processed": 1, "mine": 1}
    assert await counted(other) == {"new": 2, "in_work": 2, "processed": 2, "mine": 4}
    await other.http.aclose()


async def test_a_row_tells_the_next_step_only_when_it_is_asked_to(anna: Staff) -> None:
    client = await anna.client()
    http = anna.http

    async def steps() -> tuple[str, str]:
        rows = good(await http.get(LIST, params={"tab": "mine", "include": "next_step", "limit": 200}))
        row = next(row for row in rows if row["id"] == str(client.id))
        assert row.keys() == SUMMARY | {"next_step"}
        return row["next_step"], good(await http.get(at(client)))["next_step"]

    good(await http.patch(at(client, "/profile"), json=PROFILE))
    assert await steps() == ("passport", "passport")
    plain = good(await http.get(LIST, params={"tab": "mine"}))
    assert all(row.keys() == SUMMARY for row in plain)
    good(await http.put(at(client, "/passport"), json=passport(number_of(client))))
    assert await steps() == ("devices", "devices")
    good(await http.post(at(client, "/devices"), json=DEVICE))
    assert await steps() == ("tariff", "tariff")
    good(await http.post(at(client, "/tariff/apply"), json={"device_count": 1}))
    assert await steps() == ("contract", "contract")
    good(await http.post(at(client, "/contract/generate")))
    assert await steps() == ("signature", "signature")
    good(await http.post(at(client, "/contract/void"), json={"reason": "Опечатка"}))
    assert await steps() == ("contract", "contract")
    await sign(anna, client)
    assert await steps() == ("payment", "payment")
    good(await http.post(at(client, "/devices"), json=DEVICE))
    assert await steps() == ("contract", "contract")


async def test_of_several_versions_of_a_contract_the_row_is_there_once(staff: Staff) -> None:
    client = await staff.client(assigned_manager_id=staff.manager.id, status=ClientStatus.AWAITING_CONTRACT)
    keyring = staff.api.context.keyring
    for number, status in enumerate((ContractStatus.VOID, ContractStatus.DECLINED, ContractStatus.SENT)):
        await factories.make_contract(
            staff.api.sessions, keyring, client, status=status, number=f"{client.id.hex[:20]}-{number}"
        )
    rows = good(await staff.http.get(LIST, params={"tab": "mine", "include": "next_step"}))
    assert [row["next_step"] for row in rows] == ["passport"]
    new = good(await staff.http.get(LIST, params={"tab": "new", "include": "next_step"}))
    assert new == []


async def test_pages_with_the_next_step_go_on_with_it(staff: Staff) -> None:
    for _ in range(3):
        await staff.client()
    first = await staff.http.get(LIST, params={"include": "next_step", "limit": 2})
    second = await staff.http.get(first.links["next"]["url"])
    assert [row["next_step"] for answer in (first, second) for row in good(answer)] == ["profile"] * 3
    refused = await staff.http.get(LIST, params={"include": "passport"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-value")


async def test_colleagues_are_those_who_may_or_who_hold_somebody_still(staff: Staff, anna: Staff) -> None:
    may = await staff.colleague(name="Алла")
    await staff.colleague(name="Вера", can_onboard=False)
    await staff.colleague(name="Глеб", disabled_at=utc_now())
    gone = await staff.colleague(name="Дина", disabled_at=utc_now())
    await staff.client(assigned_manager_id=gone.manager.id, status=ClientStatus.IN_VERIFICATION)
    shown = good(await staff.http.get("/api/manager/colleagues"))
    assert shown == [
        {"id": str(one.manager.id), "name": one.manager.name}
        for one in sorted((may, gone, staff), key=lambda one: one.manager.name)
    ]


async def test_the_rules_of_the_house_are_those_of_the_settings(staff: Staff) -> None:
    settings = staff.api.settings
    assert good(await staff.http.get("/api/manager/rules")) == {
        "otp_resend_seconds": settings.otp_resend_seconds,
        "otp_ttl_seconds": settings.otp_ttl_seconds,
        "otp_max_attempts": settings.otp_max_attempts,
        "business_timezone": settings.business_timezone,
        "max_photo_bytes": 10 * 1024 * 1024,
        "photo_types": ["image/jpeg", "image/png", "image/webp"],
    }


async def test_the_number_of_devices_is_that_of_the_card(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client, devices=2)
    rows = good(await anna.http.get(LIST, params={"tab": "mine", "include": "next_step"}))
    assert next(row["devices_count"] for row in rows if row["id"] == str(client.id)) == 2
