"""How a group stands among others, told only where no single one of them can be recognised."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

MEMBERS = 5  # members of a group that others are compared with, at least
GROUPS = 3  # such groups, at least


def typical(shares: Sequence[float]) -> int | None:
    """The median of ``shares`` (0 to 1) in percent; None: too few to hide one among them."""
    return round(100 * median(shares)) if len(shares) >= GROUPS else None
