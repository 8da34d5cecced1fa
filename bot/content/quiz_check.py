"""What makes a quiz give itself away or mislead: found by machine, before a person reads it a second time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from bot.content.articles import Library
from bot.content.check import folded
from bot.content.courses import Catalogue
from bot.content.lessons import Lesson, Question
from bot.content.markup import plain
from bot.content.style import MAX_WORDS, long_sentences, unexplained
from bot.documents import Problem, read

BANK = 8  # questions a lesson has at least
SIDE = 0.7  # of its true/false and judged questions, the share that may have the same answer
SAME_PLACE = 0.6  # of its single choices, the share that may have the right option at the same place
LIKE = 90.0  # likeness (0-100) of two options or questions that are one
GIVE_AWAY = 1.15  # the right option may be this many times as long as the longest wrong one

_LAZY = re.compile(
    r"tất cả (?:đều|các)|cả (?:ba|bốn|hai|a|b)\b.*(?:đúng|trên)|không (?:có )?đáp án nào|các câu trên", re.I
)

Finding = tuple[tuple[str | int, ...], str, str]
"""(place in the file, message, remedy)"""


def check_courses(catalogue: Catalogue, library: Library) -> list[Problem]:
    """Everything wrong with the courses that a reader, not the parser, would notice."""
    problems: list[Problem] = []
    repeated: dict[str, list[Finding]] = {}
    for id, number, other in near_duplicates(catalogue.lessons()):
        finding: Finding = (("questions", number), f"asks nearly the same as {other}", "ask something else")
        repeated.setdefault(id, []).append(finding)
    for lesson in catalogue.lessons():
        found = [*findings(lesson), *repeated.get(lesson.id, ())]
        for number, topic in enumerate(lesson.topics):
            if topic not in library.articles:
                found.append((("topics", number), f"{topic!r} is no article", "name a topic that exists"))
        if found:
            document = read(catalogue.path(lesson.id))
            problems += [document.problem(place, message, remedy) for place, message, remedy in found]
    return problems


def findings(lesson: Lesson) -> Iterator[Finding]:
    """Everything in one lesson that a second reader would send back."""
    yield from _plain_language(lesson)
    if len(lesson.questions) < BANK:
        yield ("questions",), f"has {len(lesson.questions)} questions", f"write {BANK} or more"
    for number, question in enumerate(lesson.questions):
        yield from ((("questions", number, *place), message, remedy) for place, message, remedy in _one(question))
    yield from _balance(lesson)


def near_duplicates(lessons: Iterable[Lesson]) -> Iterator[tuple[str, int, str]]:
    """(lesson, number of the question, the question it repeats) over all courses."""
    seen: list[tuple[str, str]] = []
    for lesson in lessons:
        for number, question in enumerate(lesson.questions):
            text = folded(f"{question.ask} {question.message}")
            for other, name in seen:
                if fuzz.token_sort_ratio(text, other, score_cutoff=LIKE):
                    yield lesson.id, number, name
                    break
            seen.append((text, f"{lesson.id}/{question.id}"))


def _plain_language(lesson: Lesson) -> Iterator[Finding]:
    texts: list[tuple[tuple[str | int, ...], str]] = []
    for number, card in enumerate(lesson.cards):
        texts.append((("cards", number, "text"), card.text))
    for number, question in enumerate(lesson.questions):
        texts.append((("questions", number, "ask"), question.ask))
        texts += [(("questions", number, "options", i, "why"), o.why) for i, o in enumerate(question.options)]
    for place, text in texts:
        for sentence in long_sentences(text):
            yield place, f"a sentence has over {MAX_WORDS} words: {sentence[:60]!r}…", "split it in two"
    for short in sorted(unexplained(text for _, text in texts)):
        yield (), f"the abbreviation {short!r} is not explained", f"write 'tên đầy đủ ({short})' where it first stands"


def _one(question: Question) -> Iterator[Finding]:
    for number, option in enumerate(question.options):
        if _LAZY.search(option.text):
            yield ("options", number, "text"), "is a lazy option", "write an answer that stands by itself"
        for other in question.options[:number]:
            if len(option.text) > 12 and fuzz.ratio(option.text.lower(), other.text.lower()) > LIKE:
                yield ("options", number, "text"), f"hardly differs from {other.text!r}", "make the options differ"
    if question.kind == "single":
        right = max(len(plain(option.text)) for option in question.options if option.right)
        wrong = max(len(plain(option.text)) for option in question.options if not option.right)
        if right > wrong * GIVE_AWAY:
            yield ("options",), "the right option is the longest, which gives it away", "shorten it or fill out another"


def _balance(lesson: Lesson) -> Iterator[Finding]:
    for kind in ("truefalse", "judge"):
        sides = Counter(q.options[0].right for q in lesson.questions if q.kind == kind)
        total = sides.total()
        if total >= 4 and max(sides.values()) / total > SIDE:
            yield ("questions",), f"nearly all {kind} questions have the same answer", "turn some round"
    places = Counter(
        next(number for number, option in enumerate(q.options) if option.right)
        for q in lesson.questions
        if q.kind == "single"
    )
    if places.total() >= 4 and max(places.values()) / places.total() > SAME_PLACE:
        yield ("questions",), "the right option mostly stands at the same place", "move some"
