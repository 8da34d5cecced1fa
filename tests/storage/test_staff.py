from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from bot.storage import audit, people, staff
from bot.storage.audit import Entry
from bot.storage.database import Database
from bot.storage.learning_tables import audit as audit_table
from bot.storage.staff import Granted
from tests.clock import VirtualClock

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
TOKEN = "kKq3-Zp_81mota"
MAI, LAN = "7", "8"
FIRST = Entry(NOW, None, "invite", "editor")
SECOND = Entry(LATER, 7, "grant", "person 8", ["editor"], ["editor", "reviewer"])


async def someone(database: Database, external: str = MAI) -> int:
    async with database.write() as tx:
        return (await people.ensure(tx, {("telegram", external)}, NOW))["telegram", external].id


async def invite(database: Database, clock: VirtualClock, token: str = TOKEN, role: str = "editor") -> None:
    """Open an invitation for a day."""
    async with database.write() as tx:
        await staff.invite(tx, token, role, clock.now(), clock.now() + DAY)


async def use(database: Database, clock: VirtualClock, token: str = TOKEN) -> str | None:
    async with database.write() as tx:
        found = await staff.use(tx, token, clock.now())
        return found[0] if found else None


async def test_a_role_is_granted_once(database: Database) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        assert await staff.grant(tx, mai, "editor", NOW)
        assert not await staff.grant(tx, mai, "editor", LATER)
        assert await staff.everyone(tx) == [Granted(mai, "editor", NOW, MAI)]


async def test_a_person_may_have_several_roles_and_nobody_elses(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    async with database.write() as tx:
        for person, role in ((mai, "editor"), (mai, "analyst"), (lan, "editor")):
            await staff.grant(tx, person, role, NOW)
        assert await staff.roles_of(tx, mai) == {"editor", "analyst"}
        assert await staff.roles_of(tx, lan) == {"editor"}


async def test_a_stranger_has_no_role(database: Database) -> None:
    mai = await someone(database)
    async with database.read() as tx:
        assert await staff.roles_of(tx, mai) == frozenset()


async def test_a_role_that_is_revoked_is_gone_and_no_other_with_it(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    async with database.write() as tx:
        for person, role in ((mai, "editor"), (mai, "analyst"), (lan, "editor")):
            await staff.grant(tx, person, role, NOW)
        assert await staff.revoke(tx, mai, "editor")
        assert not await staff.revoke(tx, mai, "editor")
        assert await staff.everyone(tx) == [Granted(mai, "analyst", NOW, MAI), Granted(lan, "editor", NOW, LAN)]


async def test_an_invitation_gives_its_role_once(database: Database, clock: VirtualClock) -> None:
    await invite(database, clock)
    assert await use(database, clock) == "editor"
    assert await use(database, clock) is None


async def test_each_invitation_is_used_up_for_itself(database: Database, clock: VirtualClock) -> None:
    await invite(database, clock)
    await invite(database, clock, "another", "analyst")
    assert await use(database, clock) == "editor"
    assert await use(database, clock, "another") == "analyst"


async def test_an_invitation_gives_its_role_until_it_expires(database: Database, clock: VirtualClock) -> None:
    await invite(database, clock)
    clock.move(86399)
    assert await use(database, clock) == "editor"


async def test_an_invitation_that_has_expired_gives_nothing(database: Database, clock: VirtualClock) -> None:
    await invite(database, clock)
    clock.move(86400)
    assert await use(database, clock) is None


@pytest.mark.parametrize("token", ["", TOKEN.lower(), TOKEN[:-1], TOKEN + " ", "%", "\ud800"])
async def test_a_token_that_nobody_gave_out_gives_nothing_and_uses_nothing_up(
    database: Database, clock: VirtualClock, token: str
) -> None:
    await invite(database, clock)
    assert await use(database, clock, token) is None
    assert await use(database, clock) == "editor"


async def test_what_the_database_keeps_of_a_token_opens_nothing(database: Database, clock: VirtualClock) -> None:
    await invite(database, clock)
    async with database.read() as tx:
        kept = str((await tx.execute(text("SELECT token FROM invitation"))).scalar_one())
    assert await use(database, clock, kept) is None


async def test_a_token_stands_nowhere_in_the_database(database: Database, clock: VirtualClock, tmp_path: Path) -> None:
    await invite(database, clock)
    await use(database, clock)
    with closing(sqlite3.connect(tmp_path / "test.db")) as beside:
        dump = "\n".join(beside.iterdump())
    assert 'INSERT INTO "invitation"' in dump
    assert TOKEN not in dump


async def record(database: Database, *entries: Entry) -> None:
    async with database.write() as tx:
        for entry in entries:
            await audit.record(tx, entry)


async def recorded(database: Database) -> list[Entry]:
    async with database.read() as tx:
        return [entry async for entry in audit.read(tx)]


async def test_the_record_is_read_back_in_the_order_it_was_written(database: Database) -> None:
    early = Entry(NOW - DAY, 8, "revoke", "person 7", {"role": "biên tập"}, None)
    await record(database, FIRST, SECOND)
    await record(database, early)
    assert await recorded(database) == [FIRST, SECOND, early]


async def test_before_and_after_are_empty_in_the_database_where_there_is_none(database: Database) -> None:
    await record(database, FIRST)
    async with database.read() as tx:
        assert (
            await tx.execute(text("SELECT count(*) FROM audit WHERE before IS NULL AND after IS NULL"))
        ).scalar() == 1


async def test_an_action_that_is_rolled_back_is_not_on_record(database: Database) -> None:
    await record(database, FIRST)
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            await audit.record(tx, SECOND)
            raise ZeroDivisionError
    assert await recorded(database) == [FIRST]


@pytest.mark.parametrize(
    "statement",
    [
        delete(audit_table),
        update(audit_table).values(action="nothing"),
        text("DELETE FROM audit WHERE id = 1"),
        text("UPDATE audit SET actor = NULL WHERE id = 2"),
        text("UPDATE OR REPLACE audit SET id = 1 WHERE id = 2"),
    ],
    ids=str,
)
async def test_what_is_on_record_can_be_neither_changed_nor_removed(database: Database, statement: object) -> None:
    await record(database, FIRST, SECOND)
    with pytest.raises(IntegrityError, match="the audit record is append-only"):
        async with database.write() as tx:
            await tx.execute(statement)  # type: ignore[call-overload]
    assert await recorded(database) == [FIRST, SECOND]


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET subject = 'x'"])
async def test_the_record_is_closed_to_other_programs_too(database: Database, tmp_path: Path, statement: str) -> None:
    await record(database, FIRST, SECOND)
    with (
        closing(sqlite3.connect(tmp_path / "test.db")) as beside,
        pytest.raises(sqlite3.IntegrityError, match="the audit record is append-only"),
    ):
        beside.execute(statement)
    assert await recorded(database) == [FIRST, SECOND]


async def test_the_record_outlives_the_person_it_names(database: Database) -> None:
    mai = await someone(database)
    await record(database, Entry(NOW, mai, "invite", "editor"))
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM person"))
    assert await recorded(database) == [Entry(NOW, mai, "invite", "editor")]


async def test_an_entry_cannot_be_replaced_by_another_of_its_number(database: Database, clock: VirtualClock) -> None:
    async with database.write() as tx:
        await audit.record(tx, Entry(clock.now(), 1, "invite", "role editor"))
    with pytest.raises(IntegrityError, match="append-only"):
        async with database.write() as tx:
            await tx.execute(text("INSERT OR REPLACE INTO audit (id, at, action, subject) VALUES (1, 1, 'x', 'y')"))


async def test_of_somebody_s_id_only_the_last_four_signs_are_listed(database: Database) -> None:
    mai = await someone(database, "987654321012")
    async with database.write() as tx:
        await staff.grant(tx, mai, "editor", NOW)
        assert await staff.everyone(tx) == [Granted(mai, "editor", NOW, "1012")]
