from __future__ import annotations

import datetime as dt

import pytest

from bot.staff import appointing
from bot.storage import audit, people, staff
from bot.storage.audit import Entry
from bot.storage.database import Database

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TOKEN = "KQ37XW2MKQ37XW2M"


async def someone(database: Database) -> int:
    async with database.write() as tx:
        return (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id


async def recorded(database: Database) -> list[Entry]:
    async with database.read() as tx:
        return [entry async for entry in audit.read(tx)]


@pytest.mark.parametrize("actor", [None, 1])
async def test_each_step_is_recorded_with_who_took_it(database: Database, actor: int | None) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        await appointing.invite(tx, TOKEN, "editor", actor, NOW, DAY)
        assert await appointing.become(tx, TOKEN, mai, NOW) == "editor"
        assert await appointing.revoke(tx, mai, "editor", actor, NOW)
        assert await staff.roles_of(tx, mai) == frozenset()
    assert await recorded(database) == [
        Entry(NOW, actor, "invite", "role editor", after={"expires": (NOW + DAY).isoformat()}),
        Entry(NOW, mai, "grant", f"person {mai}", after={"role": "editor"}),
        Entry(NOW, actor, "revoke", f"person {mai}", before={"role": "editor"}),
    ]


async def test_what_changes_nothing_is_not_recorded(database: Database) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        assert await appointing.become(tx, TOKEN, mai, NOW) is None
        assert not await appointing.revoke(tx, mai, "editor", None, NOW)
    assert await recorded(database) == []
