"""From a message to its features: the one path that utterances and questions share."""

from __future__ import annotations

from intents.chat import CHAT, expand
from intents.features import extract
from intents.text import clip, has_marks, tokens


def words_of(text: str) -> list[str]:
    """Canonical words of ``text`` with chat forms written out."""
    return expand(tokens(clip(text)), CHAT)


def features_of(text: str) -> set[str]:
    return extract(words_of(text), has_marks(clip(text)))
