"""What is said about a ward or commune: its name of today beside the one of before, never one without the other."""

from __future__ import annotations

from bot.content.places import Found, OldUnit, Places, Unit
from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.replies import Choice, Reply
from bot.i18n import Texts

SHOWN = 6  # units of one name; more would be a list nobody reads


def whereabouts(found: Found, places: Places, texts: Texts, rows: Rows) -> Reply:
    """Everything ``found``, with a button for each unit that a split leaves to choose from."""
    parts = [texts("place.guessed")] if found.guessed else []
    parts += [_old(unit, places, texts) for unit in found.old[:SHOWN]]
    covered = {unit for old in found.old for unit in old.into if len(old.into) == 1}
    parts += [_new(unit, places, texts) for unit in found.new[:SHOWN] if unit not in covered]
    parts += [_district(name, places, texts) for name in found.districts]
    open_ = dict.fromkeys(unit for old in found.old if len(old.into) > 1 for unit in old.into)
    choices: Rows = tuple((Choice(unit.name, encode("place", unit.code)),) for unit in open_)
    return Reply("\n\n".join([*parts, _source(places, texts)]), choices + rows)


def unit_of_today(unit: Unit, places: Places, texts: Texts, rows: Rows) -> Reply:
    """One unit of today and what it was made of."""
    return Reply("\n\n".join([_new(unit, places, texts), _source(places, texts)]), rows)


def _old(old: OldUnit, places: Places, texts: Texts) -> str:
    if len(old.into) > 1:
        names = f" {texts('place.or')} ".join(unit.name for unit in old.into)
        return texts("place.split", old=old.name, district=old.district, new=names, city=places.city)
    key = "place.same" if old.name == old.into[0].name else "place.old"
    return texts(key, old=old.name, district=old.district, new=old.into[0].name, city=places.city)


def _new(unit: Unit, places: Places, texts: Texts) -> str:
    parts = ", ".join(old.name if whole else texts("place.part", name=old.name) for old, whole in places.parts(unit))
    return texts("place.new", new=unit.name, city=places.city, code=unit.code, parts=parts)


def _district(name: str, places: Places, texts: Texts) -> str:
    units = places.of_district(name)
    if not units:
        return texts("place.province", name=name, city=places.city, count=len(places.units))
    return texts("place.district", name=name, units=", ".join(unit.name for unit in units))


def _source(places: Places, texts: Texts) -> str:
    return texts("place.source", source=places.source.title, date=texts.date(places.changed))
