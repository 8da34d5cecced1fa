"""Codes that people read out, type and scan: no letters that look like digits, no words by chance."""

from __future__ import annotations

import re
from random import Random

ALPHABET = "23456789CDFHJKMNPQRTVWXY"  # no 0/O, 1/I/L, 2/Z, 5/S, 6/G, 8/B, and no vowels, so that no word arises

_LIKE = str.maketrans("", "", " -.")


def new_code(chance: Random, length: int) -> str:
    """``length`` signs of ALPHABET; 10 of them are 45 bits."""
    return "".join(chance.choice(ALPHABET) for _ in range(length))


def spelled(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """The code in what a person typed or scanned; empty when there is none."""
    code = typed.strip().upper().translate(_LIKE) if typed.isascii() else ""
    return code if re.fullmatch(f"[{ALPHABET}]{{4,16}}", code) else ""
