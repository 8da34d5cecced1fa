"""Example questions for each part of an answer, read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, RootModel

from bot.content.models import FacetName
from bot.documents import load

_Examples = Annotated[tuple[str, ...], Field(min_length=5)]


class _File(RootModel[dict[FacetName | Literal["none"], _Examples]]):
    pass


def load_facets(root: Path) -> dict[str, tuple[str, ...]]:
    """{facet: examples} of ``root/facets.yaml``; empty where there is no such file. Raises DocumentError."""
    path = root / "facets.yaml"
    return {str(facet): said for facet, said in load(path, _File).root.items()} if path.exists() else {}
