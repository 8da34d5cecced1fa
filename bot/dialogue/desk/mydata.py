"""What is kept about someone: shown, handed out, erased with a receipt."""

from __future__ import annotations

from bot.dialogue.actions import encode
from bot.dialogue.desk import handover
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, File, Reply
from bot.dialogue.state import State
from bot.dialogue.turns import Erased, Turn
from bot.learning.codes import new_code, spelled
from bot.metrics import recording
from bot.storage import completions, erasure, groups, profiles

RECEIPT = 10
YES = "yes"


async def show(visit: Visit) -> Turn:
    """In words; the file with every row is one tap away."""
    say, person = visit.say, visit.person.id
    profile = await profiles.load(visit.tx, person)
    agreed = await profiles.agreed(visit.tx, person)
    lessons = await completions.of_person(visit.tx, person, "lesson")
    unknown = say("data.unknown")
    places = visit.office.places
    ward = places.units[profile.ward].name if places and profile.ward and profile.ward in places.units else unknown
    joined = ", ".join(group.name for group in await groups.of_person(visit.tx, person)) or unknown
    text = say(
        "data.text",
        consent=say("data.agreed", date=say.date(agreed[1].date())) if agreed else say("data.not_agreed"),
        audience=say(f"audience.{profile.audience}") if profile.audience else unknown,
        ward=ward,
        age=say(f"age.{profile.age}") if profile.age else unknown,
        groups=joined,
        lessons=len(lessons),
    )
    rows = column(Choice(say("data.export"), encode("export")), Choice(say("data.erase"), encode("erase", "ask")))
    return visit.turn(text, rows)


async def export(visit: Visit) -> Turn:
    """Everything as a JSON file."""
    rows = await erasure.everything(visit.tx, visit.person.id)
    return visit.turn(visit.say("data.file"), file=File("json", "du-lieu-cua-toi.json", rows))


async def erase(visit: Visit, sure: str = "ask") -> Turn:
    """Ask once more, then erase at once; the receipt is all that is left."""
    say = visit.say
    if sure != YES:
        rows = column(Choice(say("data.yes"), encode("erase", YES)), Choice(say("data.no"), encode("data")))
        return visit.turn(say("data.sure"), rows)
    receipt = new_code(visit.office.chance, RECEIPT)
    letters = await handover.leave(visit)
    await recording.erase(visit.tx, visit.office.measures, visit.person.id, receipt, visit.now)
    told = Reply(say("data.erased", receipt=spelled(receipt)), (), visit.message)
    return Turn((told,), State(), (Erased(),), letters=letters)
