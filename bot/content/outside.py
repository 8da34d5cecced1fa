"""What the assistant knows of but does not serve: recognised, so as not to be taken for a served topic."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.content.models import MAX_LABEL, Frozen
from bot.documents import load

PREFIX = "outside."


class Outside(Frozen):
    """``reply``: a line or two that say so and where to turn; ``urgent``: an emergency, which wins over near topics."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,32}$")]
    label: Annotated[str, Field(min_length=3, max_length=MAX_LABEL)]
    reply: Annotated[str, Field(min_length=10)]
    urgent: bool = False
    utterances: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]

    @property
    def topic(self) -> str:
        """Its name among the matcher's topics."""
        return PREFIX + self.id


class _File(Frozen):
    topics: tuple[Outside, ...]


def load_outside(root: Path) -> Mapping[str, Outside]:
    """The entries of ``root/outside.yaml`` by topic; none where there is no such file. Raises DocumentError."""
    path = root / "outside.yaml"
    if not path.exists():
        return {}
    return {entry.topic: entry for entry in load(path, _File).topics}
