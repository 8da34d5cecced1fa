"""The competence framework in the language's own official words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.content.models import Frozen, Source
from bot.documents import load


class Area(Frozen):
    """``competences``: code such as 2.3 → name."""

    title: str
    competences: Annotated[dict[Annotated[str, Field(pattern=r"^\d\.\d$")], str], Field(min_length=1)]


class _File(Frozen):
    source: Source
    areas: dict[Annotated[str, Field(pattern=r"^\d$")], Area]


def load_competences(root: Path) -> Mapping[str, Area]:
    """Areas by number from ``root/competences.yaml``; none where there is no such file. Raises DocumentError."""
    path = root / "competences.yaml"
    return load(path, _File).areas if path.exists() else {}
