"""When a bill is due, when to remind of it, and how it is announced."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from domain.kernel.money import show_amount

DAYS_TO_PAY: Final = 5
REMINDER_HOUR: Final = time(10)


def due_date(signed_at: datetime, zone: tzinfo) -> date:
    """The fifth day after the day of signing by the calendar of the business, whatever the hour in UTC."""
    return signed_at.astimezone(zone).date() + timedelta(days=DAYS_TO_PAY)


def reminder_at(due: date, zone: tzinfo) -> datetime:
    """Ten in the morning of the day before, in UTC."""
    return datetime.combine(due - timedelta(days=1), REMINDER_HOUR, zone).astimezone(UTC)


def overdue_at(due: date, zone: tzinfo) -> datetime:
    """The midnight that ends the due date, in UTC: the whole of that day is still in time."""
    return datetime.combine(due + timedelta(days=1), time(), zone).astimezone(UTC)


def bill_message(number: str, amount_kopecks: int, due: date) -> str:
    return f"Выставлен счёт по договору {number}: {show_amount(amount_kopecks)}. Оплатите до {_day(due)}"


def reminder_message(number: str, amount_kopecks: int, due: date) -> str:
    return (
        f"Напоминаем: счёт по договору {number} на {show_amount(amount_kopecks)} нужно оплатить до {_day(due)} "
        "включительно. Если вы уже оплатили, ничего делать не нужно."
    )


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")
