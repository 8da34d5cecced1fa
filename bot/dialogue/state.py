"""What one chat is in the middle of: a small frozen value, kept as a row, never in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

LIFETIME = dt.timedelta(minutes=15)  # after this silence a new message starts afresh


@dataclass(frozen=True, slots=True)
class State:
    """``topic``: the one last answered. ``offered``: topics last shown as choices for ``question``, in their order.

    ``facet``: the part last asked for. ``expects``: the next words answer this question of ours ("ward", "name" …);
    ``then``: the button whose errand goes on after it.
    """

    topic: str = ""
    offered: tuple[str, ...] = ()
    question: int = 0
    facet: str = ""
    expects: str = ""
    then: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        return cls(
            data["topic"],
            tuple(data["offered"]),
            data["question"],
            data.get("facet", ""),
            data.get("expects", ""),
            data.get("then", ""),
        )


def current(state: State | None, updated_at: dt.datetime | None, now: dt.datetime) -> State:
    """The state as it counts now: what is older than LIFETIME is over."""
    if state is None or updated_at is None or now - updated_at > LIFETIME:
        return State()
    return state
