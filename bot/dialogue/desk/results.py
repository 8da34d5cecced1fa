"""What an attempt led to: completions and reviews are recorded when it closes, the result is shown after it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.content.courses import Course
from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows, topic_rows
from bot.dialogue.desk import home, quiz_view
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.learning import placement
from bot.learning.quiz import Item
from bot.learning.reviews import first
from bot.metrics import recording
from bot.storage import completions, groups, profiles, reviews
from bot.storage.attempts import Attempt
from bot.storage.completions import Completion


async def record(visit: Visit, attempt: Attempt, items: Sequence[Item], correct: int, won: bool) -> None:
    """Everything that follows from a closed attempt, in its transaction."""
    if attempt.kind in ("lesson", "final") and not attempt.assisted:
        await _remember(visit, attempt, items)
    if not won:
        return
    if attempt.kind == "lesson":
        await _complete_lesson(visit, attempt, correct)
    elif attempt.kind == "final":
        await _complete_course(visit, attempt.subject, attempt, correct, len(attempt.items))


async def show(visit: Visit, attempt: Attempt) -> Turn:
    """The result of a closed attempt, and what to do next."""
    if attempt.kind == "review":
        text = visit.say("review.done", correct=attempt.correct, all=len(attempt.items))
        return visit.turn(text, quiz_view.to_home(visit))
    if attempt.kind == "placement":
        return _placement(visit, attempt)
    key = "quiz.passed" if attempt.passed else "quiz.failed"
    text = visit.say(key, correct=attempt.correct, all=len(attempt.items), mark=attempt.pass_mark)
    rows = await _after_pass(visit, attempt) if attempt.passed else _after_fail(visit, attempt)
    return visit.turn(text, rows + quiz_view.to_home(visit))


async def _remember(visit: Visit, attempt: Attempt, items: Sequence[Item]) -> None:
    """Questions met for the first time come back for review."""
    new = []
    for place, item in zip(sorted(attempt.answers), items, strict=True):
        due, card = first(attempt.answers[place].correct, visit.now)
        new.append((item.lesson, item.id, due, card))
    await reviews.begin(visit.tx, visit.person.id, new)


async def _complete_lesson(visit: Visit, attempt: Attempt, correct: int) -> None:
    lesson = visit.office.catalogue.lesson(attempt.subject)
    competences = lesson.competences if lesson else ()
    new = await _completion(visit, attempt, "lesson", attempt.subject, correct, len(attempt.items), competences)
    if not await recording.record(visit.tx, visit.office.measures, new) or attempt.assisted:
        return
    course = visit.office.catalogue.course(attempt.subject.split(".", 1)[0])
    if course and not course.about.final:
        done = await completions.of_person(visit.tx, visit.person.id, "lesson")
        if all(each.id in done for each in course.lessons):
            own = [done[each.id] for each in course.lessons]
            right, asked = sum(each.correct for each in own), sum(each.questions for each in own)
            await _complete_course(visit, course.id, attempt, right, asked)


async def _complete_course(visit: Visit, id: str, attempt: Attempt, correct: int, questions: int) -> None:
    course = visit.office.catalogue.course(id)
    taught = {c for lesson in course.lessons for c in lesson.competences} if course else set()
    new = await _completion(visit, attempt, "course", id, correct, questions, tuple(sorted(taught)))
    await recording.record(visit.tx, visit.office.measures, new)


async def _completion(
    visit: Visit,
    attempt: Attempt,
    kind: completions.Kind,
    subject: str,
    correct: int,
    questions: int,
    competences: Sequence[str],
) -> Completion:
    """With the profile and the group as they are now. Assisted: only the ward of the member who helped is known."""
    profile = await profiles.load(visit.tx, visit.person.id)
    group = next(iter(await groups.of_person(visit.tx, visit.person.id)), None)
    return Completion(
        person_id=None if attempt.assisted else visit.person.id,
        kind=kind,
        subject=subject,
        content_version=attempt.content_version,
        correct=correct,
        questions=questions,
        completed_at=visit.now,
        day=visit.day,
        competences=tuple(competences),
        audience=None if attempt.assisted else profile.audience,
        ward=profile.ward,
        age=None if attempt.assisted else profile.age,
        group_id=group.id if group else None,
        group_kind=group.kind if group else None,
        assisted_by=visit.person.id if attempt.assisted else None,
    )


async def _after_pass(visit: Visit, attempt: Attempt) -> Rows:
    say, course = visit.say, _course_of(visit, attempt)
    if course is None:
        return ()
    if attempt.assisted:
        return column(Choice(say("assist.more"), encode("assist", course.id)))
    if course.id in await completions.of_person(visit.tx, visit.person.id, "course"):
        return column(Choice(say("learn.certificate"), encode("cert", course.id)))
    done = set(await completions.of_person(visit.tx, visit.person.id, "lesson"))
    after = home.following(course, attempt.subject, done)
    if after:
        return column(Choice(say("learn.next_lesson", label=after.label), encode("card", after.id, 0)))
    return column(Choice(say("learn.final"), encode("final", course.id)))


def _after_fail(visit: Visit, attempt: Attempt) -> Rows:
    """Once more, the lesson again, or the answers to what was not understood."""
    say, lesson = visit.say, visit.office.catalogue.lesson(attempt.subject)
    if attempt.assisted:
        return column(Choice(say("quiz.retry"), encode("assist", attempt.subject)))
    if lesson is None:
        return column(
            Choice(say("quiz.retry"), encode("final", attempt.subject)),
            Choice(say("learn.contents"), encode("course", attempt.subject, 0)),
        )
    again = column(
        Choice(say("quiz.retry"), encode("quiz", lesson.id)), Choice(say("quiz.reread"), encode("card", lesson.id, 0))
    )
    return again + topic_rows(lesson.topics[:2], visit.office.library)


def _placement(visit: Visit, attempt: Attempt) -> Turn:
    course = visit.office.catalogue.course(attempt.subject)
    if course is None:
        return visit.turn(visit.say("answer.gone"), quiz_view.to_home(visit))
    right = {place: answer.correct for place, answer in attempt.answers.items()}
    parts = [part for part, _ in course.parts]
    lines = [
        "- " + visit.say("placement.known" if placement.known(area, right) else "placement.to_learn", title=part.title)
        for area, part in enumerate(parts[: len(attempt.items) // placement.ASKED])
    ]
    start = placement.weakest(len(lines), right)
    advice = visit.say("placement.start", title=parts[start].title) if start is not None else visit.say("placement.all")
    part = start + 1 if start is not None else 0
    rows = column(Choice(visit.say("placement.go"), encode("course", course.id, part)))
    return visit.turn(
        "\n\n".join([visit.say("placement.done"), "\n".join(lines), advice]), rows + quiz_view.to_home(visit)
    )


def _course_of(visit: Visit, attempt: Attempt) -> Course | None:
    return visit.office.catalogue.course(attempt.subject.split(".", 1)[0])
