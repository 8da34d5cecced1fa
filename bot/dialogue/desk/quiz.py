"""Quizzes: begin or resume, one question at a time, each answer kept at once, the result with the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.content.courses import Course
from bot.content.lessons import Lesson
from bot.content.lessons import Question as Asked
from bot.dialogue.desk import aboutyou, quiz_view, results
from bot.dialogue.desk.visit import Visit
from bot.dialogue.turns import Turn
from bot.learning import placement
from bot.learning.quiz import Item, answerable, draw, freeze, grade, passed, shuffled, thaw
from bot.learning.reviews import DAILY, again
from bot.storage import attempts, completions, reviews
from bot.storage.attempts import Answer, Attempt, Beginning, Kind

NOTHING = "_"  # in a button: no option chosen yet

log = structlog.get_logger("bot.learning")


async def lesson(visit: Visit, lesson_id: str, assisted: bool = False) -> Turn:
    """The quiz of a lesson. Who they are is asked before the first one, since it is counted by that."""
    found = visit.office.catalogue.lesson(lesson_id)
    course = visit.office.catalogue.course(lesson_id.split(".", 1)[0])
    if found is None or course is None:
        return visit.turn(visit.say("answer.gone"))
    then = f"quiz:{lesson_id}"
    if not await visit.agreed():
        return aboutyou.consent(visit, then)
    if not assisted and (question := await aboutyou.missing(visit, then, ("ward", "age"))):
        return question
    drawn = draw([found], course.about.draw, visit.office.chance)
    return await _begin(visit, "lesson", lesson_id, course, drawn, assisted)


async def final(visit: Visit, course_id: str) -> Turn:
    """The last quiz of a course, over all its lessons, once they are all passed."""
    course = visit.office.catalogue.course(course_id)
    if course is None or not course.about.final:
        return visit.turn(visit.say("answer.gone"))
    if not await visit.agreed():
        return aboutyou.consent(visit, f"final:{course_id}")
    done = await completions.of_person(visit.tx, visit.person.id, "lesson")
    if any(each.id not in done for each in course.lessons):
        return visit.turn(visit.say("quiz.lessons_first"), quiz_view.to_course(visit, course_id))
    drawn = draw(course.lessons, course.about.final, visit.office.chance)
    return await _begin(visit, "final", course_id, course, drawn)


async def placed(visit: Visit, course_id: str = "") -> Turn:
    """The placement test of a course of several parts, by default the first: which part to start with."""
    several = {id: each for id, each in visit.office.catalogue.courses.items() if len(each.about.parts) > 1}
    course = several.get(course_id) if course_id else next(iter(several.values()), None)
    if course is None:
        return visit.turn(visit.say("answer.gone"), quiz_view.to_home(visit))
    if not await visit.agreed():
        return aboutyou.consent(visit, f"placement:{course.id}")
    drawn = [each for _, lessons in course.parts for each in draw(lessons, placement.ASKED, visit.office.chance)]
    return await _begin(visit, "placement", course.id, course, drawn)


async def review(visit: Visit) -> Turn:
    """Today's round: what is due longest, DAILY questions at most, once a day."""
    if not await visit.agreed():
        return aboutyou.consent(visit, "review")
    today = await attempts.review_of(visit.tx, visit.person.id, visit.day)
    if today is None:
        due = await reviews.due(visit.tx, visit.person.id, visit.now, DAILY)
        asked = [pair for each in due if (pair := _still_there(visit, each.lesson, each.question))]
        if not asked:
            return visit.turn(visit.say("review.none"), quiz_view.to_home(visit))
        today = await _start(
            visit, Beginning(visit.person.id, "review", visit.day, False, "", 0, *_frozen(visit, asked))
        )
    return await item(visit, str(today.id))


async def item(visit: Visit, attempt_id: str) -> Turn:
    """What comes next in an attempt: a question, or the result."""
    attempt = await _own(visit, attempt_id)
    if attempt is None:
        return _refused(visit, attempt_id)
    position = following(attempt)
    if position is None:
        return await results.show(visit, attempt)
    return visit.turn(*quiz_view.question(visit, attempt, position, await _item(visit, attempt, position), ""))


async def mark(visit: Visit, attempt_id: str, position: str, places: str) -> Turn:
    """Show a choice that is not given yet."""
    attempt = await _own(visit, attempt_id)
    chosen = "" if places == NOTHING else places
    if attempt is None or not _is_next(attempt, position):
        return await _late(visit, attempt, attempt_id, position)
    asked = await _item(visit, attempt, int(position))
    if asked.kind not in ("multiple", "order") or not _partial(asked, chosen):
        return _refused(visit, attempt_id)
    return visit.turn(*quiz_view.question(visit, attempt, int(position), asked, chosen))


async def give(visit: Visit, attempt_id: str, position: str, places: str) -> Turn:
    """Keep an answer and explain it; the last one closes the attempt in the same transaction."""
    attempt = await _own(visit, attempt_id)
    if attempt is None or not _is_next(attempt, position):
        return await _late(visit, attempt, attempt_id, position)
    place, asked = int(position), await _item(visit, attempt, int(position))
    if not answerable(asked, places):
        return _refused(visit, attempt_id)
    right = grade(asked, places)
    await attempts.put_answer(visit.tx, attempt.id, place, places, right, visit.now)
    answered = replace(attempt, answers={**attempt.answers, place: Answer(places, right)})
    if attempt.kind == "review":
        await _reviewed(visit, asked, right)
    if following(answered) is None:
        await _close(visit, answered)
    return visit.turn(*quiz_view.explanation(visit, answered, place, asked, places))


def following(attempt: Attempt) -> int | None:
    """The place of the next question; None when there is none."""
    if attempt.finished_at is not None:
        return None
    if attempt.kind == "placement":
        right = {place: answer.correct for place, answer in attempt.answers.items()}
        return placement.next_position(len(attempt.items) // placement.ASKED, right)
    return next((place for place in range(len(attempt.items)) if place not in attempt.answers), None)


async def _close(visit: Visit, attempt: Attempt) -> None:
    correct = sum(answer.correct for answer in attempt.answers.values())
    asked = len(attempt.answers) if attempt.kind == "placement" else len(attempt.items)
    won = passed(correct, asked, attempt.pass_mark)
    if await attempts.finish(visit.tx, attempt.id, correct, won, visit.now):
        items = await _items(visit, attempt, sorted(attempt.answers))
        await results.record(visit, attempt, items, correct, won)


async def _begin(
    visit: Visit,
    kind: Kind,
    subject: str,
    course: Course,
    drawn: Sequence[tuple[str, Asked]],
    assisted: bool = False,
) -> Turn:
    open_ = await attempts.open_of(visit.tx, visit.person.id, kind, subject, assisted)
    if open_ is None:
        mark = round(course.about.pass_mark * 100)
        new = Beginning(visit.person.id, kind, subject, assisted, course.version, mark, *_frozen(visit, drawn))
        open_ = await _start(visit, new)
    return await item(visit, str(open_.id))


async def _start(visit: Visit, new: Beginning) -> Attempt:
    return await attempts.begin(visit.tx, new, visit.now)


def _frozen(
    visit: Visit, drawn: Sequence[tuple[str, Asked]]
) -> tuple[list[tuple[str, tuple[int, ...]]], dict[str, dict[str, Any]]]:
    """(items, questions) as an attempt keeps them."""
    frozen = [(freeze(lesson_id, question), shuffled(question, visit.office.chance)) for lesson_id, question in drawn]
    return [(digest, order) for (digest, _), order in frozen], {digest: data for (digest, data), _ in frozen}


def _still_there(visit: Visit, lesson_id: str, question_id: str) -> tuple[str, Asked] | None:
    found: Lesson | None = visit.office.catalogue.lesson(lesson_id)
    question = found.question(question_id) if found else None
    return (lesson_id, question) if question else None


async def _own(visit: Visit, attempt_id: str) -> Attempt | None:
    return await attempts.load(visit.tx, int(attempt_id), visit.person.id) if attempt_id.isdecimal() else None


async def _item(visit: Visit, attempt: Attempt, position: int) -> Item:
    return (await _items(visit, attempt, [position]))[0]


async def _items(visit: Visit, attempt: Attempt, positions: Sequence[int]) -> list[Item]:
    asked = [attempt.items[position] for position in positions]
    data = await attempts.questions(visit.tx, {digest for digest, _ in asked})
    return [thaw(data[digest], order) for digest, order in asked]


def _is_next(attempt: Attempt, position: str) -> bool:
    return position.isdecimal() and following(attempt) == int(position)


async def _late(visit: Visit, attempt: Attempt | None, attempt_id: str, position: str) -> Turn:
    """A second tap, or an old message's button, shows what was answered; anything else is forged."""
    if attempt is None or not position.isdecimal() or int(position) not in attempt.answers:
        return _refused(visit, attempt_id)
    place = int(position)
    given = attempt.answers[place].given
    return visit.turn(*quiz_view.explanation(visit, attempt, place, await _item(visit, attempt, place), given))


def _refused(visit: Visit, attempt_id: str) -> Turn:
    log.warning("a button that is not theirs, or was never shown", person=visit.person.id, attempt=attempt_id[:20])
    return visit.turn(visit.say("quiz.refused"), quiz_view.to_home(visit))


def _partial(asked: Item, chosen: str) -> bool:
    return not chosen or (
        chosen.isascii()
        and chosen.isdecimal()
        and len(set(chosen)) == len(chosen)
        and all(int(sign) < len(asked.options) for sign in chosen)
    )


async def _reviewed(visit: Visit, asked: Item, right: bool) -> None:
    card = await reviews.card(visit.tx, visit.person.id, asked.lesson, asked.id)
    if card is not None:
        due, card = again(card, right, visit.now)
        await reviews.put(visit.tx, visit.person.id, asked.lesson, asked.id, due, card)
