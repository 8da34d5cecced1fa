from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.quiet import GRACE, Quiet, next_reminder, on_time

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TET = (dt.date(2027, 2, 5), dt.date(2027, 2, 10))
NIGHT = Quiet(ZONE)
QUIET = Quiet(ZONE, days=[TET])
NOON = Quiet(ZONE, dt.time(12), dt.time(14), [TET])

moments = st.datetimes(dt.datetime(2027, 2, 1), dt.datetime(2027, 2, 14), timezones=st.just(dt.UTC))
hours = st.integers(0, 23)
quiets = st.builds(
    Quiet,
    st.just(ZONE),
    hours.map(dt.time),
    hours.map(dt.time),
    st.sampled_from([(), (TET,), (TET, (dt.date(2027, 2, 11), dt.date(2027, 2, 11)))]),
)


def local(day: int, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    """In February 2027."""
    return dt.datetime(2027, 2, day, hour, minute, second, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(20, 59, False), (21, 0, True), (23, 59, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)],
)
def test_the_night_is_quiet_over_midnight(hour: int, minute: int, quiet: bool) -> None:
    assert NIGHT.at(local(2, hour, minute)) == quiet


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(11, 59, False), (12, 0, True), (13, 59, True), (14, 0, False), (23, 0, False)]
)
def test_quiet_hours_may_lie_within_a_day(hour: int, minute: int, quiet: bool) -> None:
    assert NOON.at(local(2, hour, minute)) == quiet


def test_the_hours_are_those_of_the_site_wherever_the_clock_stands() -> None:
    assert NIGHT.at(dt.datetime(2027, 2, 2, 14, 0, tzinfo=dt.UTC))  # 21:00 in Vietnam
    assert not NIGHT.at(dt.datetime(2027, 2, 2, 0, 0, tzinfo=dt.UTC))  # 07:00


@given(st.integers(TET[0].day, TET[1].day), hours, st.integers(0, 59))
def test_the_days_of_tet_are_wholly_quiet(day: int, hour: int, minute: int) -> None:
    assert QUIET.at(local(day, hour, minute))
    assert NOON.at(local(day, hour, minute))


def test_tet_begins_and_ends_at_midnight() -> None:
    assert not NOON.at(local(4, 23, 59, 59))
    assert NOON.at(local(5, 0))
    assert NOON.at(local(10, 23, 59, 59))
    assert not NOON.at(local(11, 0))


@pytest.mark.parametrize(
    ("quiet", "now", "over"),
    [
        (NIGHT, local(2, 22), local(3, 7)),
        (NIGHT, local(3, 3), local(3, 7)),
        (NIGHT, local(3, 9, 30), local(3, 9, 30)),
        (NOON, local(2, 13), local(2, 14)),
        (NOON, local(6, 9), local(11, 0)),
        (QUIET, local(4, 22), local(11, 7)),
        (QUIET, local(5, 0), local(11, 7)),
        (QUIET, local(10, 23), local(11, 7)),
    ],
)
def test_quiet_is_over_in_the_morning_or_after_the_holiday(quiet: Quiet, now: dt.datetime, over: dt.datetime) -> None:
    assert quiet.over(now) == over


@given(quiets, moments)
def test_when_quiet_is_over_it_is_not_quiet_and_not_past(quiet: Quiet, now: dt.datetime) -> None:
    over = quiet.over(now)
    assert over >= now
    assert not quiet.at(over)
    assert (over == now) == (not quiet.at(now))


@given(quiets, moments, st.floats(0, 1, exclude_max=True))
def test_quiet_is_over_no_later_than_it_ends(quiet: Quiet, now: dt.datetime, share: float) -> None:
    over = quiet.over(now)
    between = now + (over - now) * share
    assert between >= over or quiet.at(between)


@pytest.mark.parametrize(
    ("now", "hour", "at"),
    [
        (local(2, 9), 19, local(2, 19)),
        (local(2, 19), 19, local(3, 19)),
        (local(2, 20), 19, local(3, 19)),
        (local(2, 9), 7, local(3, 7)),
        (local(4, 20), 19, local(11, 19)),  # over Tết
        (local(7, 9), 8, local(11, 8)),
        (local(2, 9), 22, local(3, 7)),  # an hour of the night
        (local(2, 1), 3, local(2, 7)),
        (local(2, 5), 3, local(2, 7)),  # of the night that is not over yet
        (local(2, 1), 22, local(2, 7)),
        (local(2, 23), 22, local(3, 7)),
        (local(2, 7), 22, local(3, 7)),
        (local(7, 9), 22, local(11, 7)),  # the first morning after Tết
        (local(4, 9), 22, local(11, 7)),
    ],
)
def test_the_next_reminder_comes_at_its_hour_on_the_next_day_that_is_not_quiet(
    now: dt.datetime, hour: int, at: dt.datetime
) -> None:
    assert next_reminder(now, hour, QUIET) == at


@given(quiets, moments, hours)
def test_a_reminder_lies_ahead_and_is_never_quiet(quiet: Quiet, now: dt.datetime, hour: int) -> None:
    at = next_reminder(now, hour, quiet)
    assert at > now
    assert not quiet.at(at)


@given(quiets, moments, hours)
def test_an_hour_that_is_not_quiet_is_kept(quiet: Quiet, now: dt.datetime, hour: int) -> None:
    if not Quiet(ZONE, quiet.start, quiet.end).at(local(2, hour)):
        at = next_reminder(now, hour, quiet).astimezone(ZONE)
        assert (at.hour, at.minute, at.second, at.microsecond) == (hour, 0, 0, 0)


@given(quiets, moments, hours)
def test_a_reminder_at_an_hour_of_the_night_skips_no_morning(quiet: Quiet, now: dt.datetime, hour: int) -> None:
    every_day = Quiet(ZONE, quiet.start, quiet.end)
    if every_day.at(local(2, hour)):
        assert next_reminder(now, hour, every_day) - now <= dt.timedelta(days=1)


@given(quiets, moments, hours)
def test_there_is_one_reminder_a_day_at_most(quiet: Quiet, now: dt.datetime, hour: int) -> None:
    chain = [now := next_reminder(now, hour, quiet) for _ in range(5)]
    days = [at.astimezone(ZONE).date() for at in chain]
    assert all(day < later for day, later in pairwise(days))


@given(quiets, moments, hours)
def test_at_most_one_day_that_is_no_holiday_passes_before_a_reminder(quiet: Quiet, now: dt.datetime, hour: int) -> None:
    today, then = now.astimezone(ZONE).date(), next_reminder(now, hour, quiet).astimezone(ZONE).date()
    between = [today + dt.timedelta(days=days) for days in range(1, (then - today).days)]
    assert sum(not any(first <= day <= last for first, last in quiet.days) for day in between) <= 1


@pytest.mark.parametrize(
    ("late", "sent"),
    [
        (dt.timedelta(0), True),
        (dt.timedelta(minutes=1), True),
        (GRACE, True),
        (GRACE + dt.timedelta(seconds=1), False),
        (dt.timedelta(days=1), False),
        (dt.timedelta(seconds=-1), False),  # not due yet
    ],
)
def test_a_reminder_is_sent_when_it_is_due_and_up_to_two_hours_late(late: dt.timedelta, sent: bool) -> None:
    assert dt.timedelta(hours=2) == GRACE
    assert on_time(local(2, 9), local(2, 9) + late, QUIET) == sent


def test_after_a_week_offline_nothing_that_piled_up_is_sent() -> None:
    missed = [local(1, hour) + dt.timedelta(days=day) for day in range(7) for hour in range(7, 21)]
    assert not any(on_time(due, local(12, 9), NIGHT) for due in missed)


@pytest.mark.parametrize(
    ("due", "now"), [(local(2, 20), local(2, 21)), (local(4, 23), local(5, 0)), (local(6, 9),) * 2]
)
def test_a_late_reminder_does_not_break_the_quiet(due: dt.datetime, now: dt.datetime) -> None:
    assert not on_time(due, now, QUIET)


@given(quiets, moments, st.timedeltas(-GRACE, 2 * GRACE))
def test_what_is_sent_is_due_not_late_and_not_quiet(quiet: Quiet, due: dt.datetime, late: dt.timedelta) -> None:
    now = due + late
    assert on_time(due, now, quiet) == (due <= now <= due + GRACE and not quiet.at(now))
