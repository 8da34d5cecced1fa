"""A small site with figures, and reports made of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Site
from bot.content.articles import load_library
from bot.content.competences import Area
from bot.content.courses import load_catalogue
from bot.content.indicators import load_indicators
from bot.content.places import Unit, load_places
from bot.i18n import Texts, load_texts
from bot.metrics import period, recording, wording
from bot.metrics.counting import measures
from bot.metrics.report import EVERYBODY, Cut, Metrics, Report, make
from bot.pictures.paper import Paper
from bot.storage import people, questions
from bot.storage.completions import Completion
from bot.storage.database import Database
from bot.storage.questions import Outcome, Question
from tests.site import REPO, make_content, make_course, make_indicators, settings

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
WARD = "25747"
COMPETENCES = {"4": Area(title="An toàn", competences={"4.1": "Bảo vệ thiết bị"})}


def question(id: int, person: int, topic: str | None, outcome: Outcome) -> Question:
    """Without a topic: about something nobody serves."""
    near = ((topic, 0.9),) if topic else ()
    return Question(id, person, NOW, "", outcome, topic, 0.9, near, "v1", "2026-11", None if topic else "ngoai.xa")


def load(folder: Path) -> Metrics:
    content = make_content(folder)
    make_course(content)
    make_indicators(content)
    catalogue, indicators = load_catalogue(content / "vi"), load_indicators(content / "vi")
    return Metrics(
        Site.model_validate(settings()["site"]),
        indicators,
        measures(catalogue, indicators, ["4.1"]),
        catalogue,
        load_library(content / "vi"),
        COMPETENCES,
        load_places(REPO / "content" / "vi"),
    )


@pytest.fixture
def metrics(tmp_path: Path) -> Metrics:
    return load(tmp_path)


@pytest.fixture
def say() -> Texts:
    return load_texts(REPO / "content", "vi")


@pytest.fixture
async def filled(database: Database, metrics: Metrics) -> AsyncIterator[Database]:
    """Four workers in one ward, one of them in August; one finished without audience, one began, one was helped."""
    async with database.write() as tx:
        found = await people.ensure(tx, {("telegram", str(n)) for n in range(6)}, NOW)
        for number, person in enumerate(sorted(found.values(), key=lambda each: int(each.external))):
            day = "2026-08-03" if number == 0 else "2026-11-03"
            audience = "worker" if number < 4 else None
            lesson = Completion(person.id, "lesson", "thu.bai_1", "v1", 4, 5, NOW, day, ("4.1@1",), audience, WARD)
            await recording.record(tx, metrics.measures, lesson)
            if number < 5:
                course = Completion(person.id, "course", "thu", "v1", 9, 10, NOW, day, (), audience, WARD)
                await recording.record(tx, metrics.measures, course)
        for kind, subject in (("course", "thu"), ("lesson", "thu.bai_1")):
            helped = Completion(
                None, kind, subject, "v1", 9, 10, NOW, "2026-11-03", (), None, WARD, assisted_by=person.id
            )
            await recording.record(tx, metrics.measures, helped)
        asked: list[tuple[str | None, Outcome]] = [
            ("cutru.tam_tru", "abstain"),
            ("dvc.nop_ho_so", "answer"),
            (None, "abstain"),
            (None, "abstain"),
        ]
        await questions.put(tx, [question(n, person.id, *each) for n, each in enumerate(asked, 1)])
    yield database


async def report_of(
    database: Database, metrics: Metrics, cut: Cut = EVERYBODY, set: str = "", when: str = "2026-Q4"
) -> Report:
    async with database.read() as tx:
        return await make(tx, metrics, period.parse(when), TODAY, cut, set)


@pytest.fixture
async def report(filled: Database, metrics: Metrics) -> Report:
    return await report_of(filled, metrics)


@pytest.fixture
def paper(report: Report, metrics: Metrics, say: Texts) -> Paper:
    return wording.paper(report, metrics.indicators, say)


def hostile(metrics: Metrics) -> Metrics:
    """An indicator named like a formula, and a ward like a command."""
    assert metrics.places is not None
    first, *others = metrics.indicators.all
    named = first.model_copy(update={"name": "=1+1", "label": "=2*[3]", "limits": "@SUM(A1)"})
    units = {**metrics.places.units, WARD: Unit(WARD, "+cmd|' /C calc'!A0")}
    return dataclasses.replace(
        metrics,
        indicators=dataclasses.replace(metrics.indicators, all=(named, *others)),
        places=dataclasses.replace(metrics.places, units=units),
    )
