from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limiter import Limiter, Window
from bot.storage.outbox import Lane


def run(limiter: Limiter, lane: Lane, until: float, chats: list[str], delay: float = 0.0) -> list[float]:
    """Send as fast as the limiter allows, each send starting ``delay`` after it was decided."""
    now, times = 0.0, []
    chat = 0
    while now < until:
        ready = max(limiter.lane_ready_at(lane, now), limiter.chat_ready_at(chats[chat % len(chats)], now))
        if ready > now:
            now = min(ready, until)
            continue
        limiter.reserve(lane, chats[chat % len(chats)])
        now += delay
        limiter.begin(lane, chats[chat % len(chats)], now)
        limiter.end(chats[chat % len(chats)])
        times.append(now)
        chat += 1
    return times


def most_in_a_second(times: list[float]) -> int:
    return max((sum(start <= at < start + 1.0 for at in times) for start in times), default=0)


MANY = [str(n) for n in range(10_000)]


def test_no_second_holds_more_than_the_limit_the_first_included() -> None:
    times = run(Limiter(30, 25, 1.0), Lane.INTERACTIVE, 5.0, MANY)
    assert most_in_a_second(times) == 30
    assert len(times) >= 4 * 30


def test_no_second_holds_more_than_the_limit_after_a_pause() -> None:
    limiter = Limiter(30, 25, 1.0)
    times = run(limiter, Lane.INTERACTIVE, 0.5, MANY)
    limiter.freeze(Lane.BULK, "x", 3.0, 0.5)
    later = []
    now = 0.5
    while now < 6.0:
        if (ready := limiter.lane_ready_at(Lane.BULK, now)) > now:
            now = ready
            continue
        limiter.reserve(Lane.BULK, "x")
        limiter.begin(Lane.BULK, "x", now)
        limiter.end("x")
        later.append(now)
    assert min(later) >= 3.5
    assert most_in_a_second(times + later) <= 30
    assert most_in_a_second(later) == 12


@given(st.lists(st.floats(0.0, 0.3), min_size=5, max_size=60), st.integers(1, 10))
def test_a_slow_commit_cannot_press_two_windows_together(delays: list[float], limit: int) -> None:
    window, now, times = Window(limit), 0.0, []
    for delay in delays:
        now = max(now, window.free_at(now))
        window.reserve()
        now += delay
        window.stamp(now)
        times.append(now)
    assert most_in_a_second(times) <= limit


def test_reserved_slots_count_before_they_are_used() -> None:
    window = Window(2)
    window.reserve()
    window.reserve()
    assert window.free_at(0.0) == float("inf")
    window.stamp(0.0)
    assert window.free_at(0.1) == pytest.approx(1.05)


def test_bulk_sends_leave_room_for_replies() -> None:
    limiter = Limiter(30, 25, 0.0)
    assert len(run(limiter, Lane.BULK, 0.01, MANY)) == 25
    assert limiter.lane_ready_at(Lane.INTERACTIVE, 0.01) == 0.01
    assert limiter.lane_ready_at(Lane.BULK, 0.01) > 0.01


def test_one_chat_gets_one_message_a_second() -> None:
    times = run(Limiter(30, 25, 1.0), Lane.INTERACTIVE, 5.5, ["7"])
    assert [round(at, 6) for at in times] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_one_chat_has_one_open_send_at_a_time() -> None:
    limiter = Limiter(30, 25, 0.0)
    limiter.reserve(Lane.INTERACTIVE, "7")
    assert limiter.chat_ready_at("7", 0.0) == float("inf")
    limiter.begin(Lane.INTERACTIVE, "7", 0.0)
    limiter.end("7")
    assert limiter.chat_ready_at("7", 0.0) == 0.0


def test_a_429_to_a_bulk_send_freezes_the_bulk_lane_and_no_reply() -> None:
    limiter = Limiter(30, 25, 1.0)
    limiter.freeze(Lane.BULK, "7", 30.0, 0.0)
    assert limiter.lane_ready_at(Lane.BULK, 0.0) == 30.0
    assert limiter.lane_ready_at(Lane.INTERACTIVE, 0.0) == 0.0


def test_a_429_to_a_reply_freezes_its_chat_and_the_bulk_lane() -> None:
    limiter = Limiter(30, 25, 1.0)
    limiter.freeze(Lane.INTERACTIVE, "7", 30.0, 0.0)
    assert limiter.chat_ready_at("7", 1.0) == 30.0
    assert limiter.chat_ready_at("8", 1.0) == 1.0
    assert limiter.lane_ready_at(Lane.BULK, 1.0) == 30.0


def test_a_429_to_a_second_chat_means_the_whole_bot() -> None:
    limiter = Limiter(30, 25, 1.0)
    limiter.freeze(Lane.INTERACTIVE, "7", 30.0, 0.0)
    limiter.freeze(Lane.INTERACTIVE, "8", 20.0, 1.0)
    assert limiter.lane_ready_at(Lane.INTERACTIVE, 1.0) == 21.0


def test_a_longer_freeze_is_not_cut_short_by_a_later_shorter_one() -> None:
    limiter = Limiter(30, 25, 1.0)
    limiter.freeze(Lane.BULK, "7", 30.0, 0.0)
    limiter.freeze(Lane.BULK, "8", 1.0, 5.0)
    assert limiter.lane_ready_at(Lane.BULK, 10.0) == 30.0


def test_a_million_chats_leave_no_trace() -> None:
    limiter = Limiter(1000, 1000, 1.0)
    chance = random.Random(1)
    for now in range(20_000):
        chat = str(chance.randrange(1_000_000))
        limiter.reserve(Lane.BULK, chat)
        limiter.begin(Lane.BULK, chat, float(now))
        limiter.end(chat)
    assert len(limiter._chats) < 5


def test_a_storm_of_refusals_halves_the_bulk_rate_once_and_each_clean_minute_gives_one_back() -> None:
    limiter = Limiter(30, 24, 1.0)
    for _ in range(8):
        limiter.freeze(Lane.BULK, "x", 3.0, 10.0)
    rates = [most_in_a_second(bulk(limiter, start, 2.0)) for start in (13.0, 74.0, 13.0 + 5 * 60, 13.0 + 90 * 60)]
    assert rates == [12, 13, 17, 24]


def test_a_second_refusal_halves_the_bulk_rate_again_but_never_to_nothing() -> None:
    limiter = Limiter(30, 24, 1.0)
    for round_ in range(10):
        limiter.freeze(Lane.BULK, "x", 1.0, 10.0 + 2 * round_)
    assert most_in_a_second(bulk(limiter, 40.0, 3.0)) == 1


def test_replies_flow_while_the_bulk_lane_is_frozen() -> None:
    limiter = Limiter(30, 25, 1.0)
    limiter.freeze(Lane.BULK, "x", 30.0, 0.0)
    assert limiter.lane_ready_at(Lane.BULK, 0.0) == 30.0
    assert limiter.lane_ready_at(Lane.INTERACTIVE, 0.0) == 0.0


def bulk(limiter: Limiter, start: float, seconds: float) -> list[float]:
    """When bulk sends begin if they go as soon as they may."""
    now, times = start, []
    while (now := max(now, limiter.lane_ready_at(Lane.BULK, now))) < start + seconds:
        limiter.reserve(Lane.BULK, "x")
        limiter.begin(Lane.BULK, "x", now)
        limiter.end("x")
        times.append(now)
    return times
