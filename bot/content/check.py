"""What ``bot check`` looks at beyond the shape of each file: style, owners, repeated utterances, leaked questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.content.articles import Library
from bot.content.models import FACETS
from bot.content.style import findings
from bot.documents import Problem, read

NEAR = 92.0  # two questions at least this alike (token-set ratio, per cent) are one question


def check_articles(library: Library, owners: Collection[str]) -> list[Problem]:
    """Everything wrong with the articles that a reader, not the parser, would notice."""
    problems: list[Problem] = []
    for topic, article in library.articles.items():
        found = list(findings(article))
        if article.owner not in owners:
            found.append(
                (("owner",), f"{article.owner!r} is no owner of this site", f"use one of {', '.join(sorted(owners))}")
            )
        if found:
            document = read(library.path(topic))
            problems += [document.problem(place, message, remedy) for place, message, remedy in found]
    return problems + list(repeated_utterances(library))


def repeated_utterances(library: Library) -> Iterator[Problem]:
    """The same utterance (case, spaces and end signs aside) in two places teaches the matcher a contradiction."""
    seen: dict[str, str] = {}
    for topic, article in library.articles.items():
        for index, utterance in enumerate(article.utterances):
            key = _folded(utterance)
            if key in seen:
                document = read(library.path(topic))
                yield document.problem(
                    ("utterances", index), f"{utterance!r} stands in {seen[key]} too", "keep it in one place"
                )
            seen[key] = topic


def leaked_questions(library: Library, questions: Collection[str], source: Path) -> Iterator[Problem]:
    """Utterances equal or nearly equal to a question kept for evaluation: training on them would fake the result."""
    folded = [_folded(question) for question in questions]
    for topic, article in library.articles.items():
        document = None
        for index, utterance in enumerate(article.utterances):
            key = _folded(utterance)
            if len(key.split()) < 4:
                hit = key if key in folded and len(key.split()) > 2 else None
            else:
                best = process.extractOne(key, folded, scorer=fuzz.ratio, score_cutoff=NEAR)
                hit = best[0] if best else None
            if hit:
                document = document or read(library.path(topic))
                yield document.problem(
                    ("utterances", index), f"{utterance!r} is nearly a question of {source.name}", "remove it"
                )


def coverage(library: Library) -> dict[str, list[bool]]:
    """For each topic, which of FACETS it answers, in their order."""
    return {topic: [name in article.facets for name in FACETS] for topic, article in library.articles.items()}


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.findall(r"\w+", text))
