"""Tokens into features: n-grams of letters and words, folded and, where the person typed marks, accented.

A feature is a string whose first sign names its view; VIEWS gives each view's weight, found by measurement. Folding
carries people without accents, letters carry slips, word pairs carry order, accents tell hộ from hỗ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import ne

from intents.text import fold

# Two weights each: where texts are few, and where they are many to a class. Of few texts the accents tell more: no
# other text shows what the folded word means. Of many they tell what the folded words around them tell as well.
VIEWS: Mapping[str, tuple[float, float]] = {
    "c": (0.5, 0.5),
    "w": (2.0, 2.0),
    "b": (1.5, 1.5),
    "j": (0.3, 0.3),
    "a": (2.5, 0.7),
    "l": (0.7, 0.0),
    "p": (1.0, 0.7),
    "s": (1.0, 1.0),
    "t": (0.75, 0.75),
}
"""c letters, w words, b word pairs, j letters across word borders: folded; l letters, a words, p word pairs: accented;
s concepts, t pairs of concepts: with local and old words taken for the common ones."""

_LETTERS = {"w": ("c", (3, 4)), "a": ("l", (2, 3, 4))}  # words of a view → the view of their letters, and how many
_JOINED = 4


def weights(crowd: float) -> dict[str, float]:
    """The views that count and their weights. ``crowd``: 0 few texts a class, 1 many."""
    mixed = {view: few * (1 - crowd) + many * crowd for view, (few, many) in VIEWS.items()}
    return {view: weight for view, weight in mixed.items() if weight}


@dataclass(frozen=True, slots=True)
class Features:
    """``words``: features that are words, each of which brings its letters along wherever it stands (``of_word``), so
    that it need be looked up but once; ``between``: what stands between words.
    """

    words: tuple[str, ...]
    between: tuple[str, ...]

    def all(self, views: str = "".join(VIEWS)) -> set[str]:
        """All features, letters of ``views`` only."""
        return {*self.between, *(feature for word in self.words for feature in of_word(word, views))}


def extract(words: Sequence[str], concepts: Sequence[str] = ()) -> Features:
    """The features of canonical ``words``; those of accents only where any word has one.

    ``concepts``: the same words by what they name (``Lexicon.name``), where there is a lexicon.
    """
    folded = [*map(fold, words)]
    joined = "".join(folded)
    single = ["w" + word for word in folded]
    between = [f"b{first} {second}" for first, second in pairwise(folded)]
    between += ["j" + joined[start : start + _JOINED] for start in range(len(joined) - _JOINED + 1)]
    if any(map(ne, words, folded)):
        single += ["a" + word for word in words]
        between += [f"p{first} {second}" for first, second in pairwise(words)]
    between += ["s" + concept for concept in concepts]
    between += [f"t{first} {second}" for first, second in pairwise(concepts)]
    return Features(tuple(single), tuple(between))


@lru_cache(maxsize=1 << 14)
def of_word(word: str, views: str) -> tuple[str, ...]:
    """``word`` and the n-grams of its letters, where these are among ``views``."""
    view, sizes = _LETTERS.get(word[0], ("", ()))
    if not view or view not in views:
        return (word,)
    padded = f" {word[1:]} "
    return (word, *(view + padded[start : start + n] for n in sizes for start in range(len(padded) - n + 1)))
