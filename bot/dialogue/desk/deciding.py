"""An announcement's way to its recipients: seen by its author, approved by a second person, then watched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.broadcasting import draft
from bot.broadcasting.states import Counts, NotPossible, after
from bot.content import markup
from bot.dialogue.actions import encode
from bot.dialogue.announcement import copy
from bot.dialogue.desk import composing
from bot.dialogue.desk.staffing import record, refused
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.turns import Turn
from bot.storage import broadcasts, deliveries, outbox, people, staff
from bot.storage.broadcasts import Broadcast
from bot.storage.outbox import Lane, Outgoing

_MORNING = dt.time(8)


async def view(visit: Visit, id: str) -> Turn:
    """How an announcement stands, and what one may do about it."""
    found = await _load(visit, id)
    if found is None:
        return await refused(visit, f"see announcement {id}")
    say = visit.say
    kind = visit.office.announcements.kind(found.category) if visit.office.announcements else None
    parts = [
        say("compose.title", id=found.id, kind=kind.label if kind else found.category,
            status=say(f"bstatus.{found.status}")),
        found.text or say("compose.no_words"),
    ]  # fmt: skip
    parts += [f"- {button['label']}: {markup.escape(button.get('url') or button.get('lesson', ''))}"
              for button in found.buttons]  # fmt: skip
    hosts = list(draft.doubtful(found.text, found.buttons, visit.office.official))
    if hosts:
        parts.append(say("compose.doubtful", hosts=", ".join(markup.escape(host) for host in hosts)))
    if found.reason:
        parts.append(say("compose.reason", reason=markup.escape(found.reason)))
    if found.status in ("draft", "submitted"):
        parts.append(await composing.recipients(visit, found))
    elif found.total is not None:
        counts = Counts(**await deliveries.counts(visit.tx, found.id))
        numbers = {name: say.number(n) for name, n in asdict(counts).items()}
        parts.append(say("compose.counts", total=say.number(counts.total), **numbers))
    return visit.turn("\n\n".join(parts), column(*_choices(visit, found)))


def _choices(visit: Visit, found: Broadcast) -> Sequence[Choice]:
    def choice(key: str, verb: str, *more: str) -> Choice:
        return Choice(visit.say(f"compose.{key}"), encode(verb, found.id, *more))

    mine = found.author_id == visit.person.id
    match found.status:
        case "draft" if mine:
            return (choice("rewrite", "noticewords"), choice("add_button", "noticelink"), choice("whom", "aims"),
                    choice("test", "noticetest"), choice("submit", "noticestep", "submit"),
                    choice("cancel", "noticestep", "cancel"))  # fmt: skip
        case "submitted" if _may_approve(visit, found):
            return (choice("see", "noticetest"), choice("approve_now", "approve", "now"),
                    choice("approve_morning", "approve", "morning"),
                    choice("send_back", "noticestep", "send_back"))  # fmt: skip
        case "submitted" | "scheduled":
            return (choice("cancel", "noticestep", "cancel"),)
        case "canary" | "sending":
            return choice("pause", "noticestep", "pause"), choice("cancel", "noticestep", "cancel")
        case "paused":
            return choice("resume", "noticestep", "resume"), choice("cancel", "noticestep", "cancel")
        case "done" if visit.may("approve-broadcasts"):
            return (choice("again", "noticestep", "resend_unknown"),)
    return ()


async def test(visit: Visit, id: str) -> Turn:
    """The very message that everybody will get, to oneself first. What cannot be sent to one is sent to nobody."""
    found = await _load(visit, id)
    if found is None or found.status not in ("draft", "submitted") or not found.text:
        return await refused(visit, f"try announcement {id}")
    letter = Outgoing(visit.person.channel, visit.person.external, Lane.INTERACTIVE, copy(found, visit.say).to_json())
    number = await outbox.put_one(visit.tx, letter, visit.now)
    if found.status == "draft" and found.author_id == visit.person.id:
        await broadcasts.change(visit.tx, found.id, "draft", test_letter=number)
    rows = column(Choice(visit.say("compose.back_to"), encode("notice", found.id)))
    return replace(visit, message="").turn(visit.say("compose.tested"), rows)


async def step(visit: Visit, id: str, name: str) -> Turn:
    """Submit, send back, pause, resume, cancel, or send copies of unknown fate again."""
    found = await _load(visit, id)
    if found is None or not _may(visit, found, name):
        return await refused(visit, f"{name} announcement {id}")
    try:
        to = after(found.status, name, found.canary_done)  # type: ignore[arg-type]  # unknown names are not possible
    except NotPossible:
        return await view(visit, id)
    values: dict[str, Any] = {"status": to}
    if name == "submit":
        sent_at = await _tested(visit, found)
        if sent_at is None:
            return visit.turn(visit.say("compose.test_first"), column(_back(visit, found)))
        values |= {"tested_at": sent_at, "reason": None}
    if name in ("pause", "cancel"):
        await deliveries.withdraw(visit.tx, found.id)
    if name == "cancel":
        values["finished_at"] = visit.now
    if name == "resend_unknown":
        if not await deliveries.retry_unknown(visit.tx, found.id):
            return await view(visit, id)
        values["finished_at"] = None
    if await broadcasts.change(visit.tx, found.id, found.status, **values):
        await record(
            visit, f"{name}-announcement", f"announcement {found.id}", {"status": found.status}, {"status": to}
        )
        if name == "submit":
            await _tell_approvers(visit, found)
        if name == "send_back":
            await _tell(visit, found.author_id, "compose.sent_back", found)
    return await view(visit, id)


async def approve(visit: Visit, id: str, when: str) -> Turn:
    """By a second person, never the author; now or at eight in the morning."""
    found = await _load(visit, id)
    if found and found.author_id == visit.person.id:
        await record(visit, "refused", f"approve own announcement {found.id}")
        return visit.turn(visit.say("compose.not_own"), column(_back(visit, found)))
    if found is None or not _may_approve(visit, found) or when not in ("now", "morning"):
        return await refused(visit, f"approve announcement {id}")
    start = visit.now if when == "now" else _morning(visit)
    changed = await broadcasts.change(
        visit.tx, found.id, "submitted", status="scheduled", approver_id=visit.person.id, start_at=start
    )
    if changed:
        after_ = {"status": "scheduled", "start_at": start.isoformat()}
        await record(visit, "approve-announcement", f"announcement {found.id}", {"status": "submitted"}, after_)
        await _tell(visit, found.author_id, "compose.approved", found)
    return await view(visit, id)


async def _load(visit: Visit, id: str) -> Broadcast | None:
    if not visit.may("write-broadcasts") and not visit.may("approve-broadcasts"):
        return None
    return await broadcasts.load(visit.tx, int(id)) if id.isdecimal() and len(id) < 16 else None


def _may(visit: Visit, found: Broadcast, name: str) -> bool:
    """The author may go forth and take back; an approver may take back, hold and go on."""
    if found.kind == "emergency" and not visit.may("send-emergency"):
        return False
    mine = found.author_id == visit.person.id and visit.may("write-broadcasts")
    if name == "submit":
        return mine
    if name in ("send_back", "resend_unknown"):
        return visit.may("approve-broadcasts") and (name != "send_back" or not mine)
    return mine or visit.may("approve-broadcasts")


def _may_approve(visit: Visit, found: Broadcast) -> bool:
    other = found.author_id != visit.person.id
    urgent = found.kind == "emergency"
    return other and visit.may("approve-broadcasts") and (not urgent or visit.may("send-emergency"))


async def _tested(visit: Visit, found: Broadcast) -> dt.datetime | None:
    """When the author's own copy of this very text had arrived; None: it has not."""
    if not found.test_letter:
        return None
    try:
        status, _, _, sent_at = await outbox.fate(visit.tx, found.test_letter)
    except LookupError:
        return None
    return sent_at if status == "sent" else None


async def _tell_approvers(visit: Visit, found: Broadcast) -> None:
    """Everybody who may approve it, but its author."""
    office = visit.office
    for person_id, roles in (await staff.by_person(visit.tx)).items():
        person = await people.by_id(visit.tx, person_id)
        if person is None or person_id == visit.person.id:
            continue
        own = office.authority.roles(person.channel, person.external, roles)
        if office.authority.may(own, "approve-broadcasts"):
            await _write(visit, person, "compose.please_approve", found)
    for channel, external in sorted(office.authority.admins):
        person = await people.find(visit.tx, channel, external)
        if person and person.id != visit.person.id:
            await _write(visit, person, "compose.please_approve", found)


async def _tell(visit: Visit, person_id: int | None, key: str, found: Broadcast) -> None:
    person = await people.by_id(visit.tx, person_id) if person_id is not None else None
    if person and person.id != visit.person.id:
        await _write(visit, person, key, found)


async def _write(visit: Visit, person: people.Person, key: str, found: Broadcast) -> None:
    rows = column(Choice(visit.say("compose.open", id=found.id), encode("notice", found.id)))
    reply = Reply(visit.say(key, id=found.id), rows)
    await outbox.put(
        visit.tx, [Outgoing(person.channel, person.external, Lane.INTERACTIVE, reply.to_json())], visit.now
    )


def _morning(visit: Visit) -> dt.datetime:
    """The next eight o'clock of the site that is not quiet."""
    quiet = visit.office.quiet
    local = visit.now.astimezone(quiet.zone)
    day = local.date() if local.time() < _MORNING else local.date() + dt.timedelta(days=1)
    at = dt.datetime.combine(day, _MORNING, quiet.zone)
    while quiet.at(at):
        at += dt.timedelta(days=1)
    return at.astimezone(dt.UTC)


def _back(visit: Visit, found: Broadcast) -> Choice:
    return Choice(visit.say("compose.back_to"), encode("notice", found.id))
