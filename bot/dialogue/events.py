"""What comes in, whatever the channel."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal[
    "text",  # words: a question, or the answer to one of ours
    "command",  # ``text`` holds the name and its argument: "start abc"
    "action",  # a pressed button: ``text`` holds what the button carries
    "unreadable",  # a photo, a voice message, a sticker …: ``text`` holds its kind
    "stopped",  # the person blocked the assistant
    "returned",  # the person unblocked it
]


MAX_SIGNS = 50_000  # of one event; no channel lets a person write more

_BROKEN = dict.fromkeys([0, *range(0xD800, 0xE000)], "\N{REPLACEMENT CHARACTER}")  # NUL, lone surrogates


def clean(text: str) -> str:
    """``text`` such that every database and every encoding takes it."""
    return text[:MAX_SIGNS].translate(_BROKEN)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in one chat. ``message`` is the channel's id of the message whose button was pressed.

    ``file``: a picture or document that came with it, as "photo:<the channel's id>" or "document:<id>".
    """

    kind: Kind
    text: str = ""
    message: str = ""
    file: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Event:
        return cls(**data)
