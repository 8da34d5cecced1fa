"""The words of the place, read strictly, for the matcher."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.content.models import Frozen
from bot.documents import load
from intents.lexicon import Lexicon, parse_lexicon

_Forms = Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]


class _Meaning(Frozen):
    means: str
    near: tuple[str, ...] = ()


class _File(Frozen):
    abbreviations: _Forms = Field(default_factory=dict)
    regional: _Forms = Field(default_factory=dict)
    old: _Forms = Field(default_factory=dict)
    ambiguous: Mapping[str, Annotated[tuple[_Meaning, ...], Field(min_length=1)]] = Field(default_factory=dict)


def load_words(root: Path) -> Lexicon:
    """The lexicon of ``root/lexicon.yaml``; the language's own where there is no such file. Raises DocumentError."""
    path = root / "lexicon.yaml"
    return parse_lexicon(load(path, _File).model_dump()) if path.exists() else Lexicon()
