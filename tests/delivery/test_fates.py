from __future__ import annotations

import datetime as dt

import pytest

from bot.delivery.fates import Fate, settle
from bot.storage.outbox import Lane, Letter

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
ATTEMPTS = 3


def letter(lane: Lane = Lane.INTERACTIVE, attempts: int = 0, unknowns: int = 0) -> Letter:
    return Letter(1, "7", lane, {}, attempts, unknowns, NOW)


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize(
    ("fate", "status"),
    [(Fate("sent", message="5"), "sent"), (Fate("stopped"), "failed"), (Fate("refused", reason="400"), "failed")],
)
def test_some_fates_are_final(lane: Lane, fate: Fate, status: str) -> None:
    assert settle(letter(lane), fate, NOW, ATTEMPTS).status == status


def test_a_frozen_letter_waits_as_long_as_told_and_loses_no_attempt() -> None:
    mark = settle(letter(attempts=2), Fate("frozen", seconds=30), NOW, ATTEMPTS)
    assert (mark.status, mark.attempts, mark.not_before) == ("waiting", 2, NOW + dt.timedelta(seconds=30))


@pytest.mark.parametrize(("attempts", "wait"), [(0, 1.0), (1, 2.0)])
def test_an_unreached_server_is_tried_again_after_twice_as_long_each_time(attempts: int, wait: float) -> None:
    mark = settle(letter(attempts=attempts), Fate("unreached"), NOW, ATTEMPTS)
    assert (mark.status, mark.not_before - NOW) == ("waiting", dt.timedelta(seconds=wait))


def test_after_the_last_attempt_the_letter_has_failed() -> None:
    assert settle(letter(attempts=2), Fate("unreached"), NOW, ATTEMPTS).status == "failed"


def test_a_reply_of_unknown_fate_is_counted_and_sent_again() -> None:
    mark = settle(letter(), Fate("unknown"), NOW, ATTEMPTS)
    assert (mark.status, mark.unknowns) == ("waiting", 1)


def test_a_reply_that_stays_unknown_ends_as_unknown() -> None:
    assert settle(letter(attempts=2, unknowns=2), Fate("unknown"), NOW, ATTEMPTS).status == "unknown"


def test_a_bulk_letter_of_unknown_fate_is_counted_and_not_sent_again() -> None:
    mark = settle(letter(Lane.BULK), Fate("unknown"), NOW, ATTEMPTS)
    assert (mark.status, mark.unknowns) == ("unknown", 1)
