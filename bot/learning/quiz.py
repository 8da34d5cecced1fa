"""Drawing questions, showing their options in a shuffled order, and grading what was chosen.

An item is a question as it is when it is asked; it lives on in its attempt whatever becomes of the content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.content.lessons import Kind, Lesson, Question

_KEPT_IN_ORDER: tuple[Kind, ...] = ("truefalse", "judge")


@dataclass(frozen=True, slots=True)
class Shown:
    """One option as it is shown."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """``order``: for each shown place, the option's place in the file. ``given`` answers are shown places as digits."""

    lesson: str
    id: str
    kind: Kind
    ask: str
    message: str
    options: tuple[Shown, ...]
    order: tuple[int, ...]

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The options in the order in which the person sees them."""
        return tuple(self.options[place] for place in self.order)

    @property
    def solution(self) -> str:
        """What a right answer gives; of a multiple choice in ascending order."""
        if self.kind == "order":
            return "".join(str(self.order.index(place)) for place in range(len(self.order)))
        return "".join(str(place) for place, option in enumerate(self.shown) if option.right)


def freeze(lesson: str, question: Question) -> tuple[str, dict[str, Any]]:
    """(digest, data) of a question as it is now; equal data has an equal digest."""
    data = {
        "lesson": lesson,
        "id": question.id,
        "kind": question.kind,
        "ask": question.ask.strip(),
        "message": question.message.strip(),
        "options": [[option.text, option.right, option.why.strip()] for option in question.options],
    }
    return hashlib.sha256(json.dumps(data, ensure_ascii=False).encode()).hexdigest()[:16], data


def thaw(data: dict[str, Any], order: Sequence[int]) -> Item:
    """The inverse of ``freeze``, with the order in which the options are shown."""
    options = tuple(Shown(*option) for option in data["options"])
    return Item(data["lesson"], data["id"], data["kind"], data["ask"], data["message"], options, tuple(order))


def draw(lessons: Sequence[Lesson], count: int, chance: Random) -> list[tuple[str, Question]]:
    """At most ``count`` questions without repeats, as evenly from ``lessons`` as they go, in a random order."""
    banks = [[(lesson.id, question) for question in lesson.questions] for lesson in lessons]
    for bank in banks:
        chance.shuffle(bank)
    chance.shuffle(banks)
    rounds = max(map(len, banks), default=0)
    drawn = [bank[turn] for turn in range(rounds) for bank in banks if turn < len(bank)][:count]
    chance.shuffle(drawn)
    return drawn


def shuffled(question: Question, chance: Random) -> tuple[int, ...]:
    """An order for the options; Đúng/Sai stay as they are, and what is to be ordered never starts solved."""
    order = list(range(len(question.options)))
    if question.kind in _KEPT_IN_ORDER:
        return tuple(order)
    chance.shuffle(order)
    if question.kind == "order" and order == sorted(order):
        order.reverse()
    return tuple(order)


def answerable(item: Item, given: str) -> bool:
    """Whether ``given`` is an answer to ``item`` at all: known places, none twice, as many as its kind takes."""
    places = [int(sign) for sign in given] if given.isascii() and given.isdecimal() else []
    if not places or len(set(places)) < len(places) or max(places) >= len(item.options):
        return False
    match item.kind:
        case "order":
            return len(places) == len(item.options)
        case "multiple":
            return True
        case _:
            return len(places) == 1


def grade(item: Item, given: str | None) -> bool:
    """Whether ``given`` is right. Unanswered (None) is wrong. A multiple choice is right as a whole or not at all."""
    if given is None or not answerable(item, given):
        return False
    return given == item.solution if item.kind == "order" else "".join(sorted(given)) == item.solution


def passed(correct: int, questions: int, pass_mark: int) -> bool:
    """``pass_mark`` in percent."""
    return questions > 0 and correct * 100 >= pass_mark * questions
