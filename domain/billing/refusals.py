"""Refusals of payments."""

from domain.kernel.refusal import Refusal


class InvoiceCanceled(Refusal):
    """A payment of a canceled invoice."""

    code, status, title = "invoice-canceled", 409, "Счёт отменён"


class AmountMismatch(Refusal):
    code, status, title = "amount-mismatch", 409, "Сумма не совпадает"
