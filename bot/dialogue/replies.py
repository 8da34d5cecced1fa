"""What goes out, whatever the channel."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: it either sends ``action`` back or opens ``url``."""

    label: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A picture or document, made from ``data`` only when it is sent: ``kind`` is one of bot/pictures/files.py.

    ``name``: what the person sees, with its ending.
    """

    kind: str
    name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """``text`` is small markup. ``replaces`` names a message of the channel that this one takes the place of.

    ``decision`` says how the words were understood; scripts read it, people never see it. ``file`` goes with the text.
    ``urgent``: goes at any hour. ``paid``: beyond the channel's free limit, for its price.
    """

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    replaces: str = ""
    decision: dict[str, Any] | None = None
    file: File | None = None
    urgent: bool = False
    paid: bool = False

    def to_json(self) -> dict[str, Any]:
        rows = [[{"label": c.label, "action": c.action, "url": c.url} for c in row] for row in self.choices]
        shown = {"text": self.text, "choices": rows, "replaces": self.replaces, "decision": self.decision}
        more: dict[str, Any] = {"file": asdict(self.file)} if self.file else {}
        more |= {name: True for name in ("urgent", "paid") if getattr(self, name)}
        return shown | more

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reply:
        rows = tuple(tuple(Choice(**choice) for choice in row) for row in data["choices"])
        file = File(**data["file"]) if data.get("file") else None
        marks = {name: data.get(name, False) for name in ("urgent", "paid")}
        return cls(data["text"], rows, data["replaces"], data["decision"], file, **marks)
