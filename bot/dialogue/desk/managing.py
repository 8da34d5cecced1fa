"""/quan_tri: everything that somebody on the staff may do, as buttons."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.actions import encode
from bot.dialogue.desk.staffing import refused
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.metrics.period import quarter_of
from bot.staff.authority import Capability


async def menu(visit: Visit) -> Turn:
    quarter = quarter_of(visit.today).name.lower().replace("-", ".")
    everything: Mapping[Capability, Mapping[str, str]] = {
        "write-broadcasts": {"notices": encode("notices")},
        "approve-broadcasts": {"notices": encode("notices")},
        "review-content": {"questions": encode("unanswered")},
        "answer-people": {"tickets": encode("queue")},
        "read-metrics": {"report": encode("report", quarter, "all"), "pages": encode("pages")},
        "create-groups": {"groups": encode("groups")},
        "assist-learning": {"assist": encode("helping")},
        "manage-staff": {"team": encode("team")},
    }
    found = {key: action for each, keys in everything.items() if visit.may(each) for key, action in keys.items()}
    if not visit.office.pages:
        found.pop("pages", None)
    if not found:
        return await refused(visit, "staff menu")
    rows = (Choice(visit.say(f"manage.{key}"), action) for key, action in found.items())
    return visit.turn(visit.say("manage.menu"), column(*rows))
