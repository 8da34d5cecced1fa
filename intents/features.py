"""Tokens into features: n-grams of letters and words, folded and, where the person typed marks, accented.

A feature is a string whose first sign names its view; VIEWS gives each view's weight, found by measurement. Folding
carries people without accents, letters carry slips, word pairs carry order, accents tell hộ from hỗ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import ne

from intents.text import fold

VIEWS = {"c": 0.5, "w": 2.0, "b": 1.5, "j": 0.3, "a": 0.7, "p": 0.7, "s": 1.0, "t": 0.75}
"""c letters, w words, b word pairs, j letters across word borders: folded; a words, p word pairs: accented;
s concepts, t pairs of concepts: with local and old words taken for the common ones."""

_LETTERS = (3, 4)
_JOINED = 4


@dataclass(frozen=True, slots=True)
class Features:
    """``words``: what each word gives, the same object for the same word, so that it need be looked up but once;
    ``between``: what stands between words.
    """

    words: tuple[tuple[str, ...], ...]
    between: tuple[str, ...]

    def all(self) -> set[str]:
        return {*self.between, *(feature for word in self.words for feature in word)}


def extract(words: Sequence[str], concepts: Sequence[str] = ()) -> Features:
    """The features of canonical ``words``; those of accents only where any word has one.

    ``concepts``: the same words by what they name (``Lexicon.name``), where there is a lexicon.
    """
    folded = [*map(fold, words)]
    joined = "".join(folded)
    between = [f"b{first} {second}" for first, second in pairwise(folded)]
    between += ["j" + joined[start : start + _JOINED] for start in range(len(joined) - _JOINED + 1)]
    if any(map(ne, words, folded)):
        between += ["a" + word for word in words]
        between += [f"p{first} {second}" for first, second in pairwise(words)]
    between += ["s" + concept for concept in concepts]
    between += [f"t{first} {second}" for first, second in pairwise(concepts)]
    return Features(tuple(map(_of_word, folded)), tuple(between))


@lru_cache(maxsize=1 << 13)
def _of_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    letters = (padded[start : start + n] for n in _LETTERS for start in range(len(padded) - n + 1))
    return ("w" + word, *("c" + part for part in letters))
