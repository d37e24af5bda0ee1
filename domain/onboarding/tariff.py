"""Fees of a client's devices, in kopecks."""

from collections.abc import Sequence
from typing import Final

from domain.kernel.refusal import InvalidValue

# 1000 ₽ for each device while no tariff is chosen.
DEFAULT_EXTRA: Final = 100_000


def device_fee(own_fee: int | None, extra_per_device: int) -> int:
    """The device's own fee, or the tariff's if that is absent or zero."""
    return own_fee if own_fee is not None and own_fee > 0 else extra_per_device


def total_extra(own_fees: Sequence[int | None], extra_per_device: int) -> int:
    """The billed sum, without the tariff's base fee, which belongs to the subscription."""
    return sum(device_fee(own_fee, extra_per_device) for own_fee in own_fees)


def calculate(device_count: int, extra_per_device: int) -> int:
    """A forecast from the number of devices, without their own fees."""
    if device_count < 0:
        raise InvalidValue("Количество устройств не может быть отрицательным.")
    return device_count * extra_per_device
