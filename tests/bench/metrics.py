"""Figures for the skill metrics among a made-up population: recording, reading, recounting, exporting.

Each function returns figures by name; docs/bench.md says what each name means.
"""

from __future__ import annotations

import datetime as dt
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import TextIO
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Texts
from bot.metrics import recording
from bot.metrics.demo import fill
from bot.metrics.evidence import write, write_public
from bot.metrics.period import parse, quarter_of
from bot.metrics.report import EVERYBODY, Cut, Metrics, make
from bot.storage.completions import Completion
from bot.storage.database import Database
from bot.storage.tables import person

PEOPLE = 100_000
UNTIL = dt.date(2026, 11, 24)
RECORDED = 2000
REPORTS = 15


async def metrics(about: Metrics, say: Texts, database_file: Path, people: int = PEOPLE) -> dict[str, float]:
    """All of it, in ``database_file``, into which ``people`` are put first."""
    figures: dict[str, float] = {}
    database = await Database.open(f"sqlite+aiosqlite:///{database_file}", "normal")
    zone = ZoneInfo(about.site.time_zone)
    if people:
        start = time.perf_counter()
        async with database.write() as tx:
            made = await fill(tx, about, zone, 1, people, 7, UNTIL, 5.0)
        figures |= {
            "metrics_people": made.people,
            "metrics_completions": made.completions,
            "metrics_demo_s": round(time.perf_counter() - start, 1),
        }
    figures |= await recorded(about, database)
    async with database.read() as tx:
        figures |= await reports(about, tx)
        figures |= await exports(about, say, tx)
        start = time.perf_counter()
        found = await recording.verify(tx, about.measures, zone)
        figures["metrics_verify_s"] = round(time.perf_counter() - start, 1)
        assert found.clean, "the figures are not what the rows say"
    figures["metrics_peak_memory_mb"] = _peak_mb()
    await database.close()
    return figures


async def recorded(about: Metrics, database: Database) -> dict[str, float]:
    """Milliseconds of ``record``, of the whole transaction with it, and of the processor for it."""
    chance, calls, whole, processor = Random(1), [], [], []
    courses, now = list(about.catalogue.courses.values()), dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
    async with database.read() as tx:
        last = await tx.scalar(select(func.max(person.c.id))) or 0
    places = about.places.units if about.places else {"": None}
    while len(calls) < RECORDED:
        course = chance.choice(courses)
        lesson = chance.choice(course.lessons)
        new = Completion(
            chance.randint(1, last), "lesson", lesson.id, course.version, 4, 5, now, "2026-11-24",
            tuple(lesson.competences), chance.choice(("worker", "citizen", "student")), chance.choice(list(places)),
            chance.choice(("15_24", "25_34", "35_44")), None, chance.choice(("line", None)),
        )  # fmt: skip
        begin = time.perf_counter()
        async with database.write() as tx:
            start, busy = time.perf_counter(), time.process_time()
            kept = await recording.record(tx, about.measures, new)
            took, used = time.perf_counter() - start, time.process_time() - busy
        if kept:
            calls.append(took * 1000)
            processor.append(used * 1000)
            whole.append((time.perf_counter() - begin) * 1000)
    return (
        _percentiles("metrics_record_ms", calls)
        | _percentiles("metrics_record_cpu_ms", processor)
        | _percentiles("metrics_record_transaction_ms", whole)
    )


async def reports(about: Metrics, tx: AsyncConnection) -> dict[str, float]:
    """Milliseconds of everything a dashboard shows: of everybody, and of one ward."""
    period = quarter_of(UNTIL)
    ward = Cut("ward", next(iter(about.places.units), "") if about.places else "")

    async def timed(cut: Cut) -> list[float]:
        times = []
        for _ in range(REPORTS):
            start = time.perf_counter()
            await make(tx, about, period, UNTIL, cut)
            times.append((time.perf_counter() - start) * 1000)
        return times

    everybody, one = await timed(EVERYBODY), await timed(ward)
    return {
        "metrics_report_ms_median": round(float(np.median(everybody)), 1),
        "metrics_report_ms_max": round(max(everybody), 1),
        "metrics_report_ward_ms_median": round(float(np.median(one)), 1),
    }


async def exports(about: Metrics, say: Texts, tx: AsyncConnection) -> dict[str, float]:
    """Seconds for a million rows of evidence, and how many there were."""
    figures: dict[str, float] = {}
    quarter = parse("2026-Q3")

    async def timed(name: str, do: Callable[[TextIO], Awaitable[int]]) -> None:
        start = time.perf_counter()
        with tempfile.TemporaryFile("w", encoding="utf-8-sig", newline="") as file:
            rows = await do(file)
        figures[f"metrics_{name}_rows"] = rows
        figures[f"metrics_{name}_s_a_million"] = round((time.perf_counter() - start) * 1e6 / rows, 1)

    async def internal(file: TextIO) -> int:
        return (await write(tx, about, say, quarter, None, b"x" * 32, file)).rows

    async def public(file: TextIO) -> int:
        return (await write_public(tx, about, say, quarter, None, file)).rows

    await timed("evidence", internal)
    await timed("evidence_public", public)
    return figures


def _percentiles(name: str, times: list[float]) -> dict[str, float]:
    p50, p99 = np.percentile(times, (50, 99))
    return {f"{name}_p50": round(float(p50), 2), f"{name}_p99": round(float(p99), 2)}


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
