"""kill -9 of the sender of an announcement: nobody gets two copies, nobody is forgotten, the account adds up."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.storage import broadcasts, deliveries, people
from bot.storage.database import Database
from tests import announcer
from tests.clock import START
from tests.double.server import BotApi

PEOPLE = 10_000
KILLS = 200
OPEN = 64  # requests that may be under way


async def test_kill_9_of_the_sender_gives_nobody_two_copies_and_forgets_nobody(api: BotApi, tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    await prepare(path)
    chance = random.Random(20261124)
    context = announcer.processes()
    lost = 0
    for _ in range(KILLS):
        process = announcer.start(context, path, api.url)
        moment = len(api.calls) + chance.randint(1, 2 * PEOPLE // KILLS - OPEN // 2)
        await until(api, lambda moment=moment: len(api.calls) >= moment or settled(path))
        process.kill()
        await asyncio.to_thread(process.join)
        counts = fates(path)
        assert sum(counts.values()) in (0, PEOPLE)  # 0: killed before the snapshot
        assert counts["unknown"] - lost <= OPEN
        lost = counts["unknown"]
    process = announcer.start(context, path, api.url)
    await until(api, lambda: settled(path), seconds=120)
    process.kill()

    copies = Counter(sent.chat for sent in api.sent)
    assert max(copies.values()) == 1
    counts = fates(path)
    assert set(counts) <= {"sent", "unknown"}
    assert sum(counts.values()) == PEOPLE
    with closing(sqlite3.connect(path)) as rows:
        unknown = {
            int(external)
            for (external,) in rows.execute(
                "SELECT external FROM delivery JOIN person ON id = person_id WHERE status = 'unknown'"
            )
        }
    assert set(range(1, PEOPLE + 1)) - set(copies) <= unknown


async def prepare(path: Path) -> None:
    """An approved announcement for PEOPLE recipients, with nobody to show its progress to."""
    database = await Database.open(f"sqlite+aiosqlite:///{path}", "normal")
    async with database.write() as tx:
        found = await people.ensure(tx, {("telegram", str(chat)) for chat in range(1, PEOPLE + 1)}, START)
        for each in found.values():
            await deliveries.subscribe(tx, each.id, "tin", True, START)
        values = {"kind": "announcement", "category": "tin", "text": "Tin mới.", "buttons": [], "segment": {}}
        number = await broadcasts.create(tx, None, values, START)
        await broadcasts.change(tx, number, "draft", status="scheduled", tested_at=START, start_at=START)
    await database.close()


async def until(api: BotApi, reached: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if reached():
                return
            await asyncio.sleep(0.02)


def settled(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as rows:
        return bool(rows.execute("SELECT count(*) FROM broadcast WHERE status = 'done'").fetchone()[0])


def fates(path: Path) -> Counter[str]:
    with closing(sqlite3.connect(path)) as rows:
        found = Counter(dict(rows.execute("SELECT status, count(*) FROM delivery GROUP BY status").fetchall()))
    found["pending"] += found.pop("queued", 0)
    return +found
