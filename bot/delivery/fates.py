"""What can become of a send, and what follows from it. Channels translate their errors into fates; the rest is here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.storage.deliveries import Settled
from bot.storage.outbox import Lane, Letter, Mark

FIRST_RETRY = 1.0  # seconds; doubled with each attempt
LONGEST_RETRY = 300.0

Kind = Literal[
    "sent",  # delivered; ``message`` is its id
    "stopped",  # the person blocked the assistant or is gone
    "refused",  # the channel will never take it: bad text, unknown chat
    "frozen",  # too many sends: wait ``seconds``
    "unreached",  # certainly not delivered: no connection, server error
    "unknown",  # perhaps delivered: the answer was lost
]


@dataclass(frozen=True, slots=True)
class Fate:
    kind: Kind
    message: str = ""
    reason: str = ""
    seconds: float = 0.0


def settle(letter: Letter, fate: Fate, now: dt.datetime, attempts: int) -> Mark:
    """What is kept of a letter after ``fate``. ``attempts``: how many times at most a letter is tried.

    An interactive letter of unknown fate is sent again, since a missing reply is worse than a second one; a bulk letter
    is not. Being frozen costs no attempt.
    """
    tried = letter.attempts + (fate.kind != "frozen")
    lost = letter.unknowns + (fate.kind == "unknown")

    def decided(status: Literal["sent", "failed", "unknown"]) -> Mark:
        at = now if status == "sent" else None
        copy = _copy(letter, status, fate)
        return Mark(letter.id, status, tried, lost, now, at, fate.message or None, fate.reason or None, copy)

    def again(seconds: float) -> Mark:
        return Mark(letter.id, "waiting", tried, lost, now + dt.timedelta(seconds=seconds), error=fate.reason or None)

    if fate.kind == "sent":
        return decided("sent")
    if fate.kind in ("stopped", "refused"):
        return decided("failed")
    if fate.kind == "frozen":
        return again(fate.seconds)
    if fate.kind == "unknown" and letter.lane is Lane.BULK:
        return decided("unknown")
    if tried >= attempts:
        return decided("unknown" if lost else "failed")
    return again(min(LONGEST_RETRY, FIRST_RETRY * 2 ** (tried - 1)))


def _copy(letter: Letter, status: str, fate: Fate) -> Settled | None:
    """What became of the copy of an announcement that ``letter`` was; None when it was none."""
    if letter.broadcast_id is None or letter.person_id is None:
        return None
    became = "blocked" if fate.kind == "stopped" else status
    return Settled(letter.broadcast_id, letter.person_id, became, fate.reason[:80] or None)
