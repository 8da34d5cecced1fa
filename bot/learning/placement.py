"""The placement test: two questions on each area, a third where they disagree, twelve at most.

The questions are frozen when the test starts (ASKED for each area); which one comes next depends on the answers.
"""

from __future__ import annotations

from collections.abc import Mapping

ASKED = 3  # questions frozen for each area
MOST = 12  # questions anybody is asked


def next_position(areas: int, answered: Mapping[int, bool]) -> int | None:
    """The place of the next question; None when the test is over. ``answered``: place → right."""
    for turn in range(2):
        for area in range(areas):
            if area * ASKED + turn not in answered:
                return area * ASKED + turn
    for area in range(areas):
        third = area * ASKED + 2
        if third not in answered and len(answered) < MOST and _right(area, answered) == 1:
            return third
    return None


def weakest(areas: int, answered: Mapping[int, bool]) -> int | None:
    """The area to start with: the first that is not known well; None when all are."""
    return next((area for area in range(areas) if not known(area, answered)), None)


def known(area: int, answered: Mapping[int, bool]) -> bool:
    """Two right answers."""
    return _right(area, answered) >= 2


def _right(area: int, answered: Mapping[int, bool]) -> int:
    return sum(answered.get(area * ASKED + turn, False) for turn in range(ASKED))
