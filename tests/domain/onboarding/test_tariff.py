"""What is billed for devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.refusal import InvalidValue
from domain.onboarding.tariff import DEFAULT_EXTRA, calculate, device_fee, total_extra


def test_without_a_tariff_a_device_costs_a_thousand_roubles() -> None:
    assert DEFAULT_EXTRA == 100_000


@pytest.mark.parametrize(
    ("own_fee", "charged"),
    [(None, 50_000), (0, 50_000), (1, 1), (70_000, 70_000)],
)
def test_a_fee_of_its_own_stands_for_the_tariffs_only_above_zero(own_fee: int | None, charged: int) -> None:
    assert device_fee(own_fee, 50_000) == charged


def test_the_bill_is_the_sum_over_the_devices() -> None:
    assert total_extra([None, 0, 30_000], 100_000) == 230_000
    assert total_extra([], 100_000) == 0
    assert total_extra([None, 0], 0) == 0


def test_a_forecast_knows_the_count_only() -> None:
    assert calculate(3, 100_000) == 300_000
    assert calculate(0, 100_000) == 0


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(InvalidValue):
        calculate(-1, 100_000)


@given(st.integers(0, 50), st.integers(0, 10**8))
def test_forecast_and_bill_agree_while_no_device_has_its_own_fee(count: int, extra: int) -> None:
    assert calculate(count, extra) == total_extra([None] * count, extra)
