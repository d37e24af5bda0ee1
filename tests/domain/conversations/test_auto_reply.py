"""Who gets an auto-reply, when, and why not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.conversations.auto_reply import (
    AutoReplyMode,
    AutoReplyRules,
    Decision,
    Facts,
    Reason,
    check_rules,
    decide,
    due_at,
    would_answer_now,
)
from domain.conversations.hours import EVERY_DAY, Interval, Window
from domain.kernel.refusal import InvalidValue
from tests.domain.rules import passes

RULES = AutoReplyRules(
    enabled=True, start=time(22), end=time(6), zone="Europe/Moscow", text="Здравствуйте! Ответим утром."
)
FIRST = replace(RULES, mode=AutoReplyMode.FIRST)
ALWAYS = replace(RULES, always=True, start=None, end=None)


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")


AT = moscow("2026-11-20 23:00")
FACTS = Facts(
    last_buyer_message_at=AT - timedelta(seconds=75),
    first_unanswered_at=AT - timedelta(seconds=75),
    buyer_messages=1,
    last_auto_reply_at=None,
    last_human_reply_at=None,
)
EVENING = Interval(moscow("2026-11-20 22:00"), moscow("2026-11-21 06:00"))
YESTERDAY = moscow("2026-11-19 23:00")


@pytest.mark.parametrize(
    ("rules", "facts", "reason"),
    [
        (RULES, FACTS, Reason.YES),
        (replace(RULES, enabled=False), FACTS, Reason.OFF),
        (replace(RULES, zone=None), FACTS, Reason.NOT_SET_UP),
        (replace(RULES, start=None), FACTS, Reason.NO_HOURS),
        (replace(RULES, start=None, end=None, holidays=frozenset({date(2026, 11, 20)})), FACTS, Reason.YES),
        (RULES, replace(FACTS, muted=True), Reason.MUTED),
        (RULES, replace(FACTS, closed=True), Reason.CLOSED),
        (RULES, replace(FACTS, last_buyer_message_at=None, first_unanswered_at=None), Reason.NOTHING_TO_ANSWER),
        (RULES, replace(FACTS, first_unanswered_at=None), Reason.NOTHING_TO_ANSWER),
        (RULES, replace(FACTS, last_human_reply_at=AT), Reason.PERSON_ANSWERED),
        (RULES, replace(FACTS, last_human_reply_at=FACTS.last_buyer_message_at), Reason.PERSON_ANSWERED),
        (RULES, replace(FACTS, last_human_reply_at=YESTERDAY), Reason.YES),
        (RULES, replace(FACTS, buyer_messages=9), Reason.YES),
        (RULES, replace(FACTS, last_auto_reply_at=YESTERDAY), Reason.YES),
        (RULES, replace(FACTS, last_auto_reply_at=EVENING.start), Reason.ALREADY_ANSWERED),
        (RULES, replace(FACTS, last_auto_reply_at=AT), Reason.ALREADY_ANSWERED),
        (FIRST, FACTS, Reason.YES),
        (FIRST, replace(FACTS, buyer_messages=2), Reason.NOT_FIRST),
        (FIRST, replace(FACTS, last_auto_reply_at=YESTERDAY), Reason.NOT_FIRST),
    ],
)
def test_an_auto_reply_needs_every_reason(rules: AutoReplyRules, facts: Facts, reason: Reason) -> None:
    decision = decide(rules, facts, AT)
    assert decision.reason is reason
    assert decision.answer == (reason is Reason.YES)
    assert decision.because.endswith(".")


def test_earlier_reasons_are_named_first() -> None:
    facts = Facts(None, None, 2, AT, AT, muted=True, closed=True)
    rules = replace(FIRST, enabled=False)
    day = moscow("2026-11-20 12:00")
    named = [decide(rules, facts, day).reason]
    for fixed in (
        {},
        {"muted": False},
        {"closed": False},
        {"last_buyer_message_at": day, "first_unanswered_at": day},
        {"last_human_reply_at": None},
        {"buyer_messages": 1, "last_auto_reply_at": None},
    ):
        rules = FIRST
        facts = replace(facts, **fixed)
        named.append(decide(rules, facts, day).reason)
    assert named == [
        Reason.OFF,
        Reason.MUTED,
        Reason.CLOSED,
        Reason.NOTHING_TO_ANSWER,
        Reason.PERSON_ANSWERED,
        Reason.NOT_FIRST,
        Reason.OUTSIDE_HOURS,
    ]


@pytest.mark.parametrize(
    ("at", "interval"),
    [
        ("2026-11-20 21:59:59", None),
        ("2026-11-20 22:00:00", EVENING),
        ("2026-11-21 05:59:59", EVENING),
        ("2026-11-21 06:00:00", None),
    ],
)
def test_hours_are_judged_when_the_delay_has_run_out(at: str, interval: Interval | None) -> None:
    decision = decide(RULES, FACTS, moscow(at))
    assert decision.answer == (interval is not None)
    assert decision.interval == interval


def test_one_answer_in_each_night() -> None:
    answered = replace(FACTS, last_auto_reply_at=AT)
    assert decide(RULES, answered, moscow("2026-11-21 05:00")).reason is Reason.ALREADY_ANSWERED
    next_night = replace(answered, first_unanswered_at=moscow("2026-11-21 22:10"))
    assert decide(RULES, next_night, moscow("2026-11-21 22:11")).answer


def test_round_the_clock_one_answer_a_day() -> None:
    answered = replace(FACTS, last_auto_reply_at=moscow("2026-11-20 00:00"))
    assert decide(ALWAYS, answered, AT).reason is Reason.ALREADY_ANSWERED
    assert decide(ALWAYS, answered, moscow("2026-11-21 00:00")).answer


def test_windows_and_holidays_extend_the_first_window() -> None:
    rules = replace(RULES, windows=(Window(EVERY_DAY, time(12), time(13)),), holidays=frozenset({date(2026, 11, 23)}))
    assert decide(rules, FACTS, moscow("2026-11-20 12:30")).answer
    assert decide(rules, FACTS, moscow("2026-11-23 15:00")).answer
    assert not decide(rules, FACTS, moscow("2026-11-20 15:00")).answer


def test_a_second_autoresponder_is_told_of_and_stops_nothing() -> None:
    decision = decide(RULES, replace(FACTS, foreign_autoresponder=True), AT)
    assert decision.answer
    assert "два ответа" in decision.because


@pytest.mark.parametrize(("late", "waits"), [(-3, 72), (0, 75), (1, 76), (5, 80), (6, 80), (3600, 80)])
def test_a_message_that_came_late_has_waited_already(late: int, waits: int) -> None:
    created = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert due_at(RULES, created + timedelta(seconds=late), created) == created + timedelta(seconds=waits)


def test_the_settings_page_says_what_a_new_buyer_would_get() -> None:
    assert would_answer_now(FIRST, AT).answer
    assert would_answer_now(RULES, moscow("2026-11-20 12:00")) == Decision(
        False, Reason.OUTSIDE_HOURS, "Сейчас не часы автоответа."
    )
    assert would_answer_now(AutoReplyRules(), AT).because == "Автоответ выключен."


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"text": None}, ["auto_reply_text"]),
        ({"text": " \n"}, ["auto_reply_text"]),
        ({"text": "я" * 1001}, ["auto_reply_text"]),
        ({"text": "🙂" * 501}, ["auto_reply_text"]),
        ({"zone": None}, ["auto_reply_timezone"]),
        ({"zone": "Mars/Olympus"}, ["auto_reply_timezone"]),
        ({"zone": "Mars/Olympus", "enabled": False}, ["auto_reply_timezone"]),
        ({"start": time(6)}, ["auto_reply_end_time"]),
        ({"start": time(6), "enabled": False}, ["auto_reply_end_time"]),
        ({"delay_seconds": 0}, ["auto_reply_delay_seconds"]),
        ({"delay_seconds": 3601}, ["auto_reply_delay_seconds"]),
        ({"windows": (Window(EVERY_DAY, time(1), time(2)),) * 21}, ["auto_reply_windows"]),
        (
            {"holidays": frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(367))},
            ["auto_reply_holidays"],
        ),
        (
            {"text": "", "zone": "", "delay_seconds": 0},
            ["auto_reply_text", "auto_reply_timezone", "auto_reply_delay_seconds"],
        ),
    ],
)
def test_every_wrong_setting_is_named(change: dict[str, object], fields: list[str]) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_rules(replace(RULES, **change))  # type: ignore[arg-type]  # the fields of the table
    assert [error["loc"] for error in refused.value.errors] == [["body", field] for field in fields]


@pytest.mark.parametrize(
    "rules",
    [
        RULES,
        ALWAYS,
        AutoReplyRules(),
        AutoReplyRules(start=time(9)),
        replace(RULES, start=None, end=None, windows=(Window(EVERY_DAY, time(1), time(2)),)),
        replace(RULES, text="я" * 1000, delay_seconds=3600),
        replace(RULES, delay_seconds=1),
    ],
)
def test_good_settings_pass(rules: AutoReplyRules) -> None:
    assert passes(check_rules, rules)
