from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics import recording
from bot.metrics.counting import Measures
from bot.metrics.recording import Found
from bot.metrics.report import Metrics
from bot.storage import people, tallies
from bot.storage.database import Database
from bot.storage.learning_tables import completion
from bot.storage.metrics_tables import erased_tally, tally
from bot.storage.tallies import Key
from tests.metrics.made import HERE, NOW, done, make_metrics, populate
from tests.site import REPO

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
KILLS = 20


async def someone(tx: AsyncConnection) -> int:
    return (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id


async def verified(database: Database, metrics: Metrics) -> Found:
    async with database.read() as tx:
        return await recording.verify(tx, metrics.measures, ZONE)


async def kept(database: Database) -> dict[Key, int]:
    async with database.read() as tx:
        return {Key(*row[:-1]): row[-1] for row in await tx.execute(select(tally))}


async def test_taking_a_course_again_changes_no_figure(database: Database, metrics: Metrics) -> None:
    async with database.write() as tx:
        mai = await someone(tx)
        assert await recording.record(tx, metrics.measures, done(mai, "thu"))
    before = await kept(database)
    async with database.write() as tx:
        assert not await recording.record(tx, metrics.measures, done(mai, "thu", "2026-12-01"))
    assert await kept(database) == before != {}


async def test_a_transaction_that_fails_leaves_the_figures_as_they_were(database: Database, metrics: Metrics) -> None:
    await populate(database, metrics, 7, 30)
    before = await kept(database)
    with pytest.raises(RuntimeError, match="power"):
        async with database.write() as tx:
            new = await people.ensure(tx, {("telegram", "new")}, NOW)
            assert await recording.record(tx, metrics.measures, done(new["telegram", "new"].id, "thu"))
            raise RuntimeError("power cut")
    assert await kept(database) == before
    assert (await verified(database, metrics)).clean


async def test_erasing_people_changes_no_figure(database: Database, metrics: Metrics) -> None:
    async with database.write() as tx:
        mai = await someone(tx)
        await recording.record(tx, metrics.measures, done(mai, "thu", audience="worker"))
    before = await kept(database)
    async with database.write() as tx:
        await recording.erase(tx, metrics.measures, mai, "RECEIPT", NOW)
    async with database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(completion)) == 0
        assert await tx.scalar(select(func.count()).select_from(erased_tally)) == len(before)
    assert await kept(database) == before
    assert (await verified(database, metrics)).clean


@pytest.mark.parametrize(
    ("error", "key", "differs"),
    [
        ("UPDATE tally SET n = n + 3 WHERE ", ("all", "indicator:cong_nhan", "person", "", "2026-06"), 3),
        ("DELETE FROM tally WHERE ", ("ward", "any", "turn", HERE, "2026-06"), None),
    ],
)
async def test_a_planted_error_is_found_and_put_right(
    database: Database, metrics: Metrics, error: str, key: tuple[str, ...], differs: int | None
) -> None:
    await populate(database, metrics, 8)
    right = await kept(database)
    names = dict(zip(Key._fields, key, strict=True))
    where = " AND ".join(f"{name} = :{name}" for name in names)
    async with database.write() as tx:
        assert (await tx.execute(text(error + where), names)).rowcount == 1
    found = await verified(database, metrics)
    counted = right[Key(*key)]  # type: ignore[arg-type]
    assert found.tallies == {key: (counted + differs if differs else 0, counted)}
    async with database.write() as tx:
        await recording.correct(tx, metrics.measures, found)
    assert await kept(database) == right


async def test_a_planted_error_among_questions_is_found_and_put_right(database: Database, metrics: Metrics) -> None:
    await populate(database, metrics, 8)
    async with database.write() as tx:
        await tx.execute(text("UPDATE asked SET n = n + 1 WHERE month = '2026-06' AND outcome = 'answer'"))
        await tx.execute(text("INSERT INTO asked (month, topic, outcome, n) VALUES ('2020-01', 'x', 'answer', 4)"))
    found = await verified(database, metrics)
    assert found.asked["2020-01", "x", "answer"] == (4, 0) and len(found.asked) > 1
    async with database.write() as tx:
        await recording.correct(tx, metrics.measures, found)
    assert (await verified(database, metrics)).clean


async def test_what_is_completed_between_recount_and_correction_stays_counted(
    database: Database, metrics: Metrics
) -> None:
    await populate(database, metrics, 9, 60)
    async with database.write() as tx:
        await tx.execute(text("UPDATE tally SET n = n + 5 WHERE measure = 'any'"))
    found = await verified(database, metrics)
    async with database.write() as tx:
        await recording.record(tx, metrics.measures, done(await someone(tx), "hai", "2026-06-30"))
        await recording.record(tx, metrics.measures, done(None, "hai", "2026-06-30"))
    async with database.write() as tx:
        await recording.correct(tx, metrics.measures, found)
    assert (await verified(database, metrics)).clean


async def test_other_definitions_are_counted_anew_once(database: Database, metrics: Metrics) -> None:
    await populate(database, metrics, 10, 60)
    fewer = Measures(tuple(m for m in metrics.measures.all if m.id != "indicator:cong_nhan"))
    async with database.write() as tx:
        assert await recording.catch_up(tx, metrics.measures, ZONE)
        assert not await recording.catch_up(tx, metrics.measures, ZONE)
        assert (await recording.verify(tx, fewer, ZONE)).redefined
        assert await recording.catch_up(tx, fewer, ZONE)
        assert await tallies.digest(tx) == fewer.digest
        live = await tx.scalar(text("SELECT count(*) FROM completion WHERE subject = 'thu' AND audience = 'worker'"))
        again = await recording.recount(tx, metrics.measures)
    assert live and any(key.measure == "indicator:cong_nhan" for key in again)


def test_kill_9_while_recording_leaves_figures_that_agree_with_the_rows(tmp_path: Path) -> None:
    import asyncio

    metrics = make_metrics(tmp_path)
    path = tmp_path / "killed.db"
    chance = Random(20261124)
    for round_ in range(KILLS):
        command = [sys.executable, "-m", "tests.metrics.recorder", str(path), str(tmp_path / "content"), str(round_)]
        child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(REPO)}, stdout=subprocess.PIPE)
        assert child.stdout is not None and child.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.01, 0.15))  # the moment of the kill is what is tried here
        child.kill()
        child.wait()
        child.stdout.close()

    async def check() -> Found:
        database = await Database.open(f"sqlite+aiosqlite:///{path}", "normal")
        try:
            return await verified(database, metrics)
        finally:
            await database.close()

    found = asyncio.run(check())
    assert found.tallies == {} and found.completions > KILLS
