"""The organisation's rules: what is taken, what is refused, who may change them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff

ME = "/api/clients/me"
ON: dict[str, Any] = {
    "auto_reply_enabled": True,
    "auto_reply_text": "Мы ответим утром.",
    "auto_reply_timezone": "Europe/Moscow",
    "auto_reply_start_time": "21:00",
    "auto_reply_end_time": "09:00",
}


async def test_a_new_organisation_answers_nobody_by_itself(owner: Staff) -> None:
    shown = good(await owner.http.get(ME))
    assert shown["auto_reply_enabled"] is False
    assert shown["auto_reply_delay_seconds"] == 75
    assert shown["mark_read"] == "on_delivery"
    assert (shown["auto_reply_now"]["answer"], shown["auto_reply_now"]["reason"]) == (False, "off")


async def test_what_is_changed_is_kept_and_the_rest_stays(owner: Staff) -> None:
    windows = [{"days": [5, 6], "start": "00:00", "end": "24:00"}]
    more = {
        "auto_reply_windows": windows,
        "auto_reply_holidays": ["2027-01-02", "2027-01-01", "2027-01-01"],
        "filter_keywords": ["казино", "ставки"],
        "canned_replies": {"торг": "Здравствуйте, {buyer}! Торг у товара."},
        "unanswered_minutes": None,
        "mark_read": "on_answer",
        "hide_system_messages": False,
    }
    good(await owner.http.patch(ME, json={**ON, **more}))
    good(await owner.http.patch(ME + "/", json={"name": "  Лавка   Ольги "}))
    shown = good(await owner.http.get(ME + "/"))
    assert {name: shown[name] for name in ON} == ON
    assert shown["auto_reply_windows"] == [{"days": [5, 6], "start": "00:00", "end": "00:00"}]
    assert shown["auto_reply_holidays"] == ["2027-01-01", "2027-01-02"]
    assert (shown["filter_keywords"], shown["canned_replies"]) == (more["filter_keywords"], more["canned_replies"])
    assert (shown["unanswered_minutes"], shown["mark_read"], shown["name"]) == (None, "on_answer", "Лавка Ольги")


async def test_an_empty_choice_of_a_zone_or_a_text_is_none(owner: Staff) -> None:
    changed = good(await owner.http.patch(ME, json={"auto_reply_timezone": "", "auto_reply_text": None}))
    assert (changed["auto_reply_timezone"], changed["auto_reply_text"]) == (None, None)


async def test_the_page_says_what_a_buyer_would_get_now(owner: Staff) -> None:
    changed = good(await owner.http.patch(ME, json={**ON, "auto_reply_always": True}))
    assert changed["auto_reply_now"]["answer"] is True
    assert changed["auto_reply_now"]["because"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({**ON, "auto_reply_text": None}, "auto_reply_text"),
        ({**ON, "auto_reply_text": "  "}, "auto_reply_text"),
        ({**ON, "auto_reply_text": "я" * 1001}, "auto_reply_text"),
        ({**ON, "auto_reply_timezone": None}, "auto_reply_timezone"),
        ({**ON, "auto_reply_timezone": "Europe/Nowhere"}, "auto_reply_timezone"),
        ({**ON, "auto_reply_timezone": "Europe"}, "auto_reply_timezone"),
        ({**ON, "auto_reply_timezone": "../../etc/passwd"}, "auto_reply_timezone"),
        ({**ON, "auto_reply_end_time": "21:00"}, "auto_reply_end_time"),
        ({**ON, "auto_reply_start_time": "9:00"}, "auto_reply_start_time"),
        ({**ON, "auto_reply_start_time": "25:00"}, "auto_reply_start_time"),
        ({"auto_reply_start_time": "10:00", "auto_reply_end_time": "10:00"}, "auto_reply_end_time"),
        ({"auto_reply_timezone": "Луна"}, "auto_reply_timezone"),
        ({"auto_reply_mode": "never"}, "auto_reply_mode"),
        ({"auto_reply_delay_seconds": 0}, "auto_reply_delay_seconds"),
        ({"auto_reply_delay_seconds": 3601}, "auto_reply_delay_seconds"),
        ({"auto_reply_enabled": None}, "auto_reply_enabled"),
        ({"auto_reply_holidays": ["завтра"]}, "auto_reply_holidays"),
        ({"auto_reply_windows": [{"days": [7], "start": "09:00", "end": "18:00"}]}, "auto_reply_windows"),
        ({"auto_reply_windows": [{"days": [1], "start": "09:00", "end": "09:00"}]}, "auto_reply_windows"),
        ({"canned_replies": {"цена": "{цена}"}}, "canned_replies"),
        ({"canned_replies": {"Два слова": "текст"}}, "canned_replies"),
        ({"mark_read": "sometimes"}, "mark_read"),
        ({"unanswered_minutes": 0}, "unanswered_minutes"),
        ({"name": ""}, "name"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_rules_that_could_never_work_are_refused_and_nothing_is_changed(
    owner: Staff, changes: dict[str, Any], field: str
) -> None:
    before = good(await owner.http.get(ME))
    refused = await owner.http.patch(ME, json=changes)
    assert refused.status_code == 422, refused.text
    assert field in {part for error in refused.json()["errors"] for part in error["loc"]}
    assert good(await owner.http.get(ME)) == before


async def test_an_enabled_auto_reply_cannot_lose_what_it_needs_later(owner: Staff) -> None:
    good(await owner.http.patch(ME, json=ON))
    assert (await owner.http.patch(ME, json={"auto_reply_text": ""})).status_code == 422
    good(await owner.http.patch(ME, json={"auto_reply_text": "", "auto_reply_enabled": False}))


async def test_a_manager_reads_the_rules_and_does_not_change_them(owner: Staff) -> None:
    manager = await owner.colleague(can_onboard=False)
    assert good(await manager.http.get(ME))["name"] == "Лавка"
    refused = await manager.http.patch(ME, json={"name": "Моя лавка"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


async def test_a_repeated_key_changes_once(owner: Staff) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first = good(await owner.http.patch(ME, json={"name": "Первое"}, headers=headers))
    good(await owner.http.patch(ME, json={"name": "Второе"}))
    assert good(await owner.http.patch(ME, json={"name": "Первое"}, headers=headers)) == first
    assert good(await owner.http.get(ME))["name"] == "Второе"
    assert (await owner.http.patch(ME, json={"name": "Третье"}, headers=headers)).status_code == 422
