"""Staff: who they are, how they come and go. Every action leaves an audit record in its own transaction."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.dialogue.actions import encode
from bot.dialogue.desk.queueing import Queue
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.learning.codes import new_code, read_code
from bot.staff import appointing
from bot.staff.authority import ROLES
from bot.storage import audit, staff
from bot.storage.audit import Entry


async def record(visit: Visit, action: str, subject: str, before: Any = None, after: Any = None) -> None:
    await audit.record(visit.tx, Entry(visit.now, visit.person.id, action, subject, before, after))


async def team(visit: Visit) -> Turn:
    """Everyone with a role, each with a button that takes it away; a button for each role to invite to."""
    if not visit.may("manage-staff"):
        return await refused(visit, "list staff")
    say = visit.say
    everyone = await staff.everyone(visit.tx)
    zone = visit.office.quiet.zone
    lines = [
        "- "
        + say(
            "staff.person",
            id=each.person_id,
            ending=each.ending,
            role=say(f"role.{each.role}"),
            date=say.date(each.granted_at.astimezone(zone).date()),
        )
        for each in everyone
    ]
    rows = [
        Choice(
            say("staff.revoke", id=each.person_id, role=say(f"role.{each.role}")),
            encode("revoke", each.person_id, each.role),
        )
        for each in everyone
    ]
    rows += [Choice(say("staff.invite", role=say(f"role.{role}")), encode("invite", role)) for role in ROLES]
    return visit.turn(say("staff.list") + "\n\n" + ("\n".join(lines) or say("staff.nobody")), column(*rows))


async def invite(visit: Visit, role: str) -> Turn:
    """A link that makes whoever opens it first, within its time, a member of staff."""
    if not visit.may("manage-staff") or role not in ROLES:
        return await refused(visit, f"invite {role}"[:80])
    token = new_code(visit.office.chance, appointing.TOKEN)
    await appointing.invite(visit.tx, token, role, visit.person.id, visit.now, visit.office.invitation)
    text = visit.say(
        "staff.link",
        role=visit.say(f"role.{role}"),
        link=visit.office.link(f"moi-{token}"),
        days=visit.office.invitation.days,
    )
    return visit.turn(text)


async def become(visit: Visit, payload: str) -> Turn:
    """Open an invitation."""
    role = await appointing.become(visit.tx, read_code(payload), visit.person.id, visit.now)
    if role is None:
        return visit.turn(visit.say("staff.no_invitation"))
    return visit.turn(visit.say("staff.welcome", role=visit.say(f"role.{role}")))


async def revoke(visit: Visit, person: str, role: str) -> Turn:
    if not visit.may("manage-staff") or not person.isdecimal():
        return await refused(visit, f"revoke {person} {role}"[:80])
    await appointing.revoke(visit.tx, int(person), role, visit.person.id, visit.now)
    queue = Queue.at(visit)
    letters = await queue.release(int(person)) if queue else ()
    return dataclasses.replace(await team(visit), letters=letters)


async def refused(visit: Visit, what: str) -> Turn:
    """Somebody without the right tried, or it is no longer possible: answered politely, and kept."""
    await record(visit, "refused", what[:80])
    return visit.turn(visit.say("staff.refused"))
