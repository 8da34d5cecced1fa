"""Load every course under ``content/<language>/courses``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.lessons import CourseFile, Lesson, Part
from bot.documents import DocumentError, Problem, read, validate


@dataclass(frozen=True)
class Course:
    """``lessons``: in the order in which they are learnt. ``version``: changes whenever one of its files does."""

    id: str
    about: CourseFile
    lessons: tuple[Lesson, ...]
    version: str

    @property
    def parts(self) -> Iterator[tuple[Part, tuple[Lesson, ...]]]:
        by_name = {lesson.id.split(".", 1)[1]: lesson for lesson in self.lessons}
        for part in self.about.parts:
            yield part, tuple(by_name[name] for name in part.lessons)


@dataclass(frozen=True)
class Catalogue:
    """All courses by id, in the order of their folders' names."""

    courses: Mapping[str, Course]
    root: Path

    def course(self, id: str) -> Course | None:
        return self.courses.get(id)

    def lesson(self, id: str) -> Lesson | None:
        course = self.courses.get(id.split(".", 1)[0])
        return next((lesson for lesson in course.lessons if lesson.id == id), None) if course else None

    def lessons(self) -> Iterator[Lesson]:
        for course in self.courses.values():
            yield from course.lessons

    def suited(self, audience: str) -> list[Course]:
        """The courses for ``audience`` first, then those for everybody."""
        ranked = sorted(
            self.courses.values(),
            key=lambda each: (each.about.audience[0] != audience, audience not in each.about.audience),
        )
        return [each for each in ranked if audience in each.about.audience or "citizen" in each.about.audience]

    def about(self) -> dict[str, Lesson]:
        """topic → the lesson that names it first among its topics, before those that only mention it."""
        ranked = [(place, lesson) for lesson in self.lessons() for place, _ in enumerate(lesson.topics)]
        ranked.sort(key=lambda pair: pair[0])
        found: dict[str, Lesson] = {}
        for place, lesson in ranked:
            found.setdefault(lesson.topics[place], lesson)
        return found

    def path(self, lesson: str) -> Path:
        course, name = lesson.split(".", 1)
        return self.root / "courses" / course / f"{name}.yaml"


def load_catalogue(root: Path) -> Catalogue:
    """Every course under ``root`` (such as ``content/vi``); none is fine. Raises DocumentError with all problems."""
    courses: dict[str, Course] = {}
    problems: list[Problem] = []
    for folder in sorted(path.parent for path in (root / "courses").glob("*/course.yaml")):
        try:
            courses[folder.name] = _course(folder)
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return Catalogue(courses, root)


def _course(folder: Path) -> Course:
    document = read(folder / "course.yaml")
    about = validate(document, CourseFile)
    names = [name for part in about.parts for name in part.lessons]
    found = {path.stem: path for path in folder.glob("*.yaml") if path.stem != "course"}
    problems = [
        document.problem(("parts",), f"lesson {name!r} has no file", f"add {name}.yaml")
        for name in names
        if name not in found
    ]
    problems += [
        Problem(found[name], 1, "", "stands in no part of course.yaml", "list it there or remove the file")
        for name in sorted(set(found) - set(names))
    ]
    if len(set(names)) < len(names):
        problems.append(document.problem(("parts",), "lists a lesson twice", "list it once"))
    lessons = []
    digest = hashlib.sha256((folder / "course.yaml").read_bytes())
    for name in names:
        if name in found:
            digest.update(found[name].read_bytes())
            try:
                lessons.append(_lesson(found[name]))
            except DocumentError as error:
                problems += error.problems
    if problems:
        raise DocumentError(problems)
    return Course(folder.name, about, tuple(lessons), digest.hexdigest()[:12])


def _lesson(path: Path) -> Lesson:
    document = read(path)
    if isinstance(document.data, dict):
        document.data["id"] = f"{path.parent.name}.{path.stem}"
    return validate(document, Lesson)
