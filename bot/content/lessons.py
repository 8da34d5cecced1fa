"""The shape of a course: lessons of short cards, each with a bank of questions whose every option explains itself."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.content.models import MAX_LABEL, Audience, Competence, Frozen, Keys, Source, TopicId

Kind = Literal["single", "multiple", "truefalse", "judge", "order"]
"""single: one option is right. multiple: all right ones and no other. truefalse: a statement. judge: a message that is
a scam or real. order: put the options in the order of the file."""

MAX_CARD = 600  # signs of a card, markup included: one idea on a small screen
MAX_ASK = 300
MAX_OPTION = 140
MAX_WHY = 220

Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,24}$")]
_FIXED = {"truefalse": ("Đúng", "Sai"), "judge": ("Lừa đảo", "Thật")}


class Option(Frozen):
    """``why``: what the person reads after choosing it."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_OPTION)]
    right: bool = False
    why: Annotated[str, Field(min_length=5, max_length=MAX_WHY)]


class Question(Frozen):
    """``message``: what is to be judged, as the person would receive it."""

    id: Slug
    kind: Kind
    ask: Annotated[str, Field(min_length=5, max_length=MAX_ASK)]
    message: Annotated[str, Field(max_length=400)] = ""
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=6)]

    @model_validator(mode="after")
    def _answerable(self) -> Question:
        right = sum(option.right for option in self.options)
        texts = [option.text.strip().lower() for option in self.options]
        if len(set(texts)) < len(texts):
            raise ValueError("has the same option twice → change one")
        if self.kind == "single" and (right != 1 or len(self.options) < 3):
            raise ValueError("a single choice has 3 options or more, one of them right → mark one `right: true`")
        if self.kind == "multiple" and (right < 2 or right == len(self.options)):
            raise ValueError("a multiple choice has 2 or more right options and a wrong one → mark the right ones")
        if self.kind == "order" and (right or len(self.options) < 3):
            raise ValueError("an order has 3 options or more in the right order, none marked right → unmark them")
        fixed = _FIXED.get(self.kind)
        if fixed and (tuple(option.text for option in self.options) != fixed or right != 1):
            raise ValueError(f"has the options {fixed[0]!r} and {fixed[1]!r}, one of them right → write both")
        if (self.kind == "judge") != bool(self.message):
            raise ValueError("a message stands in questions of kind judge, and only there → add or remove it")
        return self


class Card(Frozen):
    """One idea."""

    title: Annotated[str, Field(min_length=2, max_length=60)]
    text: Annotated[str, Field(min_length=20, max_length=MAX_CARD)]


class Lesson(Frozen):
    """``id`` comes from the file's place: ``<course>/<name>.yaml`` → ``<course>.<name>``."""

    id: TopicId
    title: Annotated[str, Field(min_length=3, max_length=80)]
    label: Annotated[str, Field(min_length=3, max_length=MAX_LABEL)]
    minutes: Annotated[int, Field(ge=1, le=20)]
    competences: Annotated[tuple[Competence, ...], Field(min_length=1, max_length=4)]
    topics: Annotated[tuple[TopicId, ...], Field(max_length=4)] = ()
    reviewed: dt.date
    review_by: dt.date
    cards: Annotated[tuple[Card, ...], Field(min_length=3, max_length=7)]
    source: Keys
    sources: dict[str, Source]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Lesson:
        if self.review_by <= self.reviewed:
            raise ValueError("review_by must come after reviewed → set the next review date")
        for key in self.source:
            if key not in self.sources:
                raise ValueError(f"cites {key!r}, which is not under sources → add it there")
        ids = [question.id for question in self.questions]
        if len(set(ids)) < len(ids):
            raise ValueError("two questions have the same id → give each its own; never reuse an old one")
        return self

    def question(self, id: str) -> Question | None:
        return next((question for question in self.questions if question.id == id), None)


class Part(Frozen):
    """Lessons that belong together; ``title`` is empty in a course of one part."""

    title: str = ""
    lessons: Annotated[tuple[Slug, ...], Field(min_length=1)]


class CourseFile(Frozen):
    """What ``course.yaml`` holds.

    ``pass_mark``: share of right answers that passes. ``draw``: questions of a lesson's quiz. ``final``: questions of
    the last quiz, drawn from all lessons; 0: the course has none.
    """

    title: Annotated[str, Field(min_length=3, max_length=80)]
    label: Annotated[str, Field(min_length=3, max_length=MAX_LABEL)]
    owner: str
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    summary: Annotated[str, Field(min_length=20, max_length=500)]
    pass_mark: Annotated[float, Field(gt=0, le=1)] = 0.8
    draw: Annotated[int, Field(ge=1, le=10)] = 5
    final: Annotated[int, Field(ge=0, le=20)] = 0
    reviewed: dt.date
    review_by: dt.date
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
