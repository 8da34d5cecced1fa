"""Lessons as indicators, people helped without an account, and per cents whose total nobody knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.app import load_metrics
from bot.config import load_settings
from bot.metrics.figures import Figure
from bot.metrics.period import parse
from bot.metrics.recording import catch_up, record
from bot.metrics.report import Metrics, Report, make
from bot.storage import groups, people
from bot.storage.completions import Completion, Kind
from bot.storage.database import Database
from tests.site import make_course, make_indicators, make_site

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
ONE = {
    "sets": ["THU"],
    "basis": [{"title": "Quyết định thử"}],
    "unit": "lượt",
    "owner": "Sở Thử",
    "limits": "Chỉ để thử.",
}
MORE = [
    {"id": "luot_bai", "counts": "turns", "numerator": {"courses": ["thu"], "kind": "lesson"}},
    {"id": "ho_tro", "counts": "assisted", "numerator": {"kind": "lesson"}},
    {"id": "luot_cong_nhan", "counts": "turns",
     "numerator": {"courses": ["thu"], "kind": "lesson", "audience": ["worker"]}},
    {"id": "can_bo", "counts": "persons", "numerator": {"audience": ["official"]}, "denominator": "can_bo",
     "targets": [{"year": 2026, "value": 100}]},
    {"id": "thanh_vien", "counts": "members", "denominator": "cong_nhan"},
]  # fmt: skip


@pytest.fixture
def metrics(tmp_path: Path) -> Metrics:
    config = make_site(tmp_path, content=str(tmp_path / "content"))
    make_course(tmp_path / "content")
    make_indicators(tmp_path / "content")
    path = tmp_path / "content" / "vi" / "indicators.yaml"
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = {"name": "Chỉ số thử thêm", "label": "Chỉ số thêm", "definition": "Đếm thêm một cách khác để thử."}
    file["indicators"] += [ONE | named | each for each in MORE]
    file["totals"] = {"can_bo": {"title": "Cán bộ", "ask": "Hỏi Sở Thử."}}
    path.write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    return load_metrics(load_settings(config))


@pytest.fixture
async def database(tmp_path: Path, metrics: Metrics) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/site.db", "normal")
    async with database.write() as tx:
        await catch_up(tx, metrics.measures, ZoneInfo("UTC"))
    yield database
    await database.close()


async def done(
    database: Database, metrics: Metrics, who: str | None, kind: Kind, subject: str, audience: str | None = None
) -> None:
    async with database.write() as tx:
        (helper,) = (await people.ensure(tx, {("demo", who or "giup")}, NOW)).values()
        person = helper.id if who else None
        by = None if who else helper.id
        new = Completion(person, kind, subject, "v1", 4, 5, NOW, "2026-11-24", (), audience, assisted_by=by)
        await record(tx, metrics.measures, new)


async def report(database: Database, metrics: Metrics) -> Report:
    async with database.read() as tx:
        return await make(tx, metrics, parse("2026-Q4"), NOW.date())


async def figure(database: Database, metrics: Metrics, id: str) -> Figure:
    found = (await report(database, metrics)).figure(id)
    assert found
    return found


async def test_an_indicator_of_lessons_counts_lessons_and_those_passed_with_help(
    database: Database, metrics: Metrics
) -> None:
    await done(database, metrics, "an", "lesson", "thu.bai_1")
    await done(database, metrics, "an", "lesson", "thu.bai_2")
    await done(database, metrics, "an", "course", "thu")
    await done(database, metrics, None, "lesson", "thu.bai_1")
    assert (await figure(database, metrics, "luot_bai")).value == 3


async def test_lessons_passed_with_help_are_counted_apart(database: Database, metrics: Metrics) -> None:
    await done(database, metrics, "an", "lesson", "thu.bai_1")
    await done(database, metrics, None, "lesson", "thu.bai_1")
    await done(database, metrics, None, "lesson", "thu.bai_1")
    assert (await figure(database, metrics, "ho_tro")).value == 2


async def test_whoever_was_helped_counts_for_no_audience(database: Database, metrics: Metrics) -> None:
    await done(database, metrics, "an", "lesson", "thu.bai_1", "worker")
    await done(database, metrics, None, "lesson", "thu.bai_1")
    assert (await figure(database, metrics, "luot_cong_nhan")).value == 1


async def test_a_per_cent_without_its_total_says_neither_what_is_reached_nor_what_is_missing(
    database: Database, metrics: Metrics
) -> None:
    await done(database, metrics, "an", "course", "thu", "official")
    officials = await figure(database, metrics, "can_bo")
    assert (officials.value, officials.share, officials.reached, officials.missing) == (1, None, None, None)


async def test_a_ward_without_a_total_of_its_own_is_not_measured_in_per_cent(
    database: Database, metrics: Metrics
) -> None:
    await done(database, metrics, "an", "course", "thu", "worker")
    whole = await figure(database, metrics, "cong_nhan")
    assert whole.reached is not None
    assert Figure(whole.indicator, 1, 1, 1, target=whole.target).reached is None


async def test_members_are_divided_by_their_total(database: Database, metrics: Metrics) -> None:
    async with database.write() as tx:
        (person,) = (await people.ensure(tx, {("demo", "an")}, NOW)).values()
        team = await groups.create(tx, "TO12", "Tổ thử", "community", person.id, NOW)
        await groups.join(tx, team.id, person.id, NOW)
    assert (await figure(database, metrics, "thanh_vien")).share == 0.5
