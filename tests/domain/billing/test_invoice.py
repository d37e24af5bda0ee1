"""A bill is due by the calendar of the business, not of the server."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.billing.invoice import bill_message, due_date, overdue_at, reminder_at, reminder_message
from domain.kernel.money import show_amount

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("signed_at", "due"),
    [
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 21, 20, 59, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 21, 21, 0, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 12, 29, 9, 0, tzinfo=UTC), date(2027, 1, 3)),
    ],
)
def test_a_bill_is_due_five_days_after_the_moscow_day_of_signing(signed_at: datetime, due: date) -> None:
    assert due_date(signed_at, MOSCOW) == due


def test_the_reminder_comes_at_ten_in_the_morning_of_the_day_before() -> None:
    assert reminder_at(date(2026, 11, 26), MOSCOW) == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def test_the_whole_due_day_is_still_in_time() -> None:
    assert overdue_at(date(2026, 11, 26), MOSCOW) == datetime(2026, 11, 26, 21, 0, tzinfo=UTC)


def test_local_hours_survive_a_change_of_the_clocks() -> None:
    assert reminder_at(date(2026, 3, 29), BERLIN) == datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
    assert reminder_at(date(2026, 3, 30), BERLIN) == datetime(2026, 3, 29, 8, 0, tzinfo=UTC)
    assert overdue_at(date(2026, 3, 29), BERLIN) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert reminder_at(date(2026, 3, 30), BERLIN).tzinfo is UTC


@pytest.mark.parametrize(
    ("kopecks", "shown"),
    [(0, "0.00 ₽"), (5, "0.05 ₽"), (150_050, "1500.50 ₽"), (10**17 + 1, "1000000000000000.01 ₽")],
)
def test_sums_are_exact_to_the_kopeck(kopecks: int, shown: str) -> None:
    assert show_amount(kopecks) == shown


def test_the_bill_is_announced_in_the_agreed_words() -> None:
    assert (
        bill_message("ИВ-261121-01", 150_000, date(2026, 11, 26))
        == "Выставлен счёт по договору ИВ-261121-01: 1500.00 ₽. Оплатите до 26.11.2026"
    )


def test_the_reminder_names_contract_sum_and_day() -> None:
    message = reminder_message("ИВ-261121-01", 150_000, date(2026, 11, 26))
    assert "ИВ-261121-01" in message
    assert "1500.00 ₽" in message
    assert "26.11.2026" in message
