"""The way from the chat to the pages: a link that lets its member of staff in once."""

from __future__ import annotations

from bot.dialogue.desk.staffing import record
from bot.dialogue.desk.visit import Visit
from bot.dialogue.turns import Turn
from bot.learning.codes import new_code
from bot.storage import web
from bot.storage.web import Who

TOKEN = 32  # signs: 146 bits


async def link(visit: Visit) -> Turn:
    if not visit.may("read-metrics"):
        await record(visit, "refused", "link to the pages")
        return visit.turn(visit.say("staff.refused"))
    if not visit.office.pages:
        return visit.turn(visit.say("web.off"))
    token = new_code(visit.office.chance, TOKEN)
    await web.offer(visit.tx, token, Who(visit.person.id), visit.now)
    await record(visit, "link", "pages")
    return visit.turn(visit.say("web.link", link=f"{visit.office.pages}/vao/{token}"))
