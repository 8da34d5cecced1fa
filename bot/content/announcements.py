"""The kinds of announcements, which people ask for or turn off."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.content.models import Frozen
from bot.documents import load

URGENT = "urgent"
"""The kind of emergencies."""

_Key = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,14}$")]


class Kind(Frozen):
    label: Annotated[str, Field(min_length=3, max_length=30)]
    about: Annotated[str, Field(min_length=5, max_length=120)]


class Announcements(Frozen):
    urgent: Kind
    categories: Annotated[dict[_Key, Kind], Field(min_length=1, max_length=8)]

    def kind(self, category: str) -> Kind | None:
        return self.urgent if category == URGENT else self.categories.get(category)


def load_announcements(root: Path) -> Announcements | None:
    """From ``root/announcements.yaml``; None where there is no such file. Raises DocumentError."""
    path = root / "announcements.yaml"
    return load(path, Announcements) if path.exists() else None
