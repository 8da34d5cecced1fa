"""Where learning begins and goes on: the home, the courses, the cards of a lesson."""

from __future__ import annotations

from bot.content.courses import Course
from bot.content.lessons import Lesson
from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk import aboutyou, reminders
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.learning.reviews import DAILY
from bot.storage import attempts, bookmarks, completions, profiles, reviews

SUGGESTED = 3
LISTED = 8  # lessons of a course that are listed at once; longer ones are shown part by part


async def home(visit: Visit) -> Turn:
    """What to go on with, what is due, what suits the person."""
    if not await visit.agreed():
        return aboutyou.consent(visit, "home")
    if question := await aboutyou.missing(visit, "home", ("audience",)):
        return question
    say, person = visit.say, visit.person.id
    await reminders.resume(visit)
    lessons = await completions.of_person(visit.tx, person, "lesson")
    courses = await completions.of_person(visit.tx, person, "course")
    profile = await profiles.load(visit.tx, person)
    rows: list[Choice | None] = []
    if running := await attempts.latest_open(visit.tx, person):
        rows.append(Choice(say("learn.resume_quiz"), encode("item", running.id)))
    if going_on := await _going_on(visit, set(lessons)):
        lesson, card = going_on
        rows.append(Choice(say("learn.go_on", label=lesson.label), encode("card", lesson.id, card)))
    if (due := await reviews.count_due(visit.tx, person, visit.now)) and await _may_review(visit):
        rows.append(Choice(say("learn.review", count=min(due, DAILY)), encode("review")))
    for course in _suggested(visit, profile.audience, set(courses)):
        rows.append(Choice(say("learn.course", label=course.about.label), encode("course", course.id, 0)))
    rows.append(Choice(say("learn.all"), encode("courses")))
    last = (Choice(say("learn.progress"), encode("progress")), Choice(say("learn.reminders"), encode("remind", "ask")))
    text = say("learn.home", lessons=len(lessons), courses=len(courses)) if lessons else say("learn.first")
    return visit.turn(text, (*column(*rows), last))


async def courses(visit: Visit) -> Turn:
    done = await completions.of_person(visit.tx, visit.person.id, "course")
    rows: list[Choice | None] = [
        Choice(("✅ " if course.id in done else "") + course.about.label, encode("course", course.id, 0))
        for course in visit.office.catalogue.courses.values()
    ]
    return visit.turn(visit.say("learn.courses"), column(*rows, Choice(visit.say("learn.back"), encode("home"))))


async def course(visit: Visit, id: str, part: str) -> Turn:
    """A course, or one part of it, with what is done."""
    found = visit.office.catalogue.course(id)
    if found is None or not part.isdecimal() or int(part) > len(found.about.parts):
        return visit.turn(visit.say("answer.gone"))
    done = set(await completions.of_person(visit.tx, visit.person.id, "lesson"))
    passed = id in await completions.of_person(visit.tx, visit.person.id, "course")
    say, parts = visit.say, list(found.parts)
    text = f"**{found.about.title}**\n\n{found.about.summary.strip()}"
    if int(part) or len(found.lessons) <= LISTED:
        shown = parts[int(part) - 1][1] if int(part) else found.lessons
        if int(part):
            text = f"**{found.about.title}**\n\n**{parts[int(part) - 1][0].title}**"
        lines = ["- " + say("learn.lesson", mark="✅" if each.id in done else "▫️", title=each.title) for each in shown]
        rows = [Choice(("✅ " if x.id in done else "") + x.label, encode("card", x.id, 0)) for x in shown]
        text += "\n\n" + "\n".join(lines)
    else:
        rows = [
            Choice(
                say("learn.part", title=about.title, done=sum(x.id in done for x in inside), all=len(inside)),
                encode("course", id, number),
            )
            for number, (about, inside) in enumerate(parts, 1)
        ]
        rows.append(Choice(say("placement.open"), encode("placement", id)))
    if found.about.final and all(each.id in done for each in found.lessons) and not passed:
        rows.append(Choice(say("learn.final"), encode("final", id)))
    if passed:
        rows.append(Choice(say("learn.certificate"), encode("cert", id)))
    back = encode("course", id, 0) if int(part) else encode("courses")
    return visit.turn(text, column(*rows, Choice(say("learn.back"), back)))


async def card(visit: Visit, lesson_id: str, number: str) -> Turn:
    """One card; the place is remembered for those who agreed."""
    lesson = visit.office.catalogue.lesson(lesson_id)
    if lesson is None or not number.isdecimal():
        return visit.turn(visit.say("answer.gone"))
    place = min(int(number), len(lesson.cards) - 1)
    if await visit.agreed():
        await bookmarks.put(visit.tx, visit.person.id, lesson_id, place, visit.now)
    shown = lesson.cards[place]
    text = visit.say("learn.card", lesson=lesson.title, number=place + 1, all=len(lesson.cards), title=shown.title)
    text += "\n\n" + shown.text.strip()
    if place == len(lesson.cards) - 1:
        sources = "; ".join(dict.fromkeys(lesson.sources[key].title.rstrip(".") for key in lesson.source))
        date = visit.say.date(lesson.reviewed)
        text += f"\n\n_{visit.say('answer.source', sources=sources.replace('_', ' '), date=date)}_"
        if visit.today > lesson.review_by:
            site, late = visit.office.site, visit.say.date(lesson.review_by)
            text += "\n\n" + visit.say("answer.overdue", date=late, portal=site.portal, hotline=site.hotline)
    return visit.turn(text, _card_rows(visit, lesson, place))


async def link(visit: Visit, payload: str) -> Turn:
    """A shared link to a course or lesson: "mot_gio" or "mot_gio-vneid"."""
    course_id, _, name = payload.partition("-")
    if name and visit.office.catalogue.lesson(f"{course_id}.{name}"):
        return await card(visit, f"{course_id}.{name}", "0")
    if visit.office.catalogue.course(course_id):
        return await course(visit, course_id, "0")
    return await home(visit)


def following(course: Course, lesson: str, done: set[str]) -> Lesson | None:
    """The first lesson after ``lesson`` that is not done, else the first at all."""
    ids = [each.id for each in course.lessons]
    start = ids.index(lesson) + 1 if lesson in ids else 0
    ordered = course.lessons[start:] + course.lessons[:start]
    return next((each for each in ordered if each.id not in done), None)


def _card_rows(visit: Visit, lesson: Lesson, place: int) -> Rows:
    say, course_id = visit.say, lesson.id.split(".", 1)[0]
    back = Choice("‹ " + say("learn.previous"), encode("card", lesson.id, max(0, place - 1)))
    contents = Choice(say("learn.contents"), encode("course", course_id, 0))
    if place == len(lesson.cards) - 1:
        return ((Choice(say("learn.take_quiz"), encode("quiz", lesson.id)),), (back, contents))
    forward = Choice(say("learn.next") + " ›", encode("card", lesson.id, place + 1))
    return ((back, forward),) if place else ((contents, forward),)


async def _going_on(visit: Visit, done: set[str]) -> tuple[Lesson, int] | None:
    """Where the person stopped reading, or the lesson after it when that one is done."""
    stopped = await bookmarks.of(visit.tx, visit.person.id)
    lesson = visit.office.catalogue.lesson(stopped[0]) if stopped else None
    if stopped is None or lesson is None:
        return None
    if lesson.id not in done:
        return lesson, min(stopped[1], len(lesson.cards) - 1)
    own = visit.office.catalogue.course(lesson.id.split(".", 1)[0])
    after = following(own, lesson.id, done) if own else None
    return (after, 0) if after else None


async def _may_review(visit: Visit) -> bool:
    today = await attempts.review_of(visit.tx, visit.person.id, visit.day)
    return today is None or today.finished_at is None


def _suggested(visit: Visit, audience: str | None, done: set[str]) -> list[Course]:
    suited = visit.office.catalogue.suited(audience or "citizen")
    return [each for each in suited if each.id not in done][:SUGGESTED]
