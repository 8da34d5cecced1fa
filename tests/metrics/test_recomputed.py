"""The figures a report shows are those that plain SQL, which knows nothing of the product's counting, finds."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.metrics import recording
from bot.metrics.period import Period, parse
from bot.metrics.report import Cut, Metrics, Report, make
from bot.storage.database import Database
from tests.metrics.made import GONE, HERE, NOW, populate

SQL = (Path(__file__).parent / "recomputed.sql").read_text(encoding="utf-8")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Figures = dict[tuple[str, str], int]


def recomputed(path: Path, period: Period) -> Figures:
    rows = sqlite3.connect(path)
    try:
        found = rows.execute(SQL, {"first": period.first, "last": period.last}).fetchall()
    finally:
        rows.close()
    return {(name, key): n for name, key, n in found if n}


def shown(report: Report) -> Figures:
    found: Figures = {}
    for figure in report.figures:
        id = figure.indicator.id
        parts = {
            "cong_nhan": {"ever": figure.value, "new": figure.new, "year": figure.year, "turns": figure.turns,
                          "unknown": figure.unknown},
            "tre": {"ever": figure.value, "year": figure.year},
            "luot": {"ever": figure.value, "assisted": figure.assisted},
            "giup": {"ever": figure.value, "new": figure.new},
            "hoi": {"ever": figure.value},
        }[id]  # fmt: skip
        found |= {(name, id): n for name, n in parts.items()}
    found |= {("ward", area.code): area.figures["cong_nhan"].value for area in report.areas}
    for dimension in ("audience", "group"):
        found |= {(dimension, share.value): share.persons for share in report.shares[dimension]}
    for course in report.courses:
        found |= {("begun", course.id): course.begun, ("finished", course.id): course.finished}
        found["helped", course.id] = course.assisted
    for row in report.competences:
        found |= {("competence", f"{row.code}@{level}"): n for level, n in row.reached.items()}
    return {key: n for key, n in found.items() if n}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_report_says_what_plain_sql_finds(
    database: Database, metrics: Metrics, tmp_path: Path, seed: int
) -> None:
    await populate(database, metrics, seed)
    for name in ("2026-Q3", "2026-11", "2025"):
        period = parse(name)
        async with database.read() as tx:
            report = await make(tx, metrics, period, NOW.date())
        expected = recomputed(tmp_path / "test.db", period)
        assert shown(report) == expected
        assert expected["ever", "cong_nhan"] > 20 and expected["unknown", "cong_nhan"] and expected["ever", "giup"] > 5


async def test_the_population_holds_all_that_could_be_miscounted(database: Database, metrics: Metrics) -> None:
    await populate(database, metrics, 1)
    async with database.read() as tx:
        for what in (
            "FROM erasure",
            "FROM erased_tally WHERE measure = 'indicator:cong_nhan'",
            f"FROM completion WHERE ward = '{GONE}'",
            "FROM completion WHERE ward IS NULL AND audience IS NULL AND age IS NULL AND NOT assisted",
            "FROM completion WHERE assisted AND kind = 'course'",
        ):
            assert await tx.scalar(text(f"SELECT count(*) {what}")), what


async def test_a_ward_s_own_report_holds_those_of_the_wards_merged_into_it(
    database: Database, metrics: Metrics
) -> None:
    await populate(database, metrics, 2)
    async with database.read() as tx:
        period = parse("2026")
        everywhere = await make(tx, metrics, period, NOW.date())
        here = await make(tx, metrics, period, NOW.date(), Cut("ward", HERE))
    row = next(area for area in everywhere.areas if area.code == HERE)
    own = here.figure("cong_nhan")
    assert own is not None and own == row.figures["cong_nhan"] and own.value > 5


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_recount_finds_no_difference(database: Database, metrics: Metrics, seed: int) -> None:
    await populate(database, metrics, seed)
    async with database.read() as tx:
        found = await recording.verify(tx, metrics.measures, ZONE)
    assert found.clean and found.completions > 300
