from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.metrics import recording
from bot.metrics.demo import Made, NotEmpty, fill
from bot.metrics.period import parse
from bot.metrics.population import Resident, first_day, residents
from bot.metrics.report import Metrics, make
from bot.storage import people
from bot.storage.database import Database
from tests.metrics.made import HERE, NOW, THERE, done

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNTIL = dt.date(2026, 11, 24)


def some(metrics: Metrics, number: int = 3000, seed: int = 7, completions: float = 3.0) -> list[Resident]:
    return list(residents(number, seed, UNTIL, [HERE, THERE], metrics.catalogue, completions))


async def filled(database: Database, metrics: Metrics, number: int = 400) -> Made:
    async with database.write() as tx:
        return await fill(tx, metrics, ZONE, 1, number, 7, UNTIL, 3.0)


def test_a_seed_gives_the_same_people_and_another_seed_others(metrics: Metrics) -> None:
    assert some(metrics, 200) == some(metrics, 200) != some(metrics, 200, seed=8)


def test_people_come_in_their_order_more_every_month_and_fewer_around_tet(metrics: Metrics) -> None:
    first = first_day(UNTIL)
    joined = [first + dt.timedelta(days=each.joined) for each in some(metrics, 20_000, completions=0)]
    assert all(before <= after for before, after in pairwise(joined))
    months = Counter(f"{day:%Y-%m}" for day in joined)
    assert len(months) == 24 and months["2026-10"] > 1.5 * months["2025-01"] and months["2026-02"] < months["2025-12"]


def test_groups_and_ages_go_with_what_people_are(metrics: Metrics) -> None:
    made = some(metrics)
    assert {each.group for each in made if each.audience == "worker"} <= {"line", "community", None}
    assert {each.group for each in made if each.audience == "student"} <= {"class", "community", None}
    assert not [each for each in made if each.audience == "official" and each.age == "0_14"]
    for unknown in ("audience", "ward", "age"):
        assert 0.02 < sum(getattr(each, unknown) is None for each in made) / len(made) < 0.3, unknown


def test_nobody_passes_the_same_twice_and_some_do_not_finish_what_they_began(metrics: Metrics) -> None:
    begun = finished = 0
    for each in some(metrics):
        subjects = [passed.subject for passed in each.passed]
        assert len(subjects) == len(set(subjects))
        assert [passed.day for passed in each.passed] == sorted(passed.day for passed in each.passed)
        begun += len({subject.split(".")[0] for subject in subjects})
        finished += sum("." not in subject for subject in subjects)
    assert 0 < finished < begun


async def test_its_figures_agree_with_its_rows_and_say_that_people_are_made_up(
    database: Database, metrics: Metrics
) -> None:
    made = await filled(database, metrics)
    async with database.read() as tx:
        found = await recording.verify(tx, metrics.measures, ZONE)
        report = await make(tx, metrics, parse("2026-Q3"), UNTIL)
    assert found.clean and found.completions == made.completions > 800
    assert report.made_up and made.assisted and made.attempts and made.questions and made.groups


async def test_retakes_are_attempts_without_another_completion(database: Database, metrics: Metrics) -> None:
    await filled(database, metrics)
    async with database.read() as tx:
        again = "SELECT count(*) FROM attempt a JOIN completion c USING (person_id, kind, subject) WHERE a.passed"
        lost = (
            "SELECT count(*) FROM attempt a LEFT JOIN completion c USING (person_id, kind, subject) WHERE c.id IS NULL"
        )
        assert await tx.scalar(text(again))
        assert await tx.scalar(text(lost)) == 0


async def test_a_real_message_finds_its_number_free(database: Database, metrics: Metrics) -> None:
    await filled(database, metrics)
    async with database.read() as tx:
        assert (await tx.scalar(text("SELECT max(id) FROM question")) or 0) < 0


async def test_a_database_with_anybody_in_it_is_refused(database: Database, metrics: Metrics) -> None:
    async with database.write() as tx:
        await people.ensure(tx, {("telegram", "7")}, NOW)
    with pytest.raises(NotEmpty, match="1 of the channel 'telegram'"):
        await filled(database, metrics)


async def test_a_database_from_which_everybody_was_erased_is_refused_too(database: Database, metrics: Metrics) -> None:
    async with database.write() as tx:
        mai = (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id
        await recording.record(tx, metrics.measures, done(mai))
        await recording.erase(tx, metrics.measures, mai, "RECEIPT", NOW)
    with pytest.raises(NotEmpty, match="people who were here"):
        await filled(database, metrics)


async def test_a_failure_leaves_nothing_behind(database: Database, metrics: Metrics, tmp_path: Path) -> None:
    def stop(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        async with database.write() as tx:
            await fill(tx, metrics, ZONE, 1, 50, 7, UNTIL, 3.0, stop)
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM person")) == 0
