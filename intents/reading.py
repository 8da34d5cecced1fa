"""From a message to its features: the one path that utterances and questions share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

from intents.features import Features, extract
from intents.lexicon import Lexicon
from intents.spelling import Speller
from intents.text import clip, fold, tokens
from intents.typing import decode, is_syllable, may_be_syllable
from intents.wrappers import unwrap

_UNITS = {"tr": "triệu", "củ": "triệu", "k": "nghìn", "h": "giờ", "p": "phút", "th": "tháng", "m2": "mét vuông"}
_AMOUNT = re.compile(rf"(\d+)({'|'.join(_UNITS)})")  # 3tr, 500k, 8h
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

WIDE = 1500  # known words that hold most syllables of the language


class Reader:
    """``known``: folded words of the utterances and how often they stand there. What is not among them may be raw
    typing, a slip, or words stuck together.
    """

    def __init__(self, known: Mapping[str, int], lexicon: Lexicon) -> None:
        self.known = known
        self.lexicon = lexicon

    @classmethod
    def learn(cls, utterances: Iterable[str], lexicon: Lexicon | None = None) -> Reader:
        return cls(Counter(word for text in utterances for word in tokens(fold(text))), lexicon or Lexicon())

    @cached_property
    def speller(self) -> Speller:
        return Speller(self.known)

    def words(self, text: str) -> list[str]:
        """Canonical words of ``text``: short forms written out, raw typing and slips put right, greetings taken off."""
        typed = tokens(_LINK.sub(" link ", clip(text)))
        words = self.lexicon.expand(part for word in typed for part in _apart(word))
        return unwrap([right for word in words for right in self._put_right(word)])

    def features(self, text: str) -> Features:
        words = self.words(text)
        concepts = tuple(self.lexicon.name(words)) if self.lexicon.concepts else ()
        return extract(words, concepts)

    @cached_property
    def _put_right(self) -> Callable[[str], list[str]]:
        return lru_cache(maxsize=1 << 14)(self._right)

    def _right(self, word: str) -> list[str]:
        folded = fold(word)
        if folded in self.known:
            return [word]
        decoded = decode(word)
        if decoded and fold(decoded) in self.known:
            return [decoded]
        if decoded or (folded != word and is_syllable(word)):
            return [decoded or word]  # a rare word, typed with care
        if len(self.known) < WIDE and may_be_syllable(folded):
            return [word]  # of a small vocabulary most words are missing: rather another word than a slip
        repaired = self.speller.repair(folded)
        return repaired if repaired != [folded] else [word]


def _apart(word: str) -> tuple[str, ...]:
    amount = _AMOUNT.fullmatch(word) if word[0].isdigit() else None
    return (amount[1], *_UNITS[amount[2]].split()) if amount else (word,)
