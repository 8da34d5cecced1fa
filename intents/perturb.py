"""Write questions anew as people type them: without accents, with slips, in raw Telex or VNI, in chat forms. Seeded."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from intents.chat import CHAT
from intents.text import OLD_TO_NEW, fold
from intents.topics import Example

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    sign: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in _ROWS for at, sign in enumerate(row)
}  # on the same row of a phone's keyboard
_TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_WORD = re.compile(r"[^\W\d_]+")
_SHORT: dict[str, list[str]] = {}
for _form, _full in CHAT.items():
    _SHORT.setdefault(_full, []).append(_form)
_FULL = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})\b", re.IGNORECASE)


def strip(text: str, chance: random.Random) -> str:
    """Without accents."""
    return fold(text)


def slips(text: str, chance: random.Random) -> str:
    """One or two slips of a thumb, in words of four letters or more: a neighbour, one more, one less, two swapped."""
    signs = list(text)
    places = [at for word in _WORD.finditer(text) if len(word[0]) > 3 for at in range(word.start() + 1, word.end() - 1)]
    for at in sorted(chance.sample(places, min(len(places), chance.choice((1, 2)))), reverse=True):
        match chance.randrange(4):
            case 0:
                near = _NEIGHBOURS.get(fold(signs[at]).lower())
                signs[at] = chance.choice(near) if near else signs[at]
            case 1:
                signs.insert(at, signs[at])
            case 2:
                del signs[at]
            case _:
                signs[at], signs[at + 1] = signs[at + 1], signs[at]
    return "".join(signs)


def telex(text: str, chance: random.Random) -> str:
    """Raw Telex: the keyboard was switched off."""
    return _WORD.sub(lambda word: _raw(word[0], _TELEX, _TELEX_TONES), text)


def vni(text: str, chance: random.Random) -> str:
    """Raw VNI."""
    return _WORD.sub(lambda word: _raw(word[0], _VNI, _VNI_TONES), text)


def teencode(text: str, chance: random.Random) -> str:
    """Common words in their chat forms, each with a chance of two in three."""

    def shorten(match: re.Match[str]) -> str:
        return chance.choice(_SHORT[match[1].lower()]) if chance.random() < 2 / 3 else match[0]

    return _FULL.sub(shorten, text)


def upper(text: str, chance: random.Random) -> str:
    return text.upper()


def nfd(text: str, chance: random.Random) -> str:
    """Letters and their marks apart, as some phones send them."""
    return unicodedata.normalize("NFD", text)


def old_tones(text: str, chance: random.Random) -> str:
    """Tone marks where the old rule puts them: hoà, thuý, khoẻ."""
    for old, new in OLD_TO_NEW.items():
        text = re.sub(rf"(?<![qQ]){new}\b", old, text)
    return text


NOISES: dict[str, Callable[[str, random.Random], str]] = {
    "strip": strip,
    "slips": slips,
    "telex": telex,
    "vni": vni,
    "teencode": teencode,
    "upper": upper,
    "nfd": nfd,
    "old_tones": old_tones,
}


def perturb(examples: Sequence[Example], noise: str, seed: int) -> list[Example]:
    """``examples`` with their texts written anew. Raises KeyError for an unknown ``noise``."""
    chance = random.Random(seed)
    return [replace(example, text=NOISES[noise](example.text, chance)) for example in examples]


def _raw(word: str, letters: dict[str, str], tones: dict[str, str]) -> str:
    """The keys that spell ``word``; its tone is typed last."""
    out, tone = "", ""
    for sign in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", sign)
        tone = next((tones[part] for part in parts if part in tones), tone)
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out += letters.get(bare.lower(), bare)
    return out + tone
