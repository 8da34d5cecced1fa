"""What content has to be looked at again: past its review date, or soon to be. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.content.articles import Library
from bot.content.courses import Catalogue

SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """One file of content; a lesson's owner is its course's."""

    owner: str
    kind: Literal["article", "lesson", "course"]
    id: str
    title: str
    review_by: dt.date


def due(library: Library, catalogue: Catalogue, today: dt.date) -> dict[str, list[Due]]:
    """By owner: what is past its review date or will be within 30 days, the longest overdue first."""
    found: dict[str, list[Due]] = {}
    last = today + SOON
    for each in sorted(_all(library, catalogue), key=lambda each: (each.review_by, each.id)):
        if each.review_by <= last:
            found.setdefault(each.owner, []).append(each)
    return dict(sorted(found.items()))


def _all(library: Library, catalogue: Catalogue) -> Iterator[Due]:
    for article in library.articles.values():
        yield Due(article.owner, "article", article.id, article.title, article.review_by)
    for course in catalogue.courses.values():
        yield Due(course.about.owner, "course", course.id, course.about.title, course.about.review_by)
        for lesson in course.lessons:
            yield Due(course.about.owner, "lesson", lesson.id, lesson.title, lesson.review_by)
