"""Money as integer kopecks; roubles are used only in JSON and in texts for people."""

import math
import re
from decimal import Decimal
from typing import NewType

from num2words import num2words

Kopecks = NewType("Kopecks", int)

MAX_ROUBLES = 10**12

_NUMBER = re.compile(r"\d{1,13}(\.\d+)?", re.ASCII)
_NO_BREAK_SPACE = "\u00a0"


def kopecks(value: Decimal | int | float | str) -> Kopecks:
    """Roubles as a JSON number (or its text) to kopecks; raises ValueError, in Russian, for an inexact amount."""
    amount = _decimal(value)
    if amount < 0:
        raise ValueError("Сумма не может быть отрицательной.")
    if amount > MAX_ROUBLES:
        raise ValueError("Сумма слишком велика.")
    _, digits, exponent = amount.as_tuple()
    if isinstance(exponent, int) and exponent < -2 and any(digits[exponent + 2 :]):
        raise ValueError("В сумме может быть не больше двух знаков после запятой.")
    return Kopecks(int(amount.quantize(Decimal("0.01")).scaleb(2)))


def _decimal(value: Decimal | int | float | str) -> Decimal:
    # bool is a subclass of int, but not an amount.
    if isinstance(value, bool):
        raise ValueError("Сумма должна быть числом.")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("Сумма должна быть числом.")
        return Decimal(repr(value))
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise ValueError("Сумма должна быть числом, например 1000 или 1000.50.")
        return Decimal(value)
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("Сумма должна быть числом.")
    return Decimal(value)


def roubles(amount: Kopecks) -> float | int:
    """The JSON number of an amount: whole roubles as an integer, others with at most two decimals."""
    return amount // 100 if amount % 100 == 0 else amount / 100


def plain_roubles(amount: Kopecks) -> str:
    """`1000.00`: the form of amounts in chat messages."""
    return f"{amount // 100}.{amount % 100:02d}"


def show_amount(amount: int) -> str:
    """`1500.00 ₽` of kopecks; with a dot, as in the product's older messages."""
    return f"{plain_roubles(Kopecks(amount))} ₽"


def format_roubles(amount: Kopecks) -> str:
    """`12 345,67` with no-break spaces: the form of amounts in documents."""
    return f"{_grouped(amount // 100)},{amount % 100:02d}"


def _grouped(whole: int) -> str:
    return f"{whole:,}".replace(",", _NO_BREAK_SPACE)


def in_words(amount: Kopecks) -> str:
    """`12 345 (Двенадцать тысяч триста сорок пять) рублей 67 копеек`: kopecks always, in two digits, once."""
    whole, rest = divmod(amount, 100)
    words: str = num2words(whole, lang="ru")
    return (
        f"{_grouped(whole)} ({words[0].upper()}{words[1:]}) {plural(whole, 'рубль', 'рубля', 'рублей')}"
        f" {rest:02d}{_NO_BREAK_SPACE}{plural(rest, 'копейка', 'копейки', 'копеек')}"
    )


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian form of a noun after a number: 1 рубль, 2 рубля, 5 рублей."""
    if count % 10 == 1 and count % 100 != 11:
        return one
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return few
    return many
