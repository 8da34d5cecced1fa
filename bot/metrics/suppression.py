"""Small groups hidden: what is published of people is the same for at least ``LEAST`` of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

LEAST = 5


class Traits(NamedTuple):
    """What could tell people apart; empty: not known, or hidden. They are hidden in this order."""

    group: str
    ward: str
    audience: str
    age: str


NOTHING = Traits("", "", "", "")


class Crowds:
    """How many people there are of each combination of traits: exactly below ``LEAST``, which is all one must know."""

    def __init__(self) -> None:
        self.found: dict[Traits, set[int]] = {}

    def add(self, person: int, traits: Traits) -> None:
        crowd = self.found.setdefault(traits, set())
        if len(crowd) < LEAST:
            crowd.add(person)


def shown(crowds: Mapping[Traits, Iterable[int]]) -> dict[Traits, Traits | None]:
    """What to show in the place of each combination; None: nothing, since too few are left even with all hidden.

    Combinations that look the same are one: someone who moved counts once in it, and hiding one trait of a small group
    adds its people to those of whom that trait was never known.
    """
    now: dict[Traits, Traits] = {traits: traits for traits in crowds}
    for place in range(len(Traits._fields)):
        small = _small(crowds, now)
        now = {real: _hidden(seen, place) if seen in small else seen for real, seen in now.items()}
    small = _small(crowds, now)
    return {real: None if seen in small else seen for real, seen in now.items()}


def _hidden(traits: Traits, place: int) -> Traits:
    """Without the trait at ``place`` and those before it."""
    return Traits(*("" if number <= place else trait for number, trait in enumerate(traits)))


def _small(crowds: Mapping[Traits, Iterable[int]], now: Mapping[Traits, Traits]) -> set[Traits]:
    together: dict[Traits, set[int]] = {}
    for real, people in crowds.items():
        together.setdefault(now[real], set()).update(people)
    return {seen for seen, people in together.items() if len(people) < LEAST}
