"""Due dates, reminders and messages of invoices."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from domain.kernel.money import show_amount

DAYS_TO_PAY: Final = 5
REMINDER_HOUR: Final = time(10)


def due_date(signed_at: datetime, zone: tzinfo) -> date:
    """The fifth day after the day of signing, in the time zone of the business."""
    return signed_at.astimezone(zone).date() + timedelta(days=DAYS_TO_PAY)


def reminder_at(due: date, zone: tzinfo) -> datetime:
    """10:00 of the day before in `zone`, as UTC."""
    return datetime.combine(due - timedelta(days=1), REMINDER_HOUR, zone).astimezone(UTC)


def overdue_at(due: date, zone: tzinfo) -> datetime:
    """The midnight at the end of the due date in `zone`, as UTC: the due date itself is in time."""
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
