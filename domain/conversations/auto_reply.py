"""Auto-reply rules: whether and when a buyer is answered before a person does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.conversations.hours import Hours, Interval, Window, active_interval, parse_zone
from domain.kernel.refusal import FieldError, InvalidValue
from domain.kernel.text import AVITO_TEXT, utf16

LATENESS: Final = timedelta(seconds=5)
"""Largest delay of an on-time message; of a later one the auto-reply's delay has already begun."""

DELAYS: Final = range(1, 3601)
MOST_WINDOWS: Final = 20
MOST_HOLIDAYS: Final = 366


class AutoReplyMode(StrEnum):
    """To the buyer's messages at any time of a dialog, or only to his first one."""

    ALWAYS = "always"
    FIRST = "first"


@dataclass(frozen=True)
class AutoReplyRules:
    """An organisation's settings; `always` ignores windows, a holiday is answered all day."""

    enabled: bool = False
    mode: AutoReplyMode = AutoReplyMode.ALWAYS
    always: bool = False
    start: time | None = None
    end: time | None = None
    zone: str | None = None
    text: str | None = None
    delay_seconds: int = 75
    windows: tuple[Window, ...] = ()
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Facts:
    """State of the dialog. `buyer_messages` counts up to the message whose delay has run out, so that a second message
    within the delay does not change the first one's number."""

    last_buyer_message_at: datetime | None
    first_unanswered_at: datetime | None
    buyer_messages: int
    last_auto_reply_at: datetime | None
    last_human_reply_at: datetime | None
    muted: bool = False
    closed: bool = False
    foreign_autoresponder: bool = False


class Reason(StrEnum):
    YES = "yes"
    OFF = "off"
    NOT_SET_UP = "not-set-up"
    NO_HOURS = "no-hours"
    MUTED = "muted"
    CLOSED = "closed"
    NOTHING_TO_ANSWER = "nothing-to-answer"
    PERSON_ANSWERED = "person-answered"
    NOT_FIRST = "not-first"
    OUTSIDE_HOURS = "outside-hours"
    ALREADY_ANSWERED = "already-answered"


_BECAUSE: Final[Mapping[Reason, str]] = {
    Reason.YES: "Покупатель ждёт ответа, сейчас часы автоответа.",
    Reason.OFF: "Автоответ выключен.",
    Reason.NOT_SET_UP: "Автоответ включён, но настроен не полностью.",
    Reason.NO_HOURS: "Автоответ включён, но его часы не заданы: укажите начало и конец или включите «всегда».",
    Reason.MUTED: "В этом диалоге автоответ отключён.",
    Reason.CLOSED: "Диалог закрыт.",
    Reason.NOTHING_TO_ANSWER: "Отвечать не на что: нет сообщения покупателя без ответа.",
    Reason.PERSON_ANSWERED: "Сотрудник уже ответил.",
    Reason.NOT_FIRST: "Автоответ даётся только на первое сообщение диалога.",
    Reason.OUTSIDE_HOURS: "Сейчас не часы автоответа.",
    Reason.ALREADY_ANSWERED: "В эти часы автоответ в диалоге уже был.",
}


@dataclass(frozen=True)
class Decision:
    """`because` is a Russian sentence; `interval` the active one, if any."""

    answer: bool
    reason: Reason
    because: str
    interval: Interval | None = None


def check_rules(rules: AutoReplyRules) -> None:
    """Raises InvalidValue with every wrong field. Disabled rules may be incomplete, not contradictory."""
    errors = list(_errors(rules))
    if errors:
        raise InvalidValue("Проверьте настройки автоответа.", errors)


def decide(rules: AutoReplyRules, facts: Facts, at: datetime) -> Decision:
    """Whether to answer at `at`, when the delay has run out."""
    reason = _reason_before_hours(rules, facts)
    interval = active_interval(hours_of(rules), at) if reason is None else None
    if reason is None and interval is None:
        reason = Reason.OUTSIDE_HOURS
    elif interval is not None and facts.last_auto_reply_at is not None and facts.last_auto_reply_at >= interval.start:
        reason = Reason.ALREADY_ANSWERED
    reason = reason or Reason.YES
    because = _BECAUSE[reason]
    if reason is Reason.YES and facts.foreign_autoresponder:
        because += " В Avito включён и его собственный автоответчик: покупатель получит два ответа."
    return Decision(reason is Reason.YES, reason, because, interval)


def due_at(rules: AutoReplyRules, received_at: datetime, created_at: datetime) -> datetime:
    """End of the delay for a message made by Avito at `created_at` and received at `received_at`."""
    return min(received_at, created_at + LATENESS) + timedelta(seconds=rules.delay_seconds)


def would_answer_now(rules: AutoReplyRules, at: datetime) -> Decision:
    """Decision for the first message of a new buyer, shown on the settings page."""
    newcomer = Facts(
        last_buyer_message_at=at,
        first_unanswered_at=at,
        buyer_messages=1,
        last_auto_reply_at=None,
        last_human_reply_at=None,
    )
    return decide(rules, newcomer, at)


def hours_of(rules: AutoReplyRules) -> Hours:
    """Raises InvalidValue for a missing or unknown zone."""
    return Hours.read(
        rules.zone,
        always=rules.always,
        start=rules.start,
        end=rules.end,
        windows=rules.windows,
        holidays=rules.holidays,
    )


def _reason_before_hours(rules: AutoReplyRules, facts: Facts) -> Reason | None:
    if not rules.enabled:
        return Reason.OFF
    if next(_errors(rules), None) is not None:
        return Reason.NOT_SET_UP
    if not rules.always and not hours_of(rules).windows and not rules.holidays:
        return Reason.NO_HOURS
    if facts.muted:
        return Reason.MUTED
    if facts.closed:
        return Reason.CLOSED
    if facts.last_buyer_message_at is None:
        return Reason.NOTHING_TO_ANSWER
    if facts.last_human_reply_at is not None and facts.last_human_reply_at >= facts.last_buyer_message_at:
        return Reason.PERSON_ANSWERED
    if facts.first_unanswered_at is None:
        return Reason.NOTHING_TO_ANSWER
    if rules.mode is AutoReplyMode.FIRST and (facts.buyer_messages > 1 or facts.last_auto_reply_at is not None):
        return Reason.NOT_FIRST
    return None


def _errors(rules: AutoReplyRules) -> Iterator[FieldError]:
    text = rules.text or ""
    if rules.enabled and not text.strip():
        yield _error("text", "Напишите текст автоответа.")
    if utf16(text) > AVITO_TEXT:
        yield _error("text", f"Текст автоответа длиннее {AVITO_TEXT} символов.")
    yield from _errors_of_zone(rules)
    yield from _errors_of_hours(rules)
    if rules.delay_seconds not in DELAYS:
        yield _error("delay_seconds", "Задержка автоответа — от 1 до 3600 секунд.")
    if len(rules.windows) > MOST_WINDOWS:
        yield _error("windows", f"Окон может быть не больше {MOST_WINDOWS}.")
    if len(rules.holidays) > MOST_HOLIDAYS:
        yield _error("holidays", f"Выходных дат может быть не больше {MOST_HOLIDAYS}.")


def _errors_of_zone(rules: AutoReplyRules) -> Iterator[FieldError]:
    if not rules.zone:
        if rules.enabled:
            yield _error("timezone", "Укажите часовой пояс, например Europe/Moscow.")
        return
    try:
        parse_zone(rules.zone)
    except InvalidValue as refusal:
        yield _error("timezone", refusal.detail)


def _errors_of_hours(rules: AutoReplyRules) -> Iterator[FieldError]:
    """Missing hours are no error, because clients set them one by one; `decide` reports them."""
    if rules.start is not None and rules.start == rules.end:
        yield _error("end_time", "Начало и конец совпадают. Круглосуточно: включите «всегда».")


def _error(field: str, msg: str) -> FieldError:
    return FieldError(loc=["body", f"auto_reply_{field}"], msg=msg)
