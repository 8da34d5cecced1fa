"""Reviews: when a question is asked again (FSRS, Ye et al. 2022, through the ``fsrs`` library), a few a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fsrs import Card, Rating, Scheduler

DAILY = 3  # questions reviewed a day at most
FORGIVEN = dt.timedelta(days=30)  # after this silence reminders stop, and what has piled up starts afresh

Kept = Any  # the library's own state of a question, as JSON

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
"""Steps of minutes make no sense on a break; days do. Without chance, so that the same answers give the same days."""


def first(right: bool, now: dt.datetime) -> tuple[dt.datetime, Kept]:
    """(due, card) of a question answered for the first time."""
    return _next(Card(card_id=0, due=now), right, now)


def again(card: Kept, right: bool, now: dt.datetime) -> tuple[dt.datetime, Kept]:
    """(due, card) after another answer."""
    return _next(Card.from_dict(card), right, now)


def _next(card: Card, right: bool, now: dt.datetime) -> tuple[dt.datetime, Kept]:
    card, _ = _SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, now)
    return card.due, dict(card.to_dict())
