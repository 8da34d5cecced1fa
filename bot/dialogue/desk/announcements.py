"""Announcements for people: which kinds they want, and the way from one to a lesson."""

from __future__ import annotations

from bot.content.announcements import URGENT
from bot.dialogue.actions import encode
from bot.dialogue.desk import home, quiz_view
from bot.dialogue.desk.staffing import record
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.storage import broadcasts, deliveries


async def kinds(visit: Visit) -> Turn:
    """Every kind with what it is about; a tap turns it on or off."""
    office, say = visit.office, visit.say
    if office.announcements is None:
        return visit.turn(say("announce.none"), quiz_view.to_home(visit))
    chosen = await deliveries.subscriptions(visit.tx, visit.person.id)
    lines, rows = [], []
    for category, kind in [*office.announcements.categories.items(), (URGENT, office.announcements.urgent)]:
        wanted = chosen.get(category, category == URGENT)
        lines.append(f"- **{kind.label}** ({say('announce.on' if wanted else 'announce.off')}): {kind.about}")
        verb = "mute" if wanted else "want"
        rows.append(Choice(say(f"announce.{verb}", label=kind.label), encode(verb, category)))
    text = "\n\n".join([say("announce.kinds"), "\n".join(lines)])
    return visit.turn(text, column(*rows) + quiz_view.to_home(visit))


async def want(visit: Visit, category: str) -> Turn:
    return await _set(visit, category, wanted=True)


async def mute(visit: Visit, category: str) -> Turn:
    return await _set(visit, category, wanted=False)


async def opened(visit: Visit, broadcast: str, lesson: str) -> Turn:
    """A lesson, opened through an announcement; counted where a copy of it really went to this person."""
    if broadcast.isdecimal() and await deliveries.received(visit.tx, int(broadcast), visit.person.id):
        await broadcasts.opened(visit.tx, int(broadcast), visit.person.id, visit.now)
    else:
        await record(visit, "refused", f"open announcement {broadcast}"[:80])
    return await home.card(visit, lesson, "0")


async def _set(visit: Visit, category: str, *, wanted: bool) -> Turn:
    known = visit.office.announcements.kind(category) if visit.office.announcements else None
    if known:
        await deliveries.subscribe(visit.tx, visit.person.id, category, wanted, visit.now)
    return await kinds(visit)
