from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.comparison import GROUPS, typical


@pytest.mark.parametrize(
    ("shares", "percent"), [([0.2, 0.48, 0.9], 48), ([0.0, 0.4, 0.5, 1.0], 45), ([0.0] * 3, 0), ([1.0] * 3, 100)]
)
def test_what_is_told_is_the_median_in_percent(shares: list[float], percent: int) -> None:
    assert typical(shares) == percent


@given(st.lists(st.floats(0, 1), max_size=GROUPS - 1))
def test_of_fewer_than_three_groups_nothing_is_told(shares: list[float]) -> None:
    assert typical(shares) is None


@given(st.lists(st.floats(0, 1), min_size=GROUPS, max_size=9))
def test_the_order_of_the_groups_tells_nothing(shares: list[float]) -> None:
    assert typical(shares) == typical(sorted(shares))
