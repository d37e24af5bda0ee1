"""Refusals of payments."""

from domain.kernel.refusal import Refusal


class AmountMismatch(Refusal):
    code, status, title = "amount-mismatch", 409, "Сумма не совпадает"
