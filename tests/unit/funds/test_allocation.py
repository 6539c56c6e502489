"""Sharing a total: to the last cent, by weight, with a minimum, the same for everyone who recomputes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.allocation import allocate
from services.funds.domain.refusals.budget import MinimumTooHigh, WeightsMissing

WEIGHTS = st.dictionaries(st.text("0123456789", min_size=6, max_size=6), st.integers(0, 10**6), min_size=1).filter(
    lambda weights: any(weights.values())
)


def test_equal_remainders_go_to_the_lower_key() -> None:
    assert allocate(100, {"114010": 1, "114009": 1, "114011": 1}) == {"114009": 34, "114010": 33, "114011": 33}


def test_the_largest_remainder_gets_the_cent() -> None:
    assert allocate(10, {"a": 14, "b": 15, "c": 71}) == {"a": 1, "b": 2, "c": 7}


def test_nobody_gets_less_than_the_minimum() -> None:
    assert allocate(1_000, {"small": 1, "big": 99}, 260) == {"small": 260, "big": 740}


def test_raising_one_to_the_minimum_may_push_another_below_it() -> None:
    parts = allocate(100, {"a": 1, "b": 31, "c": 68}, 30)
    assert parts == {"a": 30, "b": 30, "c": 40}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1, "b": 2}])
def test_weights_must_be_there(weights: dict[str, int]) -> None:
    with pytest.raises(WeightsMissing):
        allocate(100, weights)


def test_a_minimum_that_the_total_does_not_cover_is_refused() -> None:
    with pytest.raises(MinimumTooHigh):
        allocate(99, {"a": 1, "b": 1}, 50)


@given(st.integers(0, 10**9), WEIGHTS)
def test_the_parts_sum_exactly_and_are_within_a_cent_of_their_share(total: int, weights: dict[str, int]) -> None:
    parts = allocate(total, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    assert all(abs(part * whole - total * weights[key]) < whole for key, part in parts.items())


@given(st.integers(0, 10**9), WEIGHTS, st.integers(0, 10**6))
def test_with_a_minimum_the_parts_still_sum_exactly(total: int, weights: dict[str, int], minimum: int) -> None:
    if minimum * len(weights) > total:
        return
    parts = allocate(total, weights, minimum)
    assert sum(parts.values()) == total
    assert min(parts.values()) >= minimum
    assert list(parts) == sorted(weights)
