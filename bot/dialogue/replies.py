"""What goes out, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: it either sends ``action`` back or opens ``url``."""

    label: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """``text`` is small markup. ``replaces`` names a message of the channel that this one takes the place of.

    ``decision`` says how the words were understood; scripts read it, people never see it.
    """

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    replaces: str = ""
    decision: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        rows = [[{"label": c.label, "action": c.action, "url": c.url} for c in row] for row in self.choices]
        return {"text": self.text, "choices": rows, "replaces": self.replaces, "decision": self.decision}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reply:
        rows = tuple(tuple(Choice(**choice) for choice in row) for row in data["choices"])
        return cls(data["text"], rows, data["replaces"], data["decision"])
