"""Announcements at the size of a province: the snapshot, a whole run on a virtual clock, and replies meanwhile."""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import text

from bot.delivery.fates import Fate
from bot.delivery.limiter import Limiter
from bot.delivery.sender import Sender, SenderSettings
from bot.dialogue.announcing import TICK, Announcing
from bot.i18n import load_texts
from bot.learning.quiet import Quiet
from bot.storage import broadcasts
from bot.storage.database import Database
from tests.clock import START, VirtualClock
from tests.double.server import BotApi
from tests.process import Assistant
from tests.site import REPO, make_site

RATE = 25  # copies a second
ALWAYS = Quiet(ZoneInfo("UTC"), START.time(), START.time())  # an empty span: never quiet


async def prepare(database: Database, people: int, first: int = 1) -> None:
    """``people`` who asked for the kind ``tin``, and an approved announcement."""
    numbers = "WITH RECURSIVE n(i) AS (VALUES (:first) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    span = {"first": first, "last": first + people - 1}
    async with database.write() as tx:
        person = "INSERT INTO person (id, channel, external, created_at) SELECT i, 'telegram', i, 0 FROM n"
        await tx.execute(text(f"{numbers} {person}"), span)
        wanted = "INSERT INTO subscription (person_id, category, wanted, changed_at) SELECT i, 'tin', 1, 0 FROM n"
        await tx.execute(text(f"{numbers} {wanted}"), span)
        values = {"kind": "announcement", "category": "tin", "text": "Tin mới.", "buttons": [], "segment": {}}
        number = await broadcasts.create(tx, None, values, START)
        await broadcasts.change(tx, number, "draft", status="scheduled", tested_at=START, start_at=START)


class Stub:
    """Takes every copy at once."""

    def __init__(self) -> None:
        self.calls = 0

    async def send(self, chat: str, reply: dict[str, Any]) -> Fate:
        self.calls += 1
        return Fate("sent", message="1")


async def snapshot(people: int) -> dict[str, Any]:
    """How long it takes to fix the recipients, and the memory of the process at its highest."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/a.db", "normal")
        await prepare(database, people)
        announcing = _announcing(database, VirtualClock(), Stub())[0]
        start = time.perf_counter()
        await announcing.step()
        seconds = time.perf_counter() - start
        await database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {f"snapshot_{people}_s": round(seconds, 2), "snapshot_peak_mb": round(memory, 1)}


async def whole_run(people: int) -> dict[str, Any]:
    """How long ``people`` copies take on a virtual clock, and in truth."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/a.db", "normal")
        await prepare(database, people)
        clock, stub = VirtualClock(), Stub()
        announcing, sender = _announcing(database, clock, stub)
        sending = asyncio.create_task(sender.run())
        announcer = asyncio.create_task(announcing.run())
        begun = time.perf_counter()
        while stub.calls < people:
            if await _idle(database):
                clock.move(min(clock.next_wake or TICK, TICK))
        elapsed, seconds = clock.monotonic(), time.perf_counter() - begun
        announcer.cancel()
        await sender.drain()
        await sending
        await database.close()
    return {f"run_{people}_virtual_s": round(elapsed, 1), "run_expected_s": people / RATE, "run_real_s": round(seconds)}


async def _idle(database: Database) -> bool:
    """Whether nothing more happens until the clock moves: many turns of the loop in a row with no transaction open."""
    for _ in range(12):
        await asyncio.to_thread(lambda: None)
        if database._engine.sync_engine.pool.checkedout():  # type: ignore[attr-defined]
            return False
    return True


def _announcing(database: Database, clock: VirtualClock, stub: Stub) -> tuple[Announcing, Sender]:
    sender = Sender(database, stub, Limiter(30, RATE, 1.0), clock, SenderSettings("telegram", 64, 8))
    texts = {"vi": load_texts(REPO / "content", "vi")}
    return Announcing(database, ALWAYS, texts, "vi", clock, "telegram", RATE, sender.wake), sender


async def replies_meanwhile(seconds: float) -> dict[str, Any]:
    """The real process over HTTP: how long people wait for an answer while an announcement goes out."""
    people = round(seconds * RATE * 1.2)
    quiet = {"start": "00:00", "end": "00:00"}
    async with BotApi() as api:
        with tempfile.TemporaryDirectory() as folder:
            channels = {"telegram": {"base_url": api.url, "poll_seconds": 1}}
            limits = {"sends_per_second": 30, "bulk_per_second": RATE, "chat_interval": 0}
            make_site(Path(folder), channels=channels, limits=limits, quiet=quiet)
            database = await Database.open(f"sqlite+aiosqlite:///{folder}/site.db", "normal")
            await prepare(database, people, first=1_000_000)
            await database.close()
            assistant = Assistant(Path(folder))
            await assistant.start()
            waits: list[float] = []
            start = time.monotonic()
            chat = 1
            while time.monotonic() - start < seconds:
                asked = time.monotonic()
                await api.say(chat, "/start dvc-nop_ho_so")
                await api.until(lambda chat=chat: bool(api.to(chat)))
                waits.append(time.monotonic() - asked)
                chat += 1
                await asyncio.sleep(0.4)
            copies = sum(1 for sent in api.sent if sent.chat >= 1_000_000)
            await assistant.terminate()
    p50, p95, p99 = np.percentile(waits, [50, 95, 99]) * 1000
    return {
        "replies_meanwhile": len(waits),
        "copies_meanwhile_per_s": round(copies / seconds, 1),
        "reply_p50_ms": round(float(p50)),
        "reply_p95_ms": round(float(p95)),
        "reply_p99_ms": round(float(p99)),
        "most_in_a_second": api.most_in_a_second(),
    }
