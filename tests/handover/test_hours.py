"""Office hours over weekends, holidays and the noon break, for any week and any moment."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handover.hours import HORIZON, Hours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13), dt.time(17)))
TET = (dt.date(2027, 2, 5), dt.date(2027, 2, 10))
OFFICE = Hours(ZONE, dict.fromkeys(range(5), DAY), (TET,))


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-24T06:00", "2026-11-24T07:30"),
        ("2026-11-24T07:30", "2026-11-24T13:00"),
        ("2026-11-24T12:00", "2026-11-24T13:00"),
        ("2026-11-24T17:00", "2026-11-25T07:30"),
        ("2026-11-27T17:00", "2026-11-30T07:30"),  # Friday evening
        ("2026-11-29T10:00", "2026-11-30T07:30"),  # Sunday
        ("2027-02-04T17:00", "2027-02-11T07:30"),  # the evening before Tết
        ("2027-02-07T10:00", "2027-02-11T07:30"),
        ("2026-12-31T23:59", "2027-01-01T07:30"),
    ],
)
def test_the_next_opening_is_the_next_time_that_somebody_comes(now: str, opening: str) -> None:
    assert OFFICE.next_opening(local(now)) == local(opening)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-24T07:29", None),
        ("2026-11-24T07:30", "2026-11-24T17:00"),
        ("2026-11-24T11:30", None),
        ("2026-11-24T16:59", "2026-11-24T17:00"),
        ("2026-11-28T10:00", None),
        ("2027-02-08T10:00", None),
    ],
)
def test_somebody_is_there_until_the_last_end_of_the_day(now: str, end: str | None) -> None:
    assert OFFICE.until(local(now)) == (local(end) if end else None)


def test_a_week_without_hours_is_an_error_and_no_endless_search() -> None:
    with pytest.raises(LookupError, match="look at handover"):
        Hours(ZONE, {}).next_opening(local("2026-11-24T06:00"))


minutes = st.integers(0, 1439).map(lambda n: dt.time(n // 60, n % 60))
spells = st.lists(minutes, min_size=2, max_size=6, unique=True).map(
    lambda times: tuple(zip(*[iter(sorted(times)[: len(times) // 2 * 2])] * 2, strict=True))
)
weeks = st.dictionaries(st.integers(0, 6), spells, min_size=1)
runs = st.lists(
    st.tuples(st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 1)), st.integers(0, 9)).map(
        lambda pair: (pair[0], pair[0] + dt.timedelta(days=pair[1]))
    ),
    max_size=5,
)
hours = st.builds(Hours, st.just(ZONE), weeks, runs)
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 1)).map(lambda at: at.replace(tzinfo=dt.UTC))


@given(hours, moments)
def test_the_next_opening_lies_ahead_and_begins_a_spell(office: Hours, now: dt.datetime) -> None:
    opening = office.next_opening(now)
    assert now < opening < now + dt.timedelta(days=HORIZON)
    assert office.at(opening)
    assert (opening.astimezone(ZONE).time(),) in [(start,) for each in office.week.values() for start, _ in each]


@given(hours, moments, st.floats(0, 1))
def test_when_nobody_is_there_nobody_comes_before_the_next_opening(
    office: Hours, now: dt.datetime, share: float
) -> None:
    if office.at(now):
        return
    between = now + (office.next_opening(now) - now) * share * 0.999999
    assert not office.at(between)


@given(hours, moments)
def test_nobody_is_there_on_a_holiday(office: Hours, now: dt.datetime) -> None:
    day = now.astimezone(ZONE).date()
    closed = Hours(office.zone, office.week, [*office.holidays, (day, day)])
    assert not closed.at(now)
    assert closed.next_opening(now).astimezone(ZONE).date() > day


@given(hours, moments)
def test_the_end_lies_ahead_on_the_same_day_exactly_while_somebody_is_there(office: Hours, now: dt.datetime) -> None:
    end = office.until(now)
    assert (end is not None) == office.at(now)
    if end:
        assert end > now
        assert not office.at(end)
        assert end.astimezone(ZONE).date() == now.astimezone(ZONE).date()
