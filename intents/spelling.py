"""Repair typing slips: a word that no utterance holds becomes the known word one slip away, or two that were stuck.

Optimal string alignment distance 1 (a letter too many, missing, wrong, or two swapped), found through a delete index
(Garbe's symmetric deletes): the cost does not grow with the vocabulary.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

from intents.text import canonical

SHORTEST = 3  # shorter words have too many neighbours to choose from
LONGEST = 16

# Letters that sound or look alike to those who mix them up: of several neighbours the one that sounds the same wins.
_SOUND = (
    (r"^ngh", "ng"), (r"^gh", "g"), (r"^(?:gi|r)", "d"), (r"^tr", "ch"), (r"^x", "s"), (r"^(?:k(?!h)|q)", "c"),
    (r"^ph", "f"),
)  # fmt: skip
_RAW = "sfrxjw"  # letters that are typed for a mark, and left over when the typing goes wrong
_SOUNDS = [(re.compile(pattern), sound) for pattern, sound in _SOUND]


class Speller:
    """``known``: folded words and how often the utterances hold them."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self.known = known
        self._by_shape: dict[str, list[str]] = defaultdict(list)
        for word in known:
            if word.isalpha() and SHORTEST - 1 <= len(word) <= LONGEST:
                for shape in {word, *_deletes(word)}:
                    self._by_shape[shape].append(word)

    def repair(self, word: str) -> list[str]:
        """The known word or words that folded ``word`` was meant to be; itself when it is known or nothing is near."""
        if word in self.known or not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return [word]
        stuck = self._split(word)
        near = self._nearest(word)
        if near and (not stuck or len(word) <= 6):
            return [near]
        return stuck or [word]

    def _nearest(self, word: str) -> str:
        candidates = {near for shape in {word, *_deletes(word)} for near in self._by_shape.get(shape, ())}
        return max(
            (near for near in candidates if OSA.distance(word, near, score_cutoff=1) <= 1),
            key=lambda near: (_likeness(word, near), near[0] == word[0], self.known[near], near),
            default="",
        )

    def _split(self, word: str) -> list[str]:
        """The likeliest two known words that make up ``word``."""
        pairs = [(canonical(word[:at]), canonical(word[at:])) for at in range(2, len(word) - 1)]
        known = [pair for pair in pairs if pair[0] in self.known and pair[1] in self.known]
        return list(max(known, key=lambda pair: min(self.known[pair[0]], self.known[pair[1]]), default=()))


def _deletes(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _likeness(word: str, near: str) -> int:
    """How probable a slip leads from ``near`` to ``word``: the same sound, the same letters, one forgotten, another."""
    if _sound(near) == _sound(word):
        return 3
    if sorted(near) == sorted(word) or _extra(word, near):
        return 2
    return 1 if len(near) > len(word) else 0


def _extra(word: str, near: str) -> bool:
    """Whether ``word`` is ``near`` with a letter struck twice or a mark's letter left over."""
    return len(word) == len(near) + 1 and any(
        word[:at] + word[at + 1 :] == near and (word[at] in _RAW or word[at] == word[at - 1])
        for at in range(1, len(word))
    )


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word.replace("y", "i")
