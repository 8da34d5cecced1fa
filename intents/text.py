"""Vietnamese text into comparable tokens: one spelling for what people spell in several ways.

All functions are pure, total (any string, lone surrogates included) and idempotent.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_SIGNS = 2000  # of a message; in longer ones the request stands at the end, seldom at the start
_HEAD = 500
_SEEN_AGAIN = 24  # signs: what is longer is no word, and not worth remembering

_WORD = re.compile(r"[^\W_]+")
_VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
# drawn-out letters: ơiii, khônggggg; three consonants in a row may be meant (cccd, www)
_REPEAT = re.compile(rf"([{_VOWELS}])\1{{2,}}|([^\W\d_])\2{{3,}}")

# Two ways to place the tone mark on a final vowel pair: hoà/hòa, khoẻ/khỏe, thuý/thúy. The second wins.
_TONES = {"o": "oóòỏõọ", "a": "aáàảãạ", "e": "eéèẻẽẹ", "u": "uúùủũụ", "y": "yýỳỷỹỵ", "i": "iíìỉĩị"}
OLD_TO_NEW = {
    first + _TONES[second][tone]: _TONES[first][tone] + second
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for tone in range(1, 6)
}
_NEW_PLACE = re.compile(r"(?<!q)(" + "|".join(OLD_TO_NEW) + r")\b")
# y after these letters, alone in its syllable, is the same sound as i: kỹ/kĩ, lý/lí, quý/quí.
_Y_TO_I = dict(zip(_TONES["y"], _TONES["i"], strict=True))
_FINAL_Y = re.compile(rf"\b(h|k|l|m|s|t|qu)([{_TONES['y']}])\b")

_FOLD = str.maketrans({"đ": "d", "Đ": "D"})


def clip(text: str) -> str:
    """At most MAX_SIGNS signs: all of a short text, the start and the end of a long one."""
    return text if len(text) <= MAX_SIGNS else text[:_HEAD] + " " + text[_HEAD - MAX_SIGNS :]


def canonical(text: str) -> str:
    """Composed (NFC), lower case, one tone placement, i for y where they sound alike, single spaces, no stray signs."""
    return " ".join(tokens(text))


def tokens(text: str) -> list[str]:
    """The words of ``canonical(text)``."""
    words: list[str] = []
    for chunk in text.split():
        words += _tokens(chunk) if len(chunk) <= _SEEN_AGAIN else _tokens.__wrapped__(chunk)
    return words


@lru_cache(maxsize=1 << 14)
def _tokens(chunk: str) -> tuple[str, ...]:
    """The words of what stands between two spaces; mostly one."""
    text = unicodedata.normalize("NFC", chunk).lower()
    text = unicodedata.normalize("NFC", text)  # lower() may leave a mark apart, as with İ
    text = " ".join(_WORD.findall(_REPEAT.sub(r"\1\2", text)))
    text = _NEW_PLACE.sub(lambda match: OLD_TO_NEW[match[1]], text)
    return tuple(_FINAL_Y.sub(lambda match: match[1] + _Y_TO_I[match[2]], text).split())


def fold(text: str) -> str:
    """``text`` without any mark: đ is d, ế is e."""
    return text if text.isascii() else _fold(text)


@lru_cache(maxsize=1 << 13)  # Vietnamese is written with some thousand syllables
def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_FOLD))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
