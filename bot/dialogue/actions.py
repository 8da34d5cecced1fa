"""What a button carries: a verb and its arguments in at most 64 bytes. Anything else is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Verb = Literal[
    "topic",  # show an article: topic
    "facet",  # show one facet: topic, facet
    "right",  # that was the answer I wanted: question
    "wrong",  # it was not: question
    "none",  # none of the offered topics: question
    "place",  # show a ward or commune of today: code
    "lang",  # change the interface's language: language
]
MAX_BYTES = 64  # Telegram's limit on callback data

_SHAPE = re.compile(r"[a-z]+(?::[a-z0-9_.]+)*")
_ARGUMENTS: dict[str, int] = {"topic": 1, "facet": 2, "right": 1, "wrong": 1, "none": 1, "place": 1, "lang": 1}


@dataclass(frozen=True, slots=True)
class Action:
    verb: Verb
    arguments: tuple[str, ...] = ()


def encode(verb: Verb, *arguments: str | int) -> str:
    """The button data for ``verb``. Raises ValueError when it would not fit or not decode again."""
    data = ":".join([verb, *map(str, arguments)])
    if len(data.encode()) > MAX_BYTES or decode(data) is None:
        raise ValueError(f"{data!r} is no button data: at most {MAX_BYTES} bytes of a-z, 0-9, '.' and '_'")
    return data


def decode(data: str) -> Action | None:
    """None for whatever ``encode`` could not have written."""
    if len(data) > MAX_BYTES or not _SHAPE.fullmatch(data):
        return None
    verb, *arguments = data.split(":")
    if verb not in get_args(Verb) or len(arguments) != _ARGUMENTS[verb]:
        return None
    return Action(verb, tuple(arguments))  # type: ignore[arg-type]  # checked against Verb on the line above
