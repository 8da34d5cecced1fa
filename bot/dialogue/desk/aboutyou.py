"""Consent, and what people say about themselves: asked when it is needed, one question at a time, always skippable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from bot.content.models import Audience
from bot.content.places import Found, Unit
from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.storage import profiles
from bot.storage.profiles import Field

AUDIENCES: tuple[Audience, ...] = get_args(Audience)
AGES = ("0_14", "15_24", "25_34", "35_44", "45_54", "55_59", "60_99")
"""First and last year of life of each band; 15 to 59 is close to the working age of the statistics."""

NONE = "none"


def consent(visit: Visit, then: str) -> Turn:
    """Ask for it; what was wanted (``then``: a button) goes on after it."""
    if visit.office.consent is None:
        return visit.turn(visit.say("learn.closed"))
    yes = Choice(visit.say("consent.yes"), encode("agree", visit.office.consent.version))
    only_read = Choice(visit.say("consent.read"), encode("courses"))
    return visit.ask(visit.office.consent.text.strip(), "", then, column(yes, only_read))


async def agree(visit: Visit, version: str) -> Turn | None:
    """None: go on with what was wanted. An old text's button asks again."""
    given = visit.office.consent
    if given is None or version != str(given.version):
        return consent(visit, visit.state.then)
    await profiles.agree(visit.tx, visit.person.id, given.version, visit.now)
    return None


async def missing(visit: Visit, then: str, fields: Sequence[Field]) -> Turn | None:
    """A question about the first of ``fields`` that was never asked."""
    asked = (await profiles.load(visit.tx, visit.person.id)).asked
    for field in fields:
        if field not in asked and (field != "ward" or visit.office.places):
            return _question(visit, field, then)
    return None


async def say_field(visit: Visit, field: str, value: str) -> Turn | None:
    """Keep what a button says. None: go on with what was wanted; refused values go on too, and keep nothing."""
    known: dict[str, Sequence[str]] = {
        "audience": AUDIENCES,
        "age": AGES,
        "ward": tuple(visit.office.places.units) if visit.office.places else (),
    }
    if not await visit.agreed():
        return consent(visit, visit.state.then)
    if field in known and (value == NONE or value in known[field]):
        await profiles.set_field(visit.tx, visit.person.id, field, None if value == NONE else value)  # type: ignore[arg-type]
    return None


async def typed_ward(visit: Visit) -> Turn | None:
    """The name of a ward or commune, old or new. None: go on with what was wanted."""
    found = visit.office.places.find(visit.text) if visit.office.places else None
    units = _units(found) if found else []
    if len(units) == 1 and found and not found.guessed:
        await profiles.set_field(visit.tx, visit.person.id, "ward", units[0].code)
        return None
    choices: Rows = column(*(Choice(unit.name, encode("say", "ward", unit.code)) for unit in units[:6]))
    key = "profile.which_ward" if units else "profile.no_ward"
    return visit.ask(visit.say(key), "ward", visit.state.then, choices + _skip(visit, "ward"))


def _units(found: Found) -> list[Unit]:
    """The units of today that a text can mean."""
    into = [unit for old in found.old for unit in old.into]
    return list(dict.fromkeys([*found.new, *into]))


def _question(visit: Visit, field: Field, then: str) -> Turn:
    say = visit.say
    if field == "ward":
        return visit.ask(say("profile.ward"), "ward", then, _skip(visit, field))
    values = AUDIENCES if field == "audience" else AGES
    choices = [Choice(say(f"{field}.{value}"), encode("say", field, value)) for value in values]
    rows: Rows = tuple(tuple(choices[start : start + 2]) for start in range(0, len(choices), 2))
    return visit.ask(say(f"profile.{field}"), "", then, rows + _skip(visit, field))


def _skip(visit: Visit, field: Field) -> Rows:
    return ((Choice(visit.say("profile.skip"), encode("say", field, NONE)),),)
