"""From a message to its features: the one path that utterances and questions share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intents.chat import CHAT, expand
from intents.features import extract
from intents.text import clip, fold, has_marks, tokens
from intents.typing import decode
from intents.wrappers import unwrap


@dataclass(frozen=True, slots=True)
class Reader:
    """``known``: words of the utterances, without accents. What is not among them may be raw typing."""

    known: frozenset[str]

    @classmethod
    def learn(cls, utterances: Iterable[str]) -> Reader:
        return cls(frozenset(word for utterance in utterances for word in tokens(fold(utterance))))

    def words(self, text: str) -> list[str]:
        """Canonical words of ``text``: chat forms written out, raw typing decoded, greetings taken off."""
        words = expand(tokens(clip(text)), CHAT)
        return unwrap([self._decoded(word) for word in words])

    def features(self, text: str) -> set[str]:
        words = self.words(text)
        return extract(words, has_marks(" ".join(words)))

    def _decoded(self, word: str) -> str:
        return word if word in self.known else (decode(word) or word)
