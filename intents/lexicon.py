"""Words of one place and its people: short forms, local and old words, and what the ambiguous ones mean beside others.

A lexicon helps understanding and nothing depends on it: without one, words stand for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from intents.chat import CHAT
from intents.text import fold, tokens

WINDOW = 4  # words on either side that decide what an ambiguous form means


@dataclass(frozen=True, slots=True)
class Meaning:
    """``near``: words one of which must stand around, with its accents or without any; empty: always."""

    words: tuple[str, ...]
    near: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """``short``: one form → its words. ``ambiguous``: form → meanings, the first that fits wins.

    ``concepts``: words as typed, phrases also without accents → the concept they name.
    """

    short: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _words(CHAT))
    ambiguous: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    concepts: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @cached_property
    def _sizes(self) -> Mapping[str, Sequence[int]]:
        """First word of a concept's form → how many words its forms have, most first."""
        sizes: dict[str, set[int]] = {}
        for words in self.concepts:
            sizes.setdefault(words[0], set()).add(len(words))
        return {word: sorted(found, reverse=True) for word, found in sizes.items()}

    def to_json(self) -> dict[str, Any]:
        return {
            "short": {form: " ".join(words) for form, words in self.short.items()},
            "ambiguous": {
                form: [[" ".join(meaning.words), sorted(meaning.near)] for meaning in meanings]
                for form, meanings in self.ambiguous.items()
            },
            "concepts": {" ".join(words): concept for words, concept in self.concepts.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Lexicon:
        """The inverse of ``to_json``. Raises KeyError or TypeError for anything else."""
        return cls(
            _words(data["short"]),
            {
                form: tuple(Meaning(tuple(words.split()), frozenset(near)) for words, near in meanings)
                for form, meanings in data["ambiguous"].items()
            },
            {tuple(words.split()): concept for words, concept in data["concepts"].items()},
        )

    def expand(self, words: Iterable[str]) -> list[str]:
        """``words`` with short forms written out, ambiguous ones by what stands around them."""
        plain: list[str] = []
        for word in words:
            plain.extend(self.short.get(word, (word,)) if word not in self.ambiguous else (word,))
        if self.ambiguous.keys().isdisjoint(plain):
            return plain
        out: list[str] = []
        for at, word in enumerate(plain):
            meanings = self.ambiguous.get(word)
            out.extend(_meant(meanings, [*out[-WINDOW:], *plain[at + 1 : at + 1 + WINDOW]]) if meanings else (word,))
        return out

    def name(self, words: Sequence[str]) -> Iterator[str]:
        """``words`` with each longest known phrase replaced by its concept, folded."""
        at = 0
        while at < len(words):
            for size in self._sizes.get(words[at], ()):
                concept = self.concepts.get(tuple(words[at : at + size]))
                if concept:
                    yield concept
                    at += size
                    break
            else:
                yield fold(words[at])
                at += 1


def load_lexicon(path: Path) -> Lexicon:
    """The lexicon in ``path``; the language's own chat forms alone where there is no such file.

    Raises:
        ValueError: the file does not hold the four tables of a lexicon.
    """
    if not path.exists():
        return Lexicon()
    return parse_lexicon(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}, str(path))


def parse_lexicon(data: Mapping[str, Any], name: str = "lexicon") -> Lexicon:
    """``abbreviations``, ``regional`` and ``old``: {meaning: [forms]}; ``ambiguous``: {form: [{means, near}]}."""
    try:
        short = dict(_words(CHAT))
        for full, forms in data.get("abbreviations", {}).items():
            short.update({" ".join(tokens(form)): tuple(tokens(full)) for form in forms})
        ambiguous = {
            form: tuple(Meaning(tuple(tokens(entry["means"])), _spellings(entry.get("near", ()))) for entry in meanings)
            for form, meanings in data.get("ambiguous", {}).items()
        }
        named = [
            (tuple(tokens(form)), "_".join(tokens(fold(full))))
            for table in ("regional", "old")
            for full, forms in data.get(table, {}).items()
            for form in (full, *forms)
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{name}: is no lexicon ({error}) → see the comments at its top") from None
    return Lexicon(short, ambiguous, _by_spelling(named))


def _by_spelling(named: Iterable[tuple[tuple[str, ...], str]]) -> dict[tuple[str, ...], str]:
    """Accented forms, and folded phrases; single folded words stand for too many others (bể, bé, bế)."""
    named = list(named)
    phrases = {tuple(fold(word) for word in words): concept for words, concept in named if len(words) > 1}
    return phrases | dict(named)


def _meant(meanings: Sequence[Meaning], around: Iterable[str]) -> tuple[str, ...]:
    words = frozenset(around)
    return next((m.words for m in meanings if not m.near or m.near & words), meanings[-1].words)


def _spellings(words: Iterable[str]) -> frozenset[str]:
    """Canonical ``words`` with their accents and without any: có is not cô, but co may be either."""
    canonical = [" ".join(tokens(word)) for word in words]
    return frozenset((*canonical, *(fold(word) for word in canonical)))


def _words(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {short: tuple(full.split()) for short, full in table.items()}
