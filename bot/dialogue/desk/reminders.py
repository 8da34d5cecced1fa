"""Reminders: opt-in, at an hour of the day, stopped with one tap."""

from __future__ import annotations

from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk import aboutyou, quiz_view
from bot.dialogue.desk.visit import Visit
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.learning.quiet import next_reminder
from bot.storage import reminders

HOURS = (7, 11, 12, 17, 18, 19, 20)
OFF, ASK = "off", "ask"


async def remind(visit: Visit, hour: str = ASK) -> Turn:
    """Choose an hour, or none any more."""
    if hour == OFF:
        await reminders.stop(visit.tx, visit.person.id)
        return visit.turn(visit.say("remind.off"), quiz_view.to_home(visit))
    if not await visit.agreed():
        return aboutyou.consent(visit, encode("remind", hour))
    if hour.isdecimal() and int(hour) in HOURS:
        at = next_reminder(visit.now, int(hour), visit.office.quiet)
        await reminders.set_hour(visit.tx, visit.person.id, int(hour), at)
        off = ((Choice(visit.say("remind.stop"), encode("remind", OFF)),),)
        return visit.turn(visit.say("remind.on", hour=int(hour)), off + quiz_view.to_home(visit))
    now = await reminders.hour_of(visit.tx, visit.person.id)
    text = visit.say("remind.ask") if now is None else visit.say("remind.now", hour=now)
    choices = tuple(Choice(f"{each}:00", encode("remind", each)) for each in HOURS)
    rows: Rows = (choices[:4], choices[4:])
    if now is not None:
        rows += ((Choice(visit.say("remind.stop"), encode("remind", OFF)),),)
    return visit.turn(text, rows + quiz_view.to_home(visit))


async def resume(visit: Visit) -> None:
    """Whoever comes back after a long silence is reminded again as before."""
    hour = await reminders.paused(visit.tx, visit.person.id)
    if hour is not None:
        await reminders.set_hour(visit.tx, visit.person.id, hour, next_reminder(visit.now, hour, visit.office.quiet))
