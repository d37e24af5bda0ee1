"""What a client's devices cost, in kopecks."""

from collections.abc import Sequence
from typing import Final

from domain.kernel.refusal import InvalidValue

# 1000 ₽ for each device as long as no tariff is chosen.
DEFAULT_EXTRA: Final = 100_000


def device_fee(own_fee: int | None, extra_per_device: int) -> int:
    """A device's own fee stands for the tariff's, unless it is absent or zero."""
    return own_fee if own_fee is not None and own_fee > 0 else extra_per_device


def total_extra(own_fees: Sequence[int | None], extra_per_device: int) -> int:
    """The sum that is billed; the tariff's base fee belongs to the subscription and is no part of it."""
    return sum(device_fee(own_fee, extra_per_device) for own_fee in own_fees)


def calculate(device_count: int, extra_per_device: int) -> int:
    """A forecast from a count alone, blind to own fees of devices."""
    if device_count < 0:
        raise InvalidValue("Количество устройств не может быть отрицательным.")
    return device_count * extra_per_device
