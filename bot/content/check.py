"""What ``bot check`` looks at beyond the shape of each file: style, owners, repeated utterances, leaked questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bot.content.articles import Library
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
            key = folded(utterance)
            if key in seen:
                document = read(library.path(topic))
                yield document.problem(
                    ("utterances", index), f"{utterance!r} stands in {seen[key]} too", "keep it in one place"
                )
            seen[key] = topic


def dead_topics(path: Path, library: Library) -> Iterator[Problem]:
    """Topics that a file beside the articles (menu, places, official addresses) names but no article answers."""
    if not path.exists():
        return
    document = read(path)
    for key in ("topic", "topics", "next"):
        named = document.data.get(key, [])
        for index, topic in enumerate([named] if isinstance(named, str) else named):
            if topic not in library.articles:
                place = (key,) if isinstance(named, str) else (key, index)
                yield document.problem(place, f"{topic!r} is no article", "name a topic that exists")


def leaked_questions(path: Path, questions: Collection[str], source: Path) -> Iterator[Problem]:
    """Utterances in ``path`` (nearly) equal to a question kept for evaluation: learning them would fake its result."""
    known = [folded(question) for question in questions]
    document = read(path)
    for place, utterance in _utterances(document.data):
        key = folded(utterance)
        if len(key.split()) < 4:
            near = key in known and len(key.split()) > 2
        else:
            near = process.extractOne(key, known, scorer=fuzz.ratio, score_cutoff=NEAR) is not None
        if near:
            yield document.problem(place, f"{utterance!r} is nearly a question of {source.name}", "remove it")


def _utterances(data: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every utterance in a content file, however deep its list stands, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "utterances":
                yield from (((*place, key, index), str(text)) for index, text in enumerate(value))
            else:
                yield from _utterances(value, (*place, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _utterances(value, (*place, index))


def folded(text: str) -> str:
    """The words of ``text`` alone: two texts that fold alike are one and the same question."""
    text = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.findall(r"\w+", text))
