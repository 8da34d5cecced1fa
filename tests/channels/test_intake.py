from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import text

from bot.channels.intake import Intake
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from tests.clock import VirtualClock


def incoming(number: int) -> Incoming:
    return Incoming("telegram", number, "7", {"kind": "text", "text": "a", "message": ""})


async def test_a_hundred_at_once_share_a_few_commits_and_all_are_safe(database: Database, clock: VirtualClock) -> None:
    commits = []
    sa_event.listen(database._engine.sync_engine, "commit", lambda connection: commits.append(1))
    intake = Intake(database, clock, lambda: None)
    await asyncio.gather(*(intake.take([incoming(number)]) for number in range(100)))
    async with database.read() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM inbox"))).scalar() == 100
    assert len(commits) <= 5


async def test_the_same_update_a_hundred_times_is_one_row(database: Database, clock: VirtualClock) -> None:
    intake = Intake(database, clock, lambda: None)
    await asyncio.gather(*(intake.take([incoming(1)]) for _ in range(100)))
    async with database.read() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM inbox"))).scalar() == 1


async def test_nobody_is_told_that_events_are_safe_when_the_commit_failed(
    database: Database, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    intake = Intake(database, clock, lambda: woken.append(1))

    def broken() -> Any:
        raise OSError("disk full")

    monkeypatch.setattr(database, "write", broken)
    results = await asyncio.gather(*(intake.take([incoming(n)]) for n in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [OSError] * 3
    monkeypatch.undo()
    await intake.take([incoming(9)])
    assert woken == [1]
