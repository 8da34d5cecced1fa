"""Questions and lessons for the tests of bot.learning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from random import Random
from typing import get_args

from hypothesis import strategies as st

from bot.content.lessons import Kind, Lesson, Question
from bot.content.models import Source
from bot.learning import quiz

KINDS: tuple[Kind, ...] = get_args(Kind)
_FIXED = {"truefalse": ("Đúng", "Sai"), "judge": ("Lừa đảo", "Thật")}


def question(kind: Kind, right: Collection[int] = (), count: int = 3, id: str = "q") -> Question:
    """A question whose options at the places ``right`` are right."""
    texts = _FIXED.get(kind) or [f"Cách {place}" for place in range(count)]
    return Question.model_validate(
        {
            "id": id,
            "kind": kind,
            "ask": "Gặp việc này thì làm gì?",
            "message": "Bạn trúng thưởng rồi!" if kind == "judge" else "",
            "options": [
                {"text": text, "right": place in right, "why": f"Lời giải {place}."} for place, text in enumerate(texts)
            ],
        }
    )


def item(question: Question, order: Collection[int] | None = None) -> quiz.Item:
    _, data = quiz.freeze("khoa.bai", question)
    return quiz.thaw(data, tuple(range(len(question.options)) if order is None else order))


def lesson(number: int, questions: int) -> Lesson:
    return Lesson.model_validate(
        {
            "id": f"khoa.bai{number}",
            "title": f"Bài số {number}",
            "label": f"Bài {number}",
            "minutes": 3,
            "competences": ["4.1@1"],
            "reviewed": dt.date(2026, 11, 1),
            "review_by": dt.date(2027, 11, 1),
            "cards": [{"title": f"Thẻ {n}", "text": "Một ý ngắn gọn, dễ hiểu, dễ làm theo."} for n in range(3)],
            "source": "s",
            "sources": {"s": Source(title="Nguồn thử")},
            "questions": [question("single", {0}, id=f"q{n}") for n in range(questions)],
        }
    )


@st.composite
def questions(draw: st.DrawFn, kinds: Collection[Kind] = KINDS, most: int = 6) -> Question:
    """Any question that the content may hold."""
    kind = draw(st.sampled_from(sorted(kinds)))
    count = 2 if kind in _FIXED else draw(st.integers(3, most))
    places = st.integers(0, count - 1)
    match kind:
        case "order":
            right = set()
        case "multiple":
            right = draw(st.sets(places, min_size=2, max_size=count - 1))
        case _:
            right = {draw(places)}
    return question(kind, right, count)


@st.composite
def items(draw: st.DrawFn, kinds: Collection[Kind] = KINDS, most: int = 6) -> quiz.Item:
    """Any question as it may be asked."""
    asked = draw(questions(kinds, most))
    return item(asked, quiz.shuffled(asked, Random(draw(st.integers(0, 10_000)))))


chances = st.integers(0, 10_000).map(Random)
