"""A member of a community team lets someone without a phone learn on theirs: counted apart, limited, audited."""

from __future__ import annotations

from bot.dialogue.actions import encode
from bot.dialogue.desk import quiz, quiz_view
from bot.dialogue.desk.staffing import record
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.storage import attempts, completions


async def assist(visit: Visit, subject: str = "") -> Turn:
    """Choose a course, then a lesson; then its quiz, answered by the person who learns."""
    say, catalogue = visit.say, visit.office.catalogue
    if not visit.may("assist-learning"):
        return visit.turn(say("staff.refused"))
    used = await completions.assisted_on(visit.tx, visit.person.id, visit.day)
    if used >= visit.office.assisted_a_day:
        return visit.turn(say("assist.limit", count=used), quiz_view.to_home(visit))
    if lesson := catalogue.lesson(subject) if "." in subject else None:
        begun = await attempts.open_of(visit.tx, visit.person.id, "lesson", lesson.id, assisted=True)
        if begun is None:
            await record(visit, "assist", lesson.id)
        return await quiz.lesson(visit, lesson.id, assisted=True)
    if course := catalogue.course(subject):
        rows = [Choice(each.label, encode("assist", each.id)) for each in course.lessons]
        return visit.turn(say("assist.lesson", left=visit.office.assisted_a_day - used), column(*rows))
    rows = [Choice(each.about.label, encode("assist", id)) for id, each in catalogue.courses.items()]
    return visit.turn(say("assist.course", left=visit.office.assisted_a_day - used), column(*rows))
