"""Groups: create one, hang up its sheet, join by its link, see how far it is in numbers, close it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from bot.content import markup
from bot.content.models import Audience
from bot.dialogue.actions import encode
from bot.dialogue.desk import aboutyou, quiz_view
from bot.dialogue.desk.staffing import record
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, File
from bot.dialogue.turns import Turn
from bot.learning import comparison
from bot.learning.codes import new_code, read_code
from bot.storage import completions, groups
from bot.storage.groups import Group, Kind, Member

CODE = 8  # signs of a group's code
NAMES_SHOWN = 30
ASK, YES = "ask", "yes"
_AUDIENCE: Mapping[Kind, Audience] = {
    "line": "worker",
    "class": "student",
    "agency": "official",
    "community": "citizen",
}
_NAME = re.compile(r"[\w ,.()/&+-]{3,80}")


async def listed(visit: Visit) -> Turn:
    """The groups one is in, those one owns, and a button to create one."""
    say = visit.say
    rows: list[Choice | None] = []
    for group in await groups.owned(visit.tx, visit.person.id):
        key = "group.owned" if group.closed_at is None else "group.owned_closed"
        rows.append(Choice(say(key, name=group.name), encode("group", group.id)))
    for group in await groups.of_person(visit.tx, visit.person.id):
        rows.append(Choice(say("group.joined_label", name=group.name), encode("group", group.id)))
    if visit.may("create-groups"):
        rows += [Choice(say(f"newgroup.{kind}"), encode("newgroup", kind)) for kind in get_args(Kind)]
    return visit.turn(say("group.list") if rows else say("group.none"), column(*rows) + quiz_view.to_home(visit))


async def create(visit: Visit, kind: str) -> Turn:
    if not visit.may("create-groups") or kind not in get_args(Kind):
        return visit.turn(visit.say("staff.refused"))
    return visit.ask(visit.say("group.name", kind=visit.say(f"kind.{kind}")), "group", encode("newgroup", kind))


async def typed_name(visit: Visit) -> Turn:
    """The name of the new group."""
    kind = visit.state.then.partition(":")[2]
    if not visit.may("create-groups") or kind not in get_args(Kind):
        return visit.turn(visit.say("staff.refused"))
    name = visit.typed
    if not _NAME.fullmatch(name):
        return visit.ask(visit.say("group.bad_name"), "group", visit.state.then)
    code = new_code(visit.office.chance, CODE)
    group = await groups.create(visit.tx, code, name, kind, visit.person.id, visit.now)  # type: ignore[arg-type]  # checked above
    await record(visit, "create-group", f"group {group.id}", after={"name": name, "kind": kind})
    return await _owner_view(visit, group)


async def view(visit: Visit, id: str) -> Turn:
    """Owners see numbers and agreed names, members their own choices, others nothing."""
    group = await groups.by_id(visit.tx, int(id)) if id.isdecimal() else None
    if group and group.owner_id == visit.person.id:
        return await _owner_view(visit, group)
    if group and (own := await groups.member(visit.tx, group.id, visit.person.id)):
        return _member_view(visit, group, own)
    return visit.turn(visit.say("group.gone"), quiz_view.to_home(visit))


async def join(visit: Visit, payload: str) -> Turn:
    """By a link or QR code; consent comes first."""
    group = await groups.by_code(visit.tx, read_code(payload))
    if group is None:
        return visit.turn(visit.say("group.gone"), quiz_view.to_home(visit))
    if group.closed_at is not None:
        return visit.turn(visit.say("group.no_entry"), quiz_view.to_home(visit))
    if not await visit.agreed():
        return aboutyou.consent(visit, f"join:{payload.lower()}")
    await groups.join(visit.tx, group.id, visit.person.id, visit.now)
    own = await groups.member(visit.tx, group.id, visit.person.id)
    return _member_view(visit, group, own) if own else visit.turn(visit.say("group.gone"))


async def leave(visit: Visit, id: str) -> Turn:
    if id.isdecimal():
        await groups.leave(visit.tx, int(id), visit.person.id)
    return visit.turn(visit.say("group.left"), quiz_view.to_home(visit))


async def close(visit: Visit, id: str, sure: str) -> Turn:
    """Ask once more, then close; what its members completed stays counted."""
    say, group = visit.say, await groups.by_id(visit.tx, int(id)) if id.isdecimal() else None
    if group is None or group.owner_id != visit.person.id:
        return visit.turn(say("staff.refused"))
    if sure != YES and group.closed_at is None:
        yes = Choice(say("group.close_yes"), encode("close", group.id, YES))
        no = Choice(say("group.close_no"), encode("group", group.id))
        return visit.turn(say("group.close_sure", name=markup.escape(group.name)), column(yes, no))
    if await groups.close(visit.tx, group.id, visit.now):
        await record(visit, "close-group", f"group {group.id}")
    return await view(visit, id)


async def name(visit: Visit, id: str) -> Turn:
    """Ask for the name that the owner may see."""
    return visit.ask(visit.say("group.my_name"), "shown", encode("name", id))


async def typed_shown_name(visit: Visit) -> Turn:
    id = visit.state.then.partition(":")[2]
    shown = visit.typed
    if not id.isdecimal() or not _NAME.fullmatch(shown) or len(shown) > 60:
        return visit.ask(visit.say("group.bad_name"), "shown", visit.state.then)
    await groups.show_name(visit.tx, int(id), visit.person.id, shown)
    return await view(visit, id)


async def nameless(visit: Visit, id: str) -> Turn:
    if id.isdecimal():
        await groups.show_name(visit.tx, int(id), visit.person.id, None)
    return await view(visit, id)


async def sheet(visit: Visit, id: str) -> Turn:
    """The page to hang up, as a PDF."""
    group = await groups.by_id(visit.tx, int(id)) if id.isdecimal() else None
    if group is None or group.owner_id != visit.person.id or group.closed_at is not None:
        return visit.turn(visit.say("staff.refused"))
    say, link = visit.say, visit.office.link(f"nhom-{group.code}")
    data = {
        "title": say("sheet.title", site=visit.office.site.name),
        "name": group.name,
        "steps": [say("sheet.one"), say("sheet.two"), say("sheet.three")],
        "link": link,
        "footer": say("sheet.footer"),
    }
    return visit.turn(say("sheet.text"), file=File("sheet", f"nhom-{group.code}.pdf", data))


async def _owner_view(visit: Visit, group: Group) -> Turn:
    say, people = visit.say, await groups.members(visit.tx, group.id)
    catalogue, closed = visit.office.catalogue, group.closed_at
    ids = [member.person_id for member in people]
    done = await completions.of_members(visit.tx, ids, "course", list(catalogue.courses), closed)
    lessons = await completions.of_members(visit.tx, ids, "lesson", [each.id for each in catalogue.lessons()], closed)
    lines = [say("group.numbers", members=len(people), started=len(lessons))]
    if closed is None:
        lines.append(say("group.link", link=visit.office.link(f"nhom-{group.code}")))
    else:
        lines.insert(0, say("group.closed", date=say.date(closed.astimezone(visit.office.quiet.zone).date())))
    finished = {id: sum(id in found for found in done.values()) for id in catalogue.courses}
    for id, count in finished.items():
        if count:
            label, share = catalogue.courses[id].about.label, round(100 * count / len(people))
            lines.append(say("group.course", label=label, count=count, share=share))
    if people and closed is None and (compared := await _compared(visit, group, finished, len(people))):
        lines.append(compared)
    if named := _named(visit, people, done, lessons):
        lines.append(named)
    text = f"**{markup.escape(group.name)}**\n\n" + "\n\n".join(lines)
    rows = column(
        Choice(say("group.sheet"), encode("sheet", group.id)),
        Choice(say("group.close"), encode("close", group.id, ASK)),
    )
    return visit.turn(text, (rows if closed is None else ()) + quiz_view.to_home(visit))


async def _compared(visit: Visit, group: Group, finished: Mapping[str, int], members: int) -> str:
    """The group beside the others of its kind, on the course that suits them best; empty where they are too few."""
    course = next(iter(visit.office.catalogue.suited(_AUDIENCE[group.kind])), None)
    if course is None:
        return ""
    shares = await groups.shares(visit.tx, group.kind, course.id, visit.person.id, comparison.MEMBERS)
    among = comparison.typical(shares)
    own = round(100 * finished[course.id] / members)
    return "" if among is None else visit.say("group.compared", label=course.about.label, own=own, among=among)


def _named(visit: Visit, people: Sequence[Member], courses: dict[int, set[str]], lessons: dict[int, set[str]]) -> str:
    """Only those who agreed to be seen by name."""
    shown = [member for member in people if member.shown_name][:NAMES_SHOWN]
    return "\n".join(
        "- "
        + visit.say(
            "group.person",
            name=markup.escape(member.shown_name or ""),
            lessons=len(lessons.get(member.person_id, ())),
            courses=len(courses.get(member.person_id, ())),
        )
        for member in shown
    )


def _member_view(visit: Visit, group: Group, own: Member) -> Turn:
    say = visit.say
    if group.closed_at is not None:
        return visit.turn(say("group.no_entry"), quiz_view.to_home(visit))
    text = say("group.member", name=markup.escape(group.name))
    if own.shown_name:
        text += "\n\n" + say("group.seen_as", name=markup.escape(own.shown_name))
        choice = Choice(say("group.hide_name"), encode("nameless", group.id))
    else:
        choice = Choice(say("group.show_name"), encode("name", group.id))
    rows = column(
        Choice(say("learn.keep_on"), encode("home")), choice, Choice(say("group.leave"), encode("leave", group.id))
    )
    return visit.turn(text, rows)
