"""Staff write an announcement: kind, words, buttons, recipients. What it looks like is never left to imagination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from bot.broadcasting import draft
from bot.content import markup
from bot.content.announcements import URGENT
from bot.content.models import Audience as AudienceName
from bot.dialogue.actions import encode
from bot.dialogue.desk.staffing import record, refused
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.storage import broadcasts, segments
from bot.storage.broadcasts import Broadcast
from bot.storage.groups import Kind
from bot.storage.segments import Audience, Segment

LISTED = 8
SAMPLE = 3
PRICE = 0.1  # Telegram Stars a copy beyond the free limit (Bot API, allow_paid_broadcast)
_ACTIVE = 30  # days


async def listed(visit: Visit) -> Turn:
    """The newest announcements, and a button for each kind of new one."""
    say, office = visit.say, visit.office
    if not visit.may("write-broadcasts") and not visit.may("approve-broadcasts"):
        return await refused(visit, "list announcements")
    rows = [
        Choice(say("compose.row", id=each.id, status=say(f"bstatus.{each.status}")), encode("notice", each.id))
        for each in await broadcasts.newest(visit.tx, LISTED)
    ]
    if office.announcements and visit.may("write-broadcasts"):
        for category, kind in office.announcements.categories.items():
            rows.append(Choice(say("compose.new", label=kind.label), encode("newnotice", category)))
        if visit.may("send-emergency"):
            label = office.announcements.urgent.label
            rows.append(Choice(say("compose.new", label=label), encode("newnotice", URGENT)))
    return visit.turn(say("compose.list"), column(*rows))


async def create(visit: Visit, category: str) -> Turn:
    """Begin a draft; its words come next."""
    kinds = visit.office.announcements
    emergency = category == URGENT
    if not may_write(visit, emergency) or kinds is None or kinds.kind(category) is None:
        return await refused(visit, f"write {category}")
    values: dict[str, object] = {
        "kind": "emergency" if emergency else "announcement",
        "category": category,
        "text": "",
        "buttons": [],
        "segment": {},
    }
    number = await broadcasts.create(visit.tx, visit.person.id, values, visit.now)
    await record(visit, "write-announcement", f"announcement {number}", after={"category": category})
    return visit.ask(visit.say("compose.words"), "notice", encode("notice", number))


async def words(visit: Visit, id: str) -> Turn:
    """Ask for the words anew."""
    if (found := await own_draft(visit, id)) is None:
        return await refused(visit, f"rewrite announcement {id}")
    return visit.ask(visit.say("compose.words"), "notice", encode("notice", found.id))


async def link(visit: Visit, id: str) -> Turn:
    """Ask for a button."""
    if (found := await own_draft(visit, id)) is None:
        return await refused(visit, f"add to announcement {id}")
    return visit.ask(visit.say("compose.button"), "noticelink", encode("notice", found.id))


async def typed_words(visit: Visit) -> Turn | None:
    """The words, with a picture or document if one came with them."""
    found = await own_draft(visit, visit.state.then.partition(":")[2])
    if found is None:
        return visit.turn(visit.say("answer.gone"))
    text = visit.text.strip() or found.text
    if problem := draft.text_problem(text, bool(visit.file or found.file)):
        return visit.ask(visit.say(problem), "notice", visit.state.then)
    values: dict[str, object] = {"text": text, "test_letter": None}
    if visit.file:
        kind, _, file = visit.file.partition(":")
        name = "anh.png" if kind == "photo" else "tai-lieu"
        values["file"] = {"kind": "telegram", "name": name, "data": {"as": kind, "id": file}}
    await broadcasts.change(visit.tx, found.id, "draft", **values)
    return None


async def typed_link(visit: Visit) -> Turn | None:
    found = await own_draft(visit, visit.state.then.partition(":")[2])
    if found is None:
        return visit.turn(visit.say("answer.gone"))
    button = draft.read_button(visit.typed, visit.office.catalogue)
    if button is None:
        return visit.ask(visit.say("compose.bad_button"), "noticelink", visit.state.then)
    buttons = [*found.buttons, button][-draft.BUTTONS :]
    await broadcasts.change(visit.tx, found.id, "draft", buttons=buttons, test_letter=None)
    return None


async def aims(visit: Visit, id: str) -> Turn:
    """Whom it is for: what is chosen carries a mark."""
    found = await own_draft(visit, id)
    if found is None:
        return await refused(visit, f"aim announcement {id}")
    only = Segment.model_validate(found.segment).only
    say = visit.say
    values = [("audience", value, say(f"audience.{value}"), value in only.audience) for value in get_args(AudienceName)]
    values += [("kind", kind, say(f"kind.{kind}"), kind in only.group_kinds) for kind in get_args(Kind)]
    values += [("lang", lang, say(f"compose.lang.{lang}"), lang in only.languages) for lang in ("vi", "en")]
    values.append(("active", str(_ACTIVE), say("compose.active", days=_ACTIVE), bool(only.active_days)))
    rows = column(
        *(
            Choice(("✓ " if on else "") + label, encode("aim", found.id, name, value))
            for name, value, label, on in values
        ),
        Choice(say("compose.ward"), encode("aimward", found.id)),
        Choice(say("compose.course"), encode("aimcourse", found.id)),
        Choice(say("compose.everybody"), encode("aim", found.id, "all", "all")),
        Choice(say("compose.back"), encode("notice", found.id)),
    )
    return visit.turn("\n\n".join([say("compose.aims"), await recipients(visit, found)]), rows)


async def aim(visit: Visit, id: str, name: str, value: str) -> Turn:
    """Turn one condition on or off."""
    found = await own_draft(visit, id)
    if found is None:
        return await refused(visit, f"aim announcement {id}")
    segment = Segment.model_validate(found.segment)
    only = segment.only
    match name:
        case "audience" if value in get_args(AudienceName):
            only = only.model_copy(update={"audience": _toggled(only.audience, value)})
        case "kind" if value in get_args(Kind):
            only = only.model_copy(update={"group_kinds": _toggled(only.group_kinds, value)})
        case "lang" if value in ("vi", "en"):
            only = only.model_copy(update={"languages": _toggled(only.languages, value)})
        case "active":
            only = only.model_copy(update={"active_days": 0 if only.active_days else _ACTIVE})
        case "begun" | "finished" if visit.office.catalogue.course(value):
            only = only.model_copy(update={"course": value, "progress": name})
        case "without" if visit.office.catalogue.course(value):
            segment = segment.model_copy(update={"without": segments.Filter(course=value)})
        case "all":
            segment, only = Segment(), segments.Filter()
    changed = segment.model_copy(update={"only": only})
    await broadcasts.change(visit.tx, found.id, "draft", segment=changed.to_json())
    return await aims(visit, id)


async def courses(visit: Visit, id: str) -> Turn:
    """Conditions about one course: those who began it, who finished it, or all but those."""
    found = await own_draft(visit, id)
    if found is None:
        return await refused(visit, f"aim announcement {id}")
    rows = [
        Choice(visit.say(f"compose.{how}", label=course.about.label), encode("aim", found.id, how, course_id))
        for course_id, course in visit.office.catalogue.courses.items()
        for how in ("begun", "without")
    ]
    return visit.turn(visit.say("compose.which_course"), column(*rows, _back(visit, found.id)))


async def ward(visit: Visit, id: str) -> Turn:
    found = await own_draft(visit, id)
    if found is None:
        return await refused(visit, f"aim announcement {id}")
    return visit.ask(visit.say("compose.which_ward"), "noticeward", encode("aims", found.id))


async def typed_ward(visit: Visit) -> Turn | None:
    """One ward more, by its name of today."""
    found = await own_draft(visit, visit.state.then.partition(":")[2])
    if found is None:
        return visit.turn(visit.say("answer.gone"))
    named = visit.office.places.find(visit.text) if visit.office.places else None
    if named is None or len(named.new) != 1:
        return visit.ask(visit.say("compose.no_ward"), "noticeward", visit.state.then)
    segment = Segment.model_validate(found.segment)
    only = segment.only.model_copy(update={"ward": _toggled(segment.only.ward, named.new[0].code)})
    changed = segment.model_copy(update={"only": only})
    await broadcasts.change(visit.tx, found.id, "draft", segment=changed.to_json())
    return None


async def recipients(visit: Visit, broadcast: Broadcast) -> str:
    """Who will get it: in words, as an exact number, and a few of them without anything that names them."""
    say, office = visit.say, visit.office
    segment = Segment.model_validate(broadcast.segment)
    audience = Audience(
        segment,
        visit.person.channel,
        broadcast.category,
        broadcast.kind == "emergency",
        office.site.language,
        visit.now,
    )
    number = await segments.count(visit.tx, audience)
    lines = [say("compose.count", number=say.number(number), whom=", ".join(_in_words(visit, segment)))]
    some = await segments.sample(visit.tx, audience, SAMPLE)
    unknown = say("data.unknown")
    for who, where in some:
        unit = office.places.units.get(where or "") if office.places else None
        lines.append("- " + say("compose.sample", who=say(f"audience.{who}") if who else unknown,
                                where=unit.name if unit else unknown))  # fmt: skip
    if office.paid:
        lines.append("- " + say("compose.price", stars=say.number(round(number * PRICE, 1))))
    return "\n".join(lines)


async def own_draft(visit: Visit, id: str) -> Broadcast | None:
    """A draft of one's own that one may still write."""
    found = await broadcasts.load(visit.tx, int(id)) if id.isdecimal() else None
    mine = found is not None and found.author_id == visit.person.id and found.status == "draft"
    return found if found and mine and may_write(visit, found.kind == "emergency") else None


def may_write(visit: Visit, emergency: bool) -> bool:
    return visit.may("write-broadcasts") and (not emergency or visit.may("send-emergency"))


def _in_words(visit: Visit, segment: Segment) -> Iterator[str]:
    say, only = visit.say, segment.only
    places, catalogue = visit.office.places, visit.office.catalogue
    parts = [say(f"audience.{value}") for value in only.audience]
    parts += [places.units[code].name if places and code in places.units else code for code in only.ward]
    parts += [say(f"kind.{kind}") for kind in only.group_kinds]
    parts += [say("compose.group", id=number) for number in only.groups]
    parts += [say(f"compose.lang.{language}") for language in only.languages]
    if only.active_days:
        parts.append(say("compose.active", days=only.active_days))
    for how, chosen in ((only.progress, only.course), ("without", segment.without.course)):
        if course := catalogue.course(chosen):
            parts.append(say(f"compose.{how}", label=markup.escape(course.about.label)))
    yield from parts or [say("compose.all")]


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(each for each in values if each != value) if value in values else (*values, value)


def _back(visit: Visit, id: int) -> Choice:
    return Choice(visit.say("compose.back"), encode("aims", id))
