"""Wards and communes of the site: the names of today, and the old names that lead to them.

Names are found in free text with or without accents. Old and new units are never joined on a code alone: new units
reuse codes of old ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator
from rapidfuzz import fuzz, process

from bot.content.models import Frozen, Source, TopicId
from bot.documents import load
from intents.text import fold, tokens

KINDS = ("phường", "xã", "thị trấn", "thành phố", "thị xã", "huyện", "tỉnh")
"""What a name may begin with; the rest is the bare name."""

_KIND_WORDS: dict[tuple[str, ...], str] = {
    **{tuple(fold(kind).split()): fold(kind) for kind in KINDS},
    **{("p",): "phuong", ("f",): "phuong", ("x",): "xa", ("tt",): "thi tran", ("tp",): "thanh pho"},
    **{("tx",): "thi xa", ("h",): "huyen"},
}
_FILLER = frozenset(
    """
    cu truoc day kia nay moi gio bay la gi nao thuoc ve o dau ten doi thanh vay a ha sau sap nhap thi con
    phuong xa tran
    """.split()  # noqa: SIM905  a table a person can read
)
_NEAR = 86.0  # likeness (0-100) from which a misspelled name is offered
_LONGEST_SLIP = 4  # words of a message in which misspelled names are looked for


@dataclass(frozen=True, slots=True)
class Unit:
    """A ward or commune of today."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A unit before the change; ``into`` holds several units of today when it was split."""

    name: str
    district: str
    into: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names. ``alone``: it says nothing beside, so that it can only be a question about the place.

    ``guessed``: nothing was spelled as it should be, and these are the nearest.
    """

    old: tuple[OldUnit, ...] = ()
    new: tuple[Unit, ...] = ()
    districts: tuple[str, ...] = ()
    alone: bool = False
    guessed: bool = False

    def __bool__(self) -> bool:
        return bool(self.old or self.new or self.districts)


class _District(Frozen):
    name: str
    also: tuple[str, ...] = ()
    units: Annotated[dict[str, tuple[str, ...]], Field(min_length=1)]


class _File(Frozen):
    city: str
    former: str
    changed: dt.date
    source: Source
    reviewed: dt.date
    review_by: dt.date
    units: dict[Annotated[str, Field(pattern=r"^\d{5}$")], str]
    merged: Mapping[str, str] = {}
    districts: tuple[_District, ...]
    also: Mapping[str, str] = {}
    topic: TopicId
    next: tuple[TopicId, ...]

    @model_validator(mode="after")
    def _whole(self) -> _File:
        used = {code for district in self.districts for codes in district.units.values() for code in codes}
        if unknown := sorted(used - set(self.units)):
            raise ValueError(f"old units lead to unknown codes {', '.join(unknown)} → add them under units")
        if unused := sorted(set(self.units) - used):
            raise ValueError(f"no old unit leads to {', '.join(unused)} → add one or remove the code")
        names = [*self.units.values(), *(name for district in self.districts for name in district.units)]
        if bad := [name for name in names if not _split(tokens(name))[0]]:
            raise ValueError(f"{bad[0]!r} has no kind → begin it with Phường, Xã or Thị trấn")
        if lost := [code for code, now in self.merged.items() if code in self.units or now not in self.units]:
            raise ValueError(f"merged: {lost[0]!r} must be a code no longer in use that leads to one under units")
        return self


Entry = Unit | OldUnit | str  # str: the name of a former district or of the former province


@dataclass(frozen=True)
class Places:
    city: str
    former: str
    source: Source
    changed: dt.date
    units: Mapping[str, Unit]
    old: tuple[OldUnit, ...]
    topic: str
    """the question that a place by itself stands for"""
    next: tuple[str, ...]
    """topics offered after it"""
    merged: Mapping[str, str]
    """codes that people had chosen before a later change of wards → those of today"""
    names: Mapping[tuple[str, ...], tuple[tuple[tuple[str, ...], str, Entry], ...]] = field(repr=False)
    """folded bare name → (accented bare name, folded kind, what it names)"""

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.names), default=0)

    @cached_property
    def _keys(self) -> dict[str, tuple[str, ...]]:
        """Each name in one piece."""
        return {" ".join(name): name for name in self.names}

    def parts(self, unit: Unit) -> tuple[tuple[OldUnit, bool], ...]:
        """The old units in ``unit``, each with whether all of it came."""
        return tuple((old, len(old.into) == 1) for old in self.old if unit in old.into)

    def of_district(self, name: str) -> tuple[Unit, ...]:
        """Today's units with land of a former district; none of the former province, which held them all."""
        return tuple(dict.fromkeys(unit for old in self.old if old.district == name for unit in old.into))

    def find(self, text: str) -> Found:
        """The places that ``text`` names, narrowed by the kinds ("xã") and districts that it names beside them."""
        words = tokens(text)
        spans, covered = self._spans(words)
        if not spans:
            return self._nearest(words)
        found = _sorted([entry for entries in spans for entry in entries])
        beside = tuple(entry for entry in found.old if entry.district in found.districts)
        if beside:
            found = Found(old=beside)
        alone = all(at in covered or fold(word) in _FILLER for at, word in enumerate(words))
        return replace(found, alone=alone)

    def _spans(self, words: list[str]) -> tuple[list[list[Entry]], set[int]]:
        """What each longest name in ``words`` may stand for, and the positions that names and their kinds take."""
        folded = [fold(word) for word in words]
        spans, covered, at = [], set[int](), 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                named = self.names.get(tuple(folded[at : at + size]), ())
                fitting = [entry for entry in named if _spelled(words[at : at + size], entry[0])]
                if fitting:
                    kind, width = _kind_before(folded[:at])
                    exact = [entry for entry in fitting if entry[1] == kind] or fitting
                    spans.append([entry for _, _, entry in exact])
                    covered.update(range(at - width, at + size))
                    at += size
                    break
            else:
                at += 1
        return spans, covered

    def _nearest(self, words: list[str]) -> Found:
        """One slip in a message that is little more than a name."""
        kind, bare = _split([word for word in words if fold(word) not in _FILLER])
        if not 2 <= len(bare) <= _LONGEST_SLIP:
            return Found()
        best = process.extractOne(fold(" ".join(bare)), list(self._keys), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if best is None:
            return Found()
        entries = [entry for _, named_kind, entry in self.names[self._keys[best[0]]] if kind in ("", named_kind)]
        return replace(_sorted(entries), alone=True, guessed=True)


def load_places(root: Path) -> Places | None:
    """The places of ``root/places.yaml``; None where there is no such file. Raises DocumentError."""
    path = root / "places.yaml"
    if not path.exists():
        return None
    file = load(path, _File)
    units = {code: Unit(code, name) for code, name in file.units.items()}
    old = tuple(
        OldUnit(name, district.name, tuple(units[code] for code in codes))
        for district in file.districts
        for name, codes in district.units.items()
    )
    named: list[tuple[str, Entry]] = [(unit.name, unit) for unit in units.values()]
    named += [(entry.name, entry) for entry in old]
    for district in file.districts:
        named += [(name, district.name) for name in (district.name, *district.also)]
    named.append((file.former, file.former))
    named += [(spelling, entry) for spelling, of in file.also.items() for name, entry in named if name == of]
    return Places(
        city=file.city,
        former=file.former,
        source=file.source,
        changed=file.changed,
        units=units,
        old=old,
        topic=file.topic,
        next=file.next,
        merged=file.merged,
        names=_index(named),
    )


def _index(
    named: Iterable[tuple[str, Entry]],
) -> dict[tuple[str, ...], tuple[tuple[tuple[str, ...], str, Entry], ...]]:
    index: dict[tuple[str, ...], tuple[tuple[tuple[str, ...], str, Entry], ...]] = {}
    for name, entry in named:
        kind, bare = _split(tokens(name))
        key = tuple(fold(word) for word in bare)
        index[key] = (*index.get(key, ()), (tuple(bare), kind, entry))
    return index


def _sorted(entries: Iterable[Entry]) -> Found:
    once = tuple(dict.fromkeys(entries))
    return Found(
        old=tuple(entry for entry in once if isinstance(entry, OldUnit)),
        new=tuple(entry for entry in once if isinstance(entry, Unit)),
        districts=tuple(entry for entry in once if isinstance(entry, str)),
    )


def _split(words: list[str]) -> tuple[str, list[str]]:
    """The folded kind that ``words`` begin with (empty: none) and the words after it."""
    for size in (2, 1):
        kind = _KIND_WORDS.get(tuple(fold(word) for word in words[:size]))
        if kind and len(words) > size:
            return kind, words[size:]
    return "", words


def _kind_before(folded: list[str]) -> tuple[str, int]:
    for size in (2, 1):
        kind = _KIND_WORDS.get(tuple(folded[-size:])) if len(folded) >= size else None
        if kind:
            return kind, size
    return "", 0


def _spelled(typed: Iterable[str], name: Iterable[str]) -> bool:
    """Whether each typed word is the name's, with its accents or without any."""
    return all(word in (right, fold(right)) for word, right in zip(typed, name, strict=True))
