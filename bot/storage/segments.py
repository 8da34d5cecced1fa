"""Whom an announcement is for, as a plain value and as a query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, exists, func, literal, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.broadcast_tables import delivery, subscription
from bot.storage.dialect import insert
from bot.storage.learning_tables import completion, learner_group, membership, profile
from bot.storage.tables import conversation, person

Progress = Literal["not_begun", "begun", "finished"]


class Filter(BaseModel):
    """Every named condition holds; an empty one holds for all.

    ``groups``: ids; ``group_kinds``: line, class, agency, community. ``course`` with ``progress``: where they stand in
    it. ``active_days``: wrote to the assistant within so many days; 0: whenever. ``languages``: of the interface, with
    people who never chose one under the site's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    audience: tuple[str, ...] = ()
    ward: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()
    group_kinds: tuple[str, ...] = ()
    course: str = ""
    progress: Progress = "finished"
    active_days: Annotated[int, Field(ge=0, le=3660)] = 0
    languages: tuple[str, ...] = ()


class Segment(BaseModel):
    """Those of ``only`` who are not of ``without``; an empty ``without`` is nobody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    only: Filter = Filter()
    without: Filter = Filter()

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True, slots=True)
class Audience:
    """``segment`` of one channel at one moment, for one category of announcement; ``emergency`` reaches whoever did not
    refuse the category, anything else only those who asked for it.
    """

    segment: Segment
    channel: str
    category: str
    emergency: bool
    language: str
    now: dt.datetime

    def where(self) -> ColumnElement[bool]:
        reachable = and_(person.c.channel == self.channel, person.c.stopped_at.is_(None))
        own = (subscription.c.person_id == person.c.id) & (subscription.c.category == self.category)
        wanted = exists().where(own, subscription.c.wanted)
        refused = exists().where(own, not_(subscription.c.wanted))
        only, without = ([*self._conditions(each)] for each in (self.segment.only, self.segment.without))
        return and_(
            reachable,
            not_(refused) if self.emergency else wanted,
            *only,
            *([not_(and_(*without))] if without else []),
        )

    def _conditions(self, of: Filter) -> Iterator[ColumnElement[bool]]:
        if of.audience or of.ward:
            own = profile.c.person_id == person.c.id
            audience = profile.c.audience.in_(of.audience) if of.audience else own
            ward = profile.c.ward.in_(of.ward) if of.ward else own
            yield exists().where(own, audience, ward)
        if of.groups:
            yield exists().where(membership.c.person_id == person.c.id, membership.c.group_id.in_(of.groups))
        if of.group_kinds:
            joined = (membership.c.person_id == person.c.id) & (membership.c.group_id == learner_group.c.id)
            yield exists().where(joined, learner_group.c.kind.in_(of.group_kinds))
        if of.course:
            yield self._progress(of.course, of.progress)
        if of.active_days:
            since = self.now - dt.timedelta(days=of.active_days)
            yield exists().where(conversation.c.person_id == person.c.id, conversation.c.updated_at >= since)
        if of.languages:
            chosen = person.c.language.in_(of.languages)
            yield or_(chosen, person.c.language.is_(None)) if self.language in of.languages else chosen

    def _progress(self, course: str, progress: Progress) -> ColumnElement[bool]:
        own = completion.c.person_id == person.c.id
        finished = exists().where(own, completion.c.kind == "course", completion.c.subject == course)
        lessons = completion.c.subject.between(f"{course}.", f"{course}.~")  # by the unique index: ids are plain ASCII
        begun = exists().where(own, completion.c.kind == "lesson", lessons)
        match progress:
            case "finished":
                return finished
            case "begun":
                return and_(begun, not_(finished))
        return and_(not_(begun), not_(finished))


async def count(tx: AsyncConnection, audience: Audience) -> int:
    return await tx.scalar(select(func.count()).select_from(person).where(audience.where())) or 0


async def sample(tx: AsyncConnection, audience: Audience, most: int) -> list[tuple[str | None, str | None]]:
    """(audience, ward) of some of them."""
    joined = person.outerjoin(profile, profile.c.person_id == person.c.id)
    query = select(profile.c.audience, profile.c.ward).select_from(joined).where(audience.where()).limit(most)
    return [(who, where) for who, where in await tx.execute(query)]


async def snapshot(tx: AsyncConnection, broadcast_id: int, audience: Audience) -> int:
    """Write one pending delivery for each recipient, in one statement; how many."""
    chosen = select(literal(broadcast_id), person.c.id).where(audience.where())
    columns = ["broadcast_id", "person_id"]
    return (await tx.execute(insert(tx, delivery).from_select(columns, chosen.order_by(person.c.id)))).rowcount
