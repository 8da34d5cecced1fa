from __future__ import annotations

import datetime as dt

import pytest

from bot.metrics.period import Period, parse, quarter_of


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-11", Period("2026-11", "2026-11", "2026-11")),
        (" 2026-q3 ", Period("2026-Q3", "2026-07", "2026-09")),
        ("2026", Period("2026", "2026-01", "2026-12")),
    ],
)
def test_a_month_a_quarter_and_a_year_are_periods(text: str, period: Period) -> None:
    assert parse(text) == period


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "26", "2026-07-01", "quý 3"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="write a month"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "before"),
    [("2026-01", "2025-12"), ("2026-Q1", "2025-Q4"), ("2026-Q3", "2026-Q2"), ("2026", "2025")],
)
def test_the_period_before_ends_where_this_one_begins(text: str, before: str) -> None:
    assert parse(text).before == parse(before)


def test_months_go_back_over_the_turn_of_the_year() -> None:
    assert parse("2026-Q1").months(4) == ["2025-12", "2026-01", "2026-02", "2026-03"]


def test_a_day_is_in_its_quarter() -> None:
    assert [quarter_of(dt.date(2026, month, 30)).name for month in (3, 4, 12)] == ["2026-Q1", "2026-Q2", "2026-Q4"]
