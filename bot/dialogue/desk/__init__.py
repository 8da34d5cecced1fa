"""The desk: what only a person's own records can answer. Each errand runs inside the transaction of its event."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable

from bot.dialogue.actions import decode
from bot.dialogue.desk import (
    aboutyou,
    announcements,
    answering,
    assisting,
    composing,
    deciding,
    groups,
    handover,
    home,
    managing,
    mydata,
    progress,
    quiz,
    reminders,
    reporting,
    reviewing,
    signing_in,
    staffing,
)
from bot.dialogue.desk.visit import Office, Visit
from bot.dialogue.turns import Errand, Turn

__all__ = ["Office", "Visit", "run"]

Handler = Callable[..., Awaitable[Turn | None]]

_TYPED: dict[str, Handler] = {
    "ward": aboutyou.typed_ward,
    "name": progress.typed_name,
    "group": groups.typed_name,
    "shown": groups.typed_shown_name,
    "notice": composing.typed_words,
    "noticelink": composing.typed_link,
    "noticeward": composing.typed_ward,
    "ticket": handover.typed_ticket,
    "wanted": reviewing.typed_topic,
    "reportward": reporting.typed_ward,
}
_HANDLERS: dict[str, Handler] = {
    "home": home.home,
    "courses": home.courses,
    "course": home.course,
    "card": home.card,
    "open": home.link,
    "quiz": quiz.lesson,
    "final": quiz.final,
    "placement": quiz.placed,
    "review": quiz.review,
    "item": quiz.item,
    "mark": quiz.mark,
    "give": quiz.give,
    "agree": aboutyou.agree,
    "say": aboutyou.say_field,
    "progress": progress.show,
    "cert": progress.certificate,
    "check": progress.check,
    "remind": reminders.remind,
    "data": mydata.show,
    "export": mydata.export,
    "erase": mydata.erase,
    "groups": groups.listed,
    "group": groups.view,
    "newgroup": groups.create,
    "join": groups.join,
    "sheet": groups.sheet,
    "leave": groups.leave,
    "close": groups.close,
    "name": groups.name,
    "nameless": groups.nameless,
    "team": staffing.team,
    "invite": staffing.invite,
    "become": staffing.become,
    "revoke": staffing.revoke,
    "report": reporting.show,
    "reportby": reporting.choose,
    "reportfile": reporting.file,
    "manage": managing.menu,
    "helping": assisting.assist,
    "assist": assisting.assist,
    "kinds": announcements.kinds,
    "mute": announcements.mute,
    "want": announcements.want,
    "from": announcements.opened,
    "notices": composing.listed,
    "newnotice": composing.create,
    "notice": deciding.view,
    "noticewords": composing.words,
    "noticelink": composing.link,
    "noticetest": deciding.test,
    "noticestep": deciding.step,
    "approve": deciding.approve,
    "aims": composing.aims,
    "aim": composing.aim,
    "aimward": composing.ward,
    "aimcourse": composing.courses,
    "person": handover.person,
    "ticket": handover.ticket,
    "drop": handover.drop,
    "relay": handover.relay,
    "gone": handover.gone,
    "queue": answering.queue,
    "take": answering.take,
    "back": answering.back,
    "done": answering.done,
    "suggest": answering.suggest,
    "canned": answering.canned,
    "unanswered": reviewing.queue,
    "judge": reviewing.judge,
    "unjudge": reviewing.unjudge,
    "seek": reviewing.seek,
    "beyond": reviewing.beyond,
    "pages": signing_in.link,
}


async def run(errand: Errand, visit: Visit) -> Turn:
    """Do ``errand``. A handler that is only a step on the way (None) is followed by the one that was wanted."""
    handler = _TYPED[errand.arguments[0]] if errand.name == "typed" else _HANDLERS[errand.name]
    arguments = () if errand.name == "typed" else errand.arguments
    turn = await handler(visit, *arguments)
    if turn is not None:
        return turn
    wanted = decode(visit.state.then)
    after = dataclasses.replace(visit, text="")
    if wanted is None or wanted.verb not in _HANDLERS:
        return await home.home(after)
    return await run(Errand(wanted.verb, wanted.arguments, message=errand.message), after)
