"""What a person agrees to before anything about their learning is kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.content.models import Frozen
from bot.documents import load


class Consent(Frozen):
    """Whoever agreed to an earlier ``version`` is asked again."""

    version: Annotated[int, Field(ge=1, le=9999)]
    reviewed: dt.date
    text: Annotated[str, Field(min_length=40)]


def load_consent(root: Path) -> Consent | None:
    """``root/consent.yaml``; without one nothing about learning can be kept. Raises DocumentError."""
    path = root / "consent.yaml"
    return load(path, Consent) if path.exists() else None
