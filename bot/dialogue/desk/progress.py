"""What a person has reached, as a picture and as the next step; certificates and their check."""

from __future__ import annotations

import datetime as dt
import re

from bot.content import markup
from bot.dialogue.actions import encode
from bot.dialogue.desk import aboutyou, quiz_view
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, File, Reply
from bot.dialogue.turns import Turn
from bot.learning.codes import new_code, read_code, spelled
from bot.storage import certificates, completions

CODE = 10  # signs of a certificate's code
_NAME = re.compile(r"[^\W\d_]+(?:[ '.-]+[^\W\d_]+)*\.?")
MAX_NAME = 60


async def show(visit: Visit) -> Turn:
    """A picture of all competences, and the point of the next step."""
    if not await visit.agreed():
        return aboutyou.consent(visit, "progress")
    done = await completions.of_person(visit.tx, visit.person.id, "lesson")
    courses = await completions.of_person(visit.tx, visit.person.id, "course")
    if not done:
        return visit.turn(visit.say("progress.nothing"), quiz_view.to_home(visit))
    catalogue, say = visit.office.catalogue, visit.say
    rows = column(
        *(
            Choice(say("progress.certificate", label=course.about.label), encode("cert", id))
            for id, course in catalogue.courses.items()
            if id in courses
        ),
        Choice(say("learn.keep_on"), encode("home")),
    )
    text = say("progress.text", lessons=len(done), courses=len(courses))
    return visit.turn(text, rows, file=File("progress", "tien-do.png", _picture(visit, set(done))))


async def certificate(visit: Visit, course_id: str) -> Turn:
    """Ask for the name to print: it is used once and not kept."""
    done = await completions.of_person(visit.tx, visit.person.id, "course")
    if course_id not in done:
        return visit.turn(visit.say("cert.not_yet"), quiz_view.to_home(visit))
    return visit.ask(visit.say("cert.name"), "name", encode("cert", course_id))


async def typed_name(visit: Visit) -> Turn:
    """Make the certificate with the typed name on it."""
    course_id = visit.state.then.partition(":")[2]
    done = (await completions.of_person(visit.tx, visit.person.id, "course")).get(course_id)
    course = visit.office.catalogue.course(course_id)
    if done is None or course is None:
        return visit.turn(visit.say("cert.not_yet"), quiz_view.to_home(visit))
    name = visit.typed
    if not _NAME.fullmatch(name) or not 2 <= len(name) <= MAX_NAME:
        return visit.ask(visit.say("cert.bad_name"), "name", visit.state.then)
    code = new_code(visit.office.chance, CODE)
    kept = await certificates.issue(visit.tx, code, course_id, done.day, visit.person.id, visit.now)
    data = _paper(visit, name, course.about.title, kept)
    text = visit.say("cert.done", course=markup.escape(course.about.title), code=spelled(kept.code))
    turn = visit.turn(text, file=File("certificate_png", f"chung-nhan-{kept.code}.png", data))
    paper = Reply(
        visit.say("cert.pdf"), quiz_view.to_home(visit), file=File("certificate_pdf", f"{kept.code}.pdf", data)
    )
    return Turn((*turn.replies, paper), turn.state)


async def check(visit: Visit, payload: str = "") -> Turn:
    """What a code stands for: course and date, nothing about a person."""
    code = read_code(payload or visit.text)
    if not code:
        return visit.turn(visit.say("cert.which"))
    found = await certificates.find(visit.tx, code)
    if found is None:
        return visit.turn(visit.say("cert.unknown", code=spelled(code)))
    course = visit.office.catalogue.course(found.course)
    title = course.about.title if course else found.course
    date = visit.say.date(dt.date.fromisoformat(found.day))
    return visit.turn(visit.say("cert.checked", code=spelled(code), course=title, date=date))


def _picture(visit: Visit, done: set[str]) -> dict[str, object]:
    """For each competence begun, how many of the lessons that teach it are done; of the others, that they are there.

    Bars for all of them would make a picture three times as high as wide, which a phone shows too small to read.
    """
    taught: dict[str, list[bool]] = {}
    for lesson in visit.office.catalogue.lessons():
        for code in {competence.split("@")[0] for competence in lesson.competences}:
            taught.setdefault(code, []).append(lesson.id in done)
    areas = []
    for area in visit.office.competences.values():
        names = {code: name for code, name in area.competences.items() if code in taught}
        bars = [_bar(name, taught[code]) for code, name in names.items() if any(taught[code])]
        note = visit.say("progress.begun", begun=len(bars), all=len(names))
        if names:
            areas.append({"title": area.title, "bars": bars, "note": note})
    return {
        "title": visit.say("progress.title"),
        "subtitle": visit.say("progress.subtitle", lessons=len(done), date=visit.say.date(visit.today)),
        "areas": areas,
        "footer": visit.office.site.name,
    }


def _bar(name: str, lessons: list[bool]) -> dict[str, object]:
    return {"label": name, "share": sum(lessons) / len(lessons), "note": f"{sum(lessons)}/{len(lessons)}"}


def _paper(visit: Visit, name: str, course: str, kept: certificates.Certificate) -> dict[str, object]:
    say, day = visit.say, dt.date.fromisoformat(kept.day)
    return {
        "site": visit.office.site.name,
        "heading": say("cert.heading"),
        "lead": say("cert.lead", site=visit.office.site.name),
        "name": name,
        "statement": say("cert.statement"),
        "course": course,
        "dated": say("cert.dated", day=day.day, month=day.month, year=day.year),
        "code": spelled(kept.code),
        "check": visit.office.link(f"ktra-{kept.code}"),
        "how_to_check": say("cert.how", site=visit.office.site.name, code=spelled(kept.code)),
        "note": say("cert.note"),
    }
