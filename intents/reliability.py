"""Does a probability of 0.8 mean that 80 of 100 are right? Reliability bins, their mean error, and their picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intents.calibration import calibrate

BINS = 10
_SIDE, _EDGE = 320, 44  # of the picture, in units of its view box


@dataclass(frozen=True, slots=True)
class Bin:
    """``said``: the mean probability of ``n`` decisions; ``right``: the share of them that were right."""

    n: int
    said: float
    right: float


def judge(scores: npt.NDArray[np.float32], right: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Calibrate on every other row of left-out ``scores``, judge on the rest: bins, and expected calibration error.

    The error (ECE; Guo et al. 2017) is the mean distance of ``said`` and ``right``, weighted by ``n``.
    """
    calibration = calibrate(scores[::2], right[::2])
    said = np.array([calibration(row, *np.sort(row)[:-3:-1].tolist()) for row in scores[1::2]])
    bins = _bins(said, right[1::2])
    error = sum(b.n * abs(b.said - b.right) for b in bins) / max(sum(b.n for b in bins), 1)
    return {"ece": round(error, 4), "bins": [asdict(b) for b in bins]}


def _bins(said: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> list[Bin]:
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    used = [place == number for number in range(BINS)]
    return [
        Bin(int(which.sum()), round(float(said[which].mean()), 4), round(float(right[which].mean()), 4))
        for which in used
        if which.any()
    ]


def as_svg(bins: Sequence[dict[str, Any]], title: str) -> str:
    """Share right over probability said, a dot a bin, as large as its share of all; the diagonal is perfect."""

    def x(value: float) -> float:
        return round(_EDGE + value * _SIDE, 1)

    def y(value: float) -> float:
        return round(_EDGE + (1 - value) * _SIDE, 1)

    whole = sum(b["n"] for b in bins)
    size = _SIDE + 2 * _EDGE
    marks = [
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
        f'<rect x="{x(0)}" y="{y(1)}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        marks.append(f'<text x="{x(tick)}" y="{y(0) + 16}" text-anchor="middle">{tick:g}</text>')
        marks.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    marks += [
        f'<circle cx="{x(b["said"])}" cy="{y(b["right"])}" r="{4 + 12 * (b["n"] / whole) ** 0.5:.1f}" fill="#0a7"'
        f' fill-opacity=".7"><title>{b["n"]}: {b["said"]:.3f} → {b["right"]:.3f}</title></circle>'
        for b in bins
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="12"'
        f' fill="#555"><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<text x="{size / 2}" y="20" text-anchor="middle">{title}</text>'
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">probability said</text>'
        f'<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">share right</text>'
        + "".join(marks)
        + "</svg>\n"
    )
