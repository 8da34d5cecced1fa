from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import completions, groups, people
from bot.storage.completions import Completion
from bot.storage.database import Database
from bot.storage.groups import Group, Member

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
MAI, LAN, HOA = "7", "8", "9"


async def someone(database: Database, external: str) -> int:
    async with database.write() as tx:
        return (await people.ensure(tx, {("telegram", external)}, NOW))["telegram", external].id


async def create(database: Database, owner: int, code: str = "abc", kind: groups.Kind = "line") -> Group:
    async with database.write() as tx:
        return await groups.create(tx, code, f"Nhóm {code}", kind, owner, NOW)


async def join(database: Database, group: Group, person: int, now: dt.datetime = NOW) -> bool:
    async with database.write() as tx:
        return await groups.join(tx, group.id, person, now)


async def members(database: Database, group: Group) -> list[Member]:
    async with database.read() as tx:
        return await groups.members(tx, group.id)


async def test_a_group_is_found_by_its_code_and_its_number(database: Database) -> None:
    mai = await someone(database, MAI)
    made = await create(database, mai)
    assert made == Group(made.id, "abc", "Nhóm abc", "line", mai)
    async with database.read() as tx:
        assert await groups.by_code(tx, "abc") == await groups.by_id(tx, made.id) == made
        assert await groups.by_code(tx, "abd") is None
        assert await groups.by_id(tx, made.id + 1) is None


async def test_a_code_leads_to_one_group_only(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    first = await create(database, mai)
    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: learner_group\.code"):
        await create(database, lan)
    async with database.read() as tx:
        assert await groups.by_code(tx, "abc") == first


async def test_a_group_of_an_unknown_kind_is_refused_by_the_database(database: Database) -> None:
    mai = await someone(database, MAI)
    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_kind\b"):
        await create(database, mai, kind="family")  # type: ignore[arg-type]


async def test_an_owner_sees_their_own_groups_the_newest_first(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    for owner, code in ((mai, "a"), (lan, "b"), (mai, "c")):
        await create(database, owner, code)
    async with database.read() as tx:
        assert [each.code for each in await groups.owned(tx, mai)] == ["c", "a"]


async def test_who_joins_twice_is_a_member_once(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group = await create(database, mai)
    assert await join(database, group, lan)
    assert not await join(database, group, lan, LATER)
    assert await members(database, group) == [Member(lan, None)]


async def test_joining_again_does_not_make_a_group_the_latest(database: Database) -> None:
    mai = await someone(database, MAI)
    first, second = await create(database, mai, "a"), await create(database, mai, "b")
    await join(database, first, mai, NOW)
    await join(database, second, mai, LATER)
    await join(database, first, mai, LATER + dt.timedelta(hours=1))
    async with database.read() as tx:
        assert [each.code for each in await groups.of_person(tx, mai)] == ["b", "a"]


async def test_the_group_joined_last_comes_first_whenever_it_was_made(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    older, newer, other = [await create(database, mai, code) for code in ("a", "b", "c")]
    await join(database, newer, mai, NOW)
    await join(database, older, mai, LATER)
    await join(database, other, lan, LATER)
    async with database.read() as tx:
        assert await groups.of_person(tx, mai) == [older, newer]


async def test_members_are_listed_in_the_order_they_joined(database: Database) -> None:
    mai, lan, hoa = [await someone(database, each) for each in (MAI, LAN, HOA)]
    group, other = await create(database, mai), await create(database, mai, "b")
    await join(database, group, hoa, NOW)
    await join(database, group, lan, LATER)
    await join(database, other, mai, NOW)
    assert [each.person_id for each in await members(database, group)] == [hoa, lan]


async def test_a_group_that_nobody_joined_has_no_members(database: Database) -> None:
    group = await create(database, await someone(database, MAI))
    assert await members(database, group) == []


async def test_who_leaves_is_out_of_this_group_and_of_no_other(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group, other = await create(database, mai), await create(database, mai, "b")
    for person, joined in ((mai, group), (lan, group), (mai, other)):
        await join(database, joined, person)
    async with database.write() as tx:
        await groups.leave(tx, group.id, mai)
        assert await groups.of_person(tx, mai) == [other]
    assert await members(database, group) == [Member(lan, None)]


async def test_a_member_lets_the_owner_see_a_name_and_takes_it_back(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group = await create(database, mai)
    await join(database, group, mai, NOW)
    await join(database, group, lan, LATER)
    async with database.write() as tx:
        assert await groups.show_name(tx, group.id, lan, "Lan")
    assert await members(database, group) == [Member(mai, None), Member(lan, "Lan")]
    async with database.write() as tx:
        assert await groups.show_name(tx, group.id, lan, None)
    assert await members(database, group) == [Member(mai, None), Member(lan, None)]


async def test_a_name_shown_in_one_group_is_not_shown_in_another(database: Database) -> None:
    mai = await someone(database, MAI)
    group, other = await create(database, mai), await create(database, mai, "b")
    await join(database, group, mai)
    await join(database, other, mai)
    async with database.write() as tx:
        await groups.show_name(tx, group.id, mai, "Mai")
    assert await members(database, other) == [Member(mai, None)]


async def test_who_is_not_a_member_shows_no_name(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group = await create(database, mai)
    await join(database, group, mai)
    async with database.write() as tx:
        assert not await groups.show_name(tx, group.id, lan, "Lan")
    assert await members(database, group) == [Member(mai, None)]


async def test_a_name_is_forgotten_when_its_member_leaves(database: Database) -> None:
    mai = await someone(database, MAI)
    group = await create(database, mai)
    await join(database, group, mai)
    async with database.write() as tx:
        await groups.show_name(tx, group.id, mai, "Mai")
        await groups.leave(tx, group.id, mai)
    await join(database, group, mai, LATER)
    assert await members(database, group) == [Member(mai, None)]


async def test_a_group_outlives_its_owner(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group = await create(database, mai)
    await join(database, group, lan)
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM person WHERE id = :id"), {"id": mai})
        found = await groups.by_code(tx, "abc")
    assert found == Group(group.id, "abc", "Nhóm abc", "line", None)
    assert await members(database, group) == [Member(lan, None)]


async def close(database: Database, group: Group) -> bool:
    async with database.write() as tx:
        return await groups.close(tx, group.id, LATER)


async def complete(database: Database, person: int, subject: str = "tkat", kind: completions.Kind = "course") -> None:
    async with database.write() as tx:
        await completions.put(tx, Completion(person, kind, subject, "v1", 4, 5, NOW, "2026-11-24", ("1.1",)))


async def filled(database: Database, owner: int, code: str, size: int, done: int, kind: groups.Kind = "line") -> Group:
    """A group of ``size`` members, of whom ``done`` have completed the course ``tkat``."""
    group = await create(database, owner, code, kind)
    for number in range(size):
        person = await someone(database, f"{code}-{number}")
        await join(database, group, person)
        if number < done:
            await complete(database, person)
    return group


async def shares(database: Database, besides: int, kind: groups.Kind = "line", course: str = "tkat") -> list[float]:
    async with database.read() as tx:
        return sorted(await groups.shares(tx, kind, course, besides, 5))


async def test_who_is_a_member_is_looked_up_alone(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group = await create(database, mai)
    await join(database, group, lan)
    async with database.write() as tx:
        await groups.show_name(tx, group.id, lan, "Lan")
        assert await groups.member(tx, group.id, lan) == Member(lan, "Lan")
        assert await groups.member(tx, group.id, mai) is None


async def test_a_closed_group_keeps_its_members_and_shows_no_names(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    group, other = await create(database, mai), await create(database, mai, "b")
    for each in (group, other):
        await join(database, each, lan)
        async with database.write() as tx:
            await groups.show_name(tx, each.id, lan, "Lan")
    assert await close(database, group)
    assert await members(database, group) == [Member(lan, None)]
    assert await members(database, other) == [Member(lan, "Lan")]
    async with database.write() as tx:
        assert not await groups.show_name(tx, group.id, lan, "Lan")
        assert (await groups.by_id(tx, group.id)) == Group(group.id, "abc", "Nhóm abc", "line", mai, LATER)


async def test_a_group_is_closed_once(database: Database) -> None:
    group = await create(database, await someone(database, MAI))
    assert [await close(database, group), await close(database, group)] == [True, False]


async def test_learning_counts_for_the_latest_group_that_is_open(database: Database) -> None:
    mai = await someone(database, MAI)
    first, second = await create(database, mai, "a"), await create(database, mai, "b")
    await join(database, first, mai, NOW)
    await join(database, second, mai, LATER)
    await close(database, second)
    async with database.read() as tx:
        assert await groups.of_person(tx, mai) == [first]
        assert await groups.count(tx, "line") == 1


async def test_groups_of_a_kind_are_compared_by_the_share_of_their_members_who_finished(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await filled(database, lan, "a", 5, 1)
    await filled(database, lan, "b", 8, 4)
    await filled(database, lan, "c", 5, 5, "class")
    assert await shares(database, mai) == [0.2, 0.5]
    assert await shares(database, mai, "class") == [1.0]
    assert await shares(database, mai, course="other") == [0.0, 0.0]


async def test_small_groups_closed_ones_and_one_s_own_are_not_compared_with(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await filled(database, lan, "a", 4, 4)
    await filled(database, mai, "b", 5, 5)
    await close(database, await filled(database, lan, "c", 5, 5))
    await filled(database, lan, "d", 5, 2)
    assert await shares(database, mai) == [0.4]


async def test_the_group_of_an_owner_who_erased_themselves_still_counts(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await filled(database, lan, "a", 5, 2)
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM person WHERE id = :id"), {"id": lan})
    assert await shares(database, mai) == [0.4]


async def test_a_lesson_named_like_the_course_does_not_count_as_finishing_it(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await filled(database, lan, "a", 5, 0)
    await complete(database, await someone(database, "a-0"), kind="lesson")
    assert await shares(database, mai) == [0.0]


async def test_comparing_looks_up_every_row_by_an_index(database: Database) -> None:
    plan = await plan_of(database, lambda tx: groups.shares(tx, "line", "tkat", 1, 5))
    assert "ix_learner_group_kind" in plan
    assert "uq_completion" in plan or "sqlite_autoindex_completion" in plan
    assert "SCAN" not in plan


async def plan_of(database: Database, ask: Callable[[AsyncConnection], Awaitable[object]]) -> str:
    """What SQLite says of how it answers the last query of ``ask``."""
    async with database.read() as tx:
        seen: list[tuple[str, Any]] = []
        listener = lambda _, __, statement, parameters, *___: seen.append((statement, parameters))  # noqa: E731
        event.listen(tx.sync_connection, "before_cursor_execute", listener)
        await ask(tx)
        statement, parameters = seen[-1]
        rows = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(row.detail for row in rows)
