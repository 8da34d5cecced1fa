"""The one typeface of all pictures: where it lies, which signs it has, how wide they run.

Widths are plain sums of advances, without kerning: the PDF sets text just so, and a picture, which does kern, comes
out a hair narrower as a rule. One layout therefore serves both.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont
from PIL import ImageFont

FOLDER = Path(__file__).parent / "fonts"
MOST = 1000  # signs of one text: far more than any field has room for, and a bound on the work
_EM = 1000  # units of the typeface's design grid; at this size advances are whole numbers


class Weight(StrEnum):
    REGULAR = "Regular"
    BOLD = "Bold"

    @property
    def path(self) -> Path:
        return FOLDER / f"BeVietnamPro-{self}.ttf"


@lru_cache(maxsize=128)
def loaded(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The font for drawing at ``size`` pixels per em."""
    return ImageFont.truetype(weight.path, size)


@cache
def signs() -> frozenset[str]:
    """The signs that both weights can show by themselves.

    Marks are left out: what is still a separate mark after composing belongs to no Vietnamese letter, and marks can
    be piled up without end.
    """
    pdf = FPDF()
    have: list[set[str]] = []
    for weight in Weight:
        font = TTFFont(pdf, weight.path, weight, "")
        have.append({chr(code) for code in font.cmap})
        font.close()
    return frozenset(sign for sign in set.intersection(*have) if unicodedata.category(sign)[0] not in "CM")


def clean(text: str) -> str:
    """``text`` composed (NFC), on one line, without signs the typeface lacks."""
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join("".join(sign for sign in composed if sign in signs()).split())[:MOST].rstrip()


@cache
def _measure(weight: Weight) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(weight.path, _EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _advance(sign: str, weight: Weight) -> float:
    return _measure(weight).getlength(sign) / _EM


def width(text: str, weight: Weight, size: float) -> float:
    """How far ``text`` runs, in the unit of ``size``."""
    return size * sum(_advance(sign, weight) for sign in text)


def fitted(text: str, weight: Weight, size: int, room: float) -> int:
    """The largest size, ``size`` at most and 1 at least, at which ``text`` runs no further than ``room``."""
    return max(1, min(size, int(room / max(width(text, weight, 1.0), 1e-9))))
