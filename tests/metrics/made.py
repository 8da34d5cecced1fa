"""A small site with two courses and a merged ward, and people who learn there through the product's own code."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app import load_metrics
from bot.config import Settings
from bot.metrics import recording
from bot.metrics.report import Metrics
from bot.storage import groups, people, questions
from bot.storage.completions import Completion
from bot.storage.database import Database
from bot.storage.questions import Question
from tests.site import REPO, lesson, make_content, make_course, make_indicators, settings

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
HERE, THERE, GONE = "25747", "25750", "25999"  # GONE is part of HERE now
AUDIENCES = ("worker", "worker", "citizen", "student", None)
AGES = ("15_24", "25_34", "60_99", None)
KINDS = ("line", "class", "community", None)
TOGETHER = 40  # steps in one transaction


def make_metrics(folder: Path) -> Metrics:
    content = make_content(folder) / "vi"
    make_course(content.parent)
    courses = content / "courses"
    shutil.copytree(courses / "thu", courses / "hai")
    for course, number, taught in (
        ("thu", 2, ["4.1@2", "1.1@3"]),
        ("hai", 1, ["4.1@4"]),
        ("hai", 2, ["1.1@1", "1.1@6"]),
    ):
        name = f"bai_{number}"
        text = yaml.safe_dump(lesson(name) | {"competences": taught}, allow_unicode=True)
        (courses / course / f"{name}.yaml").write_text(text, encoding="utf-8")
    make_indicators(content.parent)
    _more_indicators(content / "indicators.yaml")
    shutil.copy(REPO / "content" / "vi" / "competences.yaml", content / "competences.yaml")
    (content / "places.yaml").write_text(yaml.safe_dump(PLACES, allow_unicode=True), encoding="utf-8")
    return load_metrics(Settings.model_validate(settings(content=str(content.parent))))


def _more_indicators(path: Path) -> None:
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    both = {"courses": ["thu", "hai"]}
    more = [
        {"id": "tre", "counts": "persons", "numerator": both | {"age": ["15_24", "25_34"]}},
        {"id": "giup", "counts": "assisted", "numerator": both | {"kind": "lesson"}},
        {"id": "hoi", "counts": "questions"},
    ]
    common = {name: file["indicators"][0][name] for name in ("sets", "basis", "unit", "owner", "limits", "definition")}
    for each in more:
        file["indicators"].append({"name": f"Chỉ số {each['id']}", "label": f"Nhãn {each['id']}", **common, **each})
    path.write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")


PLACES = {
    "city": "Thành phố Thử",
    "former": "Tỉnh Thử",
    "changed": dt.date(2025, 7, 1),
    "source": {"title": "Nghị quyết thử"},
    "reviewed": dt.date(2026, 11, 1),
    "review_by": dt.date(2027, 11, 1),
    "topic": "dvc.nop_ho_so",
    "next": ["cutru.tam_tru"],
    "units": {HERE: "Phường Một", THERE: "Xã Hai"},
    "merged": {GONE: HERE},
    "districts": [{"name": "Huyện Thử", "units": {"Xã Cũ": [HERE], "Xã Xưa": [THERE]}}],
}


def done(person: int | None, subject: str = "thu.bai_1", day: str = "2026-11-24", **more: Any) -> Completion:
    values: dict[str, Any] = {
        "kind": "lesson" if "." in subject else "course",
        "content_version": "v1",
        "correct": 4,
        "questions": 5,
        "completed_at": NOW,
        "competences": (),
    }
    return Completion(person, subject=subject, day=day, **(values | more))


async def populate(database: Database, metrics: Metrics, seed: int, number: int = 200) -> None:
    """People learn over two years: some drop out, take things again, move, say who they are later, help, are erased."""
    chance = Random(seed)
    days = sorted(dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(690)) for _ in range(number * 4))
    async with database.write() as tx:
        found = await people.ensure(tx, {("telegram", str(n)) for n in range(number)}, NOW)
        ids = sorted(person.id for person in found.values())
        about = {id: _traits(chance) for id in ids}
        group = await groups.create(tx, "NHOM", "Tổ thử", "community", ids[0], NOW)
        await groups.join(tx, group.id, ids[1], NOW)
    for start in range(0, len(days), TOGETHER):
        async with database.write() as tx:
            for place in range(start, min(start + TOGETHER, len(days))):
                await _step(tx, metrics, chance, ids, about, place, days[place])


async def _step(
    tx: AsyncConnection,
    metrics: Metrics,
    chance: Random,
    ids: list[int],
    about: dict[int, dict[str, str | None]],
    place: int,
    day: dt.date,
) -> None:
    id = chance.choice(ids)
    if chance.random() < 0.1:
        about[id] = _traits(chance)
    course = chance.choice(list(metrics.catalogue.courses.values()))
    taught = chance.choice(course.lessons)
    subject = course.id if chance.random() < 0.4 else taught.id
    competences = () if subject == course.id else tuple(taught.competences)
    if chance.random() < 0.1:
        helped = {"ward": about[id]["ward"], "group_kind": "community", "assisted_by": id}
        new = done(None, subject, f"{day}", competences=competences, **helped)
    else:
        new = done(id, subject, f"{day}", competences=competences, **about[id])
    await recording.record(tx, metrics.measures, new)
    await questions.put(tx, [_question(place + 1, id, day, chance)])
    if chance.random() < 0.03:
        ids.remove(id)
        await recording.erase(tx, metrics.measures, id, f"RECEIPT{place}", NOW)


def _traits(chance: Random) -> dict[str, str | None]:
    return {
        "audience": chance.choice(AUDIENCES),
        "ward": chance.choice((HERE, THERE, GONE, None)),
        "age": chance.choice(AGES),
        "group_kind": chance.choice(KINDS),
    }


def _question(id: int, person: int, day: dt.date, chance: Random) -> Question:
    asked_at = dt.datetime(day.year, day.month, day.day, 5, tzinfo=dt.UTC)
    outcome = chance.choice(("answer", "clarify", "abstain"))
    near = (("cutru.tam_tru", 0.5),) if chance.random() < 0.7 else ()
    outside = "ngoai.thu" if chance.random() < 0.1 else None
    return Question(id, person, asked_at, "hỏi", outcome, None, 0.5, near, "v1", f"{day:%Y-%m}", outside)
