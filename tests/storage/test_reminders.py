from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from bot.storage import conversations, people, reminders
from bot.storage.conversations import Stored
from bot.storage.database import Database
from tests.clock import VirtualClock

HOUR = dt.timedelta(hours=1)


async def wants(
    database: Database, clock: VirtualClock, external: str, due_in: dt.timedelta, channel: str = "telegram"
) -> int:
    """Someone who wants to be reminded at nine, ``due_in`` from now."""
    async with database.write() as tx:
        person = (await people.ensure(tx, {(channel, external)}, clock.now()))[channel, external].id
        await reminders.set_hour(tx, person, 9, clock.now() + due_in)
    return person


async def due(database: Database, clock: VirtualClock, channel: str = "telegram", most: int = 10) -> list[str]:
    async with database.read() as tx:
        return [each.external for each in await reminders.due(tx, channel, clock.now(), most)]


async def test_only_reminders_whose_time_has_come_are_due_the_longest_overdue_first(
    database: Database, clock: VirtualClock
) -> None:
    for external, hours in (("a", -1), ("b", 1), ("c", -3), ("d", 0), ("e", -2)):
        await wants(database, clock, external, hours * HOUR)
    assert await due(database, clock) == ["c", "e", "a", "d"]


async def test_a_reminder_becomes_due_when_its_time_comes(database: Database, clock: VirtualClock) -> None:
    await wants(database, clock, "a", HOUR)
    clock.move(3599)
    assert await due(database, clock) == []
    clock.move(1)
    assert await due(database, clock) == ["a"]


async def test_reminders_of_another_channel_are_left_to_it(database: Database, clock: VirtualClock) -> None:
    await wants(database, clock, "a", -HOUR)
    await wants(database, clock, "b", -HOUR, "console")
    assert await due(database, clock, "telegram") == ["a"]
    assert await due(database, clock, "console") == ["b"]


async def test_no_more_are_due_than_asked_for(database: Database, clock: VirtualClock) -> None:
    for external, hours in (("a", -1), ("b", -3), ("c", -2)):
        await wants(database, clock, external, hours * HOUR)
    assert await due(database, clock, most=2) == ["b", "c"]


async def test_a_paused_reminder_is_never_due(database: Database, clock: VirtualClock) -> None:
    paused = await wants(database, clock, "a", -HOUR)
    await wants(database, clock, "b", -HOUR)
    async with database.write() as tx:
        await reminders.move(tx, {paused: None})
    clock.move(10 * 365 * 86400)
    assert await due(database, clock) == ["b"]


async def test_someone_who_is_paused_is_known_by_the_hour_they_had_chosen(
    database: Database, clock: VirtualClock
) -> None:
    silent, active = await wants(database, clock, "a", HOUR), await wants(database, clock, "b", HOUR)
    async with database.write() as tx:
        await reminders.move(tx, {silent: None})
        assert await reminders.paused(tx, silent) == 9
        assert await reminders.hour_of(tx, silent) == 9
        assert await reminders.paused(tx, active) is None


async def test_a_new_hour_ends_a_pause(database: Database, clock: VirtualClock) -> None:
    person = await wants(database, clock, "a", HOUR)
    async with database.write() as tx:
        await reminders.move(tx, {person: None})
        await reminders.set_hour(tx, person, 20, clock.now())
        assert await reminders.paused(tx, person) is None
        assert await reminders.hour_of(tx, person) == 20
    assert await due(database, clock) == ["a"]


async def test_each_reminder_moves_to_its_own_next_time(database: Database, clock: VirtualClock) -> None:
    people_due = [await wants(database, clock, external, -HOUR) for external in ("a", "b", "c")]
    async with database.write() as tx:
        await reminders.move(tx, {people_due[0]: clock.now() + HOUR, people_due[1]: clock.now() + 2 * HOUR})
    assert await due(database, clock) == ["c"]
    clock.move(3600)
    assert await due(database, clock) == ["c", "a"]
    clock.move(3600)
    assert await due(database, clock) == ["c", "a", "b"]


async def test_moving_nobody_changes_nothing(database: Database, clock: VirtualClock) -> None:
    await wants(database, clock, "a", -HOUR)
    async with database.write() as tx:
        await reminders.move(tx, {})
        await people.contacted(tx, [], clock.now())
        (waiting,) = await reminders.due(tx, "telegram", clock.now(), 10)
    assert (waiting.due_at, waiting.contacted_at) == (clock.now() - HOUR, None)


async def test_a_person_who_is_due_comes_with_when_they_wrote_last_and_when_they_were_written_to(
    database: Database, clock: VirtualClock
) -> None:
    person = await wants(database, clock, "a", -HOUR)
    seen, written, stopped = (clock.now() - days * dt.timedelta(days=1) for days in (3, 2, 1))
    async with database.write() as tx:
        await people.set_language(tx, person, "en")
        await people.set_stopped(tx, [("telegram", "a")], stopped)
        await conversations.save(tx, {person: Stored(1, {}, seen)})
        await people.contacted(tx, [person], written)
        found = await reminders.due(tx, "telegram", clock.now(), 10)
    assert found == [reminders.Waiting(person, "telegram", "a", "en", 9, clock.now() - HOUR, stopped, seen, written)]


async def test_a_person_who_never_wrote_is_due_all_the_same(database: Database, clock: VirtualClock) -> None:
    await wants(database, clock, "a", -HOUR)
    async with database.read() as tx:
        (waiting,) = await reminders.due(tx, "telegram", clock.now(), 10)
    assert (waiting.seen_at, waiting.contacted_at, waiting.stopped_at) == (None, None, None)


async def test_only_those_who_were_written_to_are_remembered_as_such(database: Database, clock: VirtualClock) -> None:
    first, _ = await wants(database, clock, "a", -HOUR), await wants(database, clock, "b", -HOUR)
    async with database.write() as tx:
        await people.contacted(tx, [first], clock.now())
        found = await reminders.due(tx, "telegram", clock.now(), 10)
    assert {each.external: each.contacted_at for each in found} == {"a": clock.now(), "b": None}


async def test_who_wants_no_reminders_any_more_has_none(database: Database, clock: VirtualClock) -> None:
    person = await wants(database, clock, "a", -HOUR)
    await wants(database, clock, "b", -HOUR)
    async with database.write() as tx:
        await reminders.stop(tx, person)
        assert await reminders.hour_of(tx, person) is None
        assert await reminders.paused(tx, person) is None
    assert await due(database, clock) == ["b"]


@pytest.mark.parametrize("hour", [-1, 24])
async def test_an_hour_that_no_day_has_is_refused_by_the_database(
    database: Database, clock: VirtualClock, hour: int
) -> None:
    person = await wants(database, clock, "a", HOUR)
    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_hour\b"):
        async with database.write() as tx:
            await reminders.set_hour(tx, person, hour, clock.now())
