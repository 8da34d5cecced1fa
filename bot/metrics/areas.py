"""Which ward of today someone who asks for figures means."""

from __future__ import annotations

from bot.content.places import Places, Unit


def find(places: Places, text: str) -> tuple[tuple[Unit, ...], bool]:
    """Wards that ``text``, a code or a name of today or before, can mean; and whether it says so beyond doubt.

    A name that is in use today means that ward, even where old units of the same name went elsewhere as well.
    """
    code = places.merged.get(text.strip(), text.strip())
    if code in places.units:
        return (places.units[code],), True
    found = places.find(text)
    units = found.new or tuple(dict.fromkeys(unit for old in found.old for unit in old.into))
    return units, len(units) == 1 and found.alone and not found.guessed
