"""Find and remove what must never be stored or logged: tokens, identity, phone, card, account numbers, OTP codes.

Errs on the safe side: any long run of digits goes, even when it was harmless.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["token", "code", "plate", "identity", "phone", "card", "number"]

_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
# "otp la 123456", "mã: 12 34 56": a short code right after a word that announces one
_CODE = re.compile(
    r"(?P<word>\b(?:otp|m[aã]|code|passcode|pass|password|pin|cvv|m[aậ]t kh[aẩ]u|mk)\b\D{0,16}?)"
    r"(?P<code>\d(?:[ .-]?\d){2,7})(?![ .-]?\d)",
    re.IGNORECASE,
)
_PLATE = re.compile(r"\b\d{2}[A-Z]{1,2}\d?[ .-]?\d{3}\.?\d{2}\b", re.IGNORECASE)
# runs of digits with at most two separators between them: 6 or more in one piece, 8 or more in several
_RUN = re.compile(r"(?<![\w.])\+?\d(?:[ .()-]{0,2}\d){5,}", re.ASCII)
_NAMED: tuple[tuple[Kind, re.Pattern[str]], ...] = (("token", _TOKEN), ("code", _CODE), ("plate", _PLATE))
_DATE = re.compile(r"\d{1,2}[-.]\d{1,2}[-.](?:19|20)\d\d")
_LABELS: dict[Kind, str] = {
    "token": "[token]",
    "code": "[mã]",
    "plate": "[biển số]",
    "identity": "[số]",
    "phone": "[số]",
    "card": "[số]",
    "number": "[số]",
}


def redact(text: str) -> str:
    """``text`` with every secret replaced by a label. Safe for any string; applying it twice changes nothing more."""
    text = _ascii_digits(text)
    text = _TOKEN.sub(_LABELS["token"], text)
    text = _CODE.sub(lambda match: match["word"] + _LABELS["code"], text)
    text = _PLATE.sub(_LABELS["plate"], text)
    return _RUN.sub(lambda match: _LABELS[kind] if (kind := _kind(match[0])) else match[0], text)


def found(text: str) -> set[Kind]:
    """What kinds of secret ``text`` holds, so that the sender can be warned."""
    text = _ascii_digits(text)
    kinds: set[Kind] = set()
    for name, pattern in _NAMED:
        if pattern.search(text):
            kinds.add(name)
            text = pattern.sub(" ", text)
    kinds.update(kind for match in _RUN.finditer(text) if (kind := _kind(match[0])))
    return kinds


def _kind(run: str) -> Kind | None:
    digits = re.sub(r"\D", "", run)
    pieces = len(re.findall(r"\d+", run))
    if _DATE.fullmatch(run) or (pieces > 1 and len(digits) < 8):
        return None  # a date, a range, a price
    if len(digits) in (9, 12) and not run.startswith(("+", "0", "84")):
        return "identity"
    if len(digits) == 12 and pieces == 1 and digits.startswith("0"):
        return "identity"
    if run.startswith("+") or (len(digits) in (10, 11) and digits.startswith(("0", "84"))):
        return "phone"
    if 13 <= len(digits) <= 19:
        return "card"
    return "number"


def _ascii_digits(text: str) -> str:
    """Other scripts' digits as 0-9, one for one."""
    if text.isascii():
        return text
    return "".join(str(int(sign)) if sign.isdecimal() and not sign.isascii() else sign for sign in text)
