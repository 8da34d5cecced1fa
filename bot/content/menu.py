"""The topics shown under /trogiup."""

from __future__ import annotations

from pathlib import Path

from bot.content.models import Frozen, TopicId
from bot.documents import load


class _File(Frozen):
    topics: tuple[TopicId, ...]


def load_menu(root: Path) -> tuple[str, ...]:
    """In the order of ``root/menu.yaml``. Raises DocumentError."""
    return load(root / "menu.yaml", _File).topics
