from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.storage import completions, groups, people, profiles
from bot.storage.completions import Completion, Done
from bot.storage.database import Database
from bot.storage.profiles import Profile

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
MAI, LAN, HOA = "7", "8", "9"


async def someone(database: Database, external: str = MAI) -> int:
    async with database.write() as tx:
        return (await people.ensure(tx, {("telegram", external)}, NOW))["telegram", external].id


def lesson(person: int | None, subject: str = "tkat.1", **more: Any) -> Completion:
    values: dict[str, Any] = {
        "kind": "lesson",
        "content_version": "v1",
        "correct": 4,
        "questions": 5,
        "completed_at": NOW,
        "day": "2026-11-24",
        "competences": ("1.1", "4.2"),
    }
    return Completion(person, subject=subject, **(values | more))


async def put(database: Database, *new: Completion) -> list[bool]:
    async with database.write() as tx:
        return [await completions.put(tx, each) for each in new]


async def rows(database: Database, columns: str) -> list[tuple[Any, ...]]:
    async with database.read() as tx:
        return [tuple(row) for row in await tx.execute(text(f"SELECT {columns} FROM completion ORDER BY id"))]  # noqa: S608


async def test_a_lesson_counts_once_a_person_and_its_first_pass_stays(database: Database) -> None:
    mai = await someone(database)
    assert await put(database, lesson(mai), lesson(mai, correct=5, day="2026-11-25")) == [True, False]
    async with database.read() as tx:
        assert await completions.of_person(tx, mai, "lesson") == {"tkat.1": Done("tkat.1", 4, 5, "2026-11-24")}


async def test_other_lessons_a_course_of_the_same_name_and_other_people_count_each(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    new = (lesson(mai), lesson(mai, "tkat.2"), lesson(mai, kind="course"), lesson(lan))
    assert await put(database, *new) == [True] * 4


async def test_what_a_person_completed_is_asked_for_by_kind_and_holds_nobody_elses(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await put(database, lesson(mai, "tkat.1"), lesson(mai, "tkat", kind="course"), lesson(lan, "tkat.2"))
    async with database.read() as tx:
        assert set(await completions.of_person(tx, mai, "lesson")) == {"tkat.1"}
        assert set(await completions.of_person(tx, mai, "course")) == {"tkat"}


async def test_a_completion_keeps_what_it_counts_for_as_it_was_on_that_day(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    async with database.write() as tx:
        line = await groups.create(tx, "abc", "Chuyền 3", "line", lan, NOW)
        await profiles.set_field(tx, mai, "ward", "26734")
    counted = {"audience": "worker", "ward": "26734", "age": "25-34", "group_id": line.id, "group_kind": "line"}
    await put(database, lesson(mai, **counted))
    async with database.write() as tx:
        await profiles.set_field(tx, mai, "ward", "26737")
        await groups.leave(tx, line.id, mai)
    columns = "audience, ward, age, group_id, group_kind, competences"
    assert await rows(database, columns) == [("worker", "26734", "25-34", line.id, "line", '["1.1","4.2"]')]


async def test_an_assisted_completion_has_no_person_and_counts_every_time(database: Database) -> None:
    mai = await someone(database)
    assert await put(database, lesson(None, assisted_by=mai), lesson(None, assisted_by=mai)) == [True, True]
    assert await rows(database, "person_id, assisted_by, assisted") == [(None, mai, 1)] * 2


async def test_an_assisted_completion_with_a_person_is_refused_by_the_database(database: Database) -> None:
    await put(database, lesson(await someone(database)))
    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_assisted\b"):
        async with database.write() as tx:
            await tx.execute(text("UPDATE completion SET assisted = 1"))


async def test_a_completion_of_nobody_that_is_not_assisted_is_refused_by_the_database(database: Database) -> None:
    await put(database, lesson(await someone(database)))
    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_assisted\b"):
        async with database.write() as tx:
            await tx.execute(text("UPDATE completion SET person_id = NULL"))


@pytest.mark.parametrize("correct", [-1, 6])
async def test_a_score_outside_the_number_of_questions_is_refused_by_the_database(
    database: Database, correct: int
) -> None:
    mai = await someone(database)
    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_score\b"):
        await put(database, lesson(mai, correct=correct, questions=5))
    assert await rows(database, "id") == []


@pytest.mark.parametrize("correct", [0, 5])
async def test_none_and_all_questions_right_are_scores(database: Database, correct: int) -> None:
    assert await put(database, lesson(await someone(database), correct=correct, questions=5)) == [True]


async def test_a_completion_of_an_unknown_kind_is_refused_by_the_database(database: Database) -> None:
    mai = await someone(database)
    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_kind\b"):
        await put(database, lesson(mai, kind="placement"))


async def test_a_completion_stays_when_its_group_is_gone_and_still_says_of_which_kind_it_was(
    database: Database,
) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        line = await groups.create(tx, "abc", "Chuyền 3", "line", mai, NOW)
    await put(database, lesson(mai, group_id=line.id, group_kind="line"))
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM learner_group"))
    assert await rows(database, "person_id, group_id, group_kind") == [(mai, None, "line")]


async def test_only_the_lessons_that_this_member_registered_on_this_day_are_counted(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await put(
        database,
        lesson(None, assisted_by=mai),
        lesson(None, "tkat.2", assisted_by=mai),
        lesson(None, "tkat", kind="course", assisted_by=mai),
        lesson(None, assisted_by=mai, day="2026-11-23"),
        lesson(None, assisted_by=lan),
        lesson(mai),
    )
    async with database.read() as tx:
        assert await completions.assisted_on(tx, mai, "2026-11-24") == 2
        assert await completions.assisted_on(tx, lan, "2026-11-24") == 1
        assert await completions.assisted_on(tx, lan, "2026-11-23") == 0


async def test_of_members_says_who_completed_which_of_the_subjects_asked_for(database: Database) -> None:
    mai, lan, hoa = [await someone(database, each) for each in (MAI, LAN, HOA)]
    await put(
        database,
        lesson(mai, "tkat.1"),
        lesson(mai, "tkat.2"),
        lesson(mai, "tkat.3"),
        lesson(mai, "tkat", kind="course"),
        lesson(lan, "tkat.2"),
        lesson(hoa, "tkat.1"),
        lesson(None, "tkat.1", assisted_by=mai),
    )
    async with database.read() as tx:
        found = await completions.of_members(tx, [mai, lan], "lesson", ["tkat.1", "tkat.2", "tkat"])
    assert found == {mai: {"tkat.1", "tkat.2"}, lan: {"tkat.2"}}


async def test_of_no_members_nobody_completed_anything(database: Database) -> None:
    await put(database, lesson(await someone(database)))
    async with database.read() as tx:
        assert await completions.of_members(tx, [], "lesson", ["tkat.1"]) == {}


async def test_of_someone_who_said_nothing_nothing_is_known(database: Database) -> None:
    mai = await someone(database)
    async with database.read() as tx:
        assert await profiles.load(tx, mai) == Profile()
        assert await profiles.agreed(tx, mai) is None


async def test_a_field_that_was_skipped_counts_as_asked(database: Database) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        await profiles.set_field(tx, mai, "ward", None)
        assert await profiles.load(tx, mai) == Profile(asked=frozenset({"ward"}))


async def test_fields_are_kept_one_after_the_other(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    async with database.write() as tx:
        await profiles.set_field(tx, mai, "ward", "26734")
        await profiles.set_field(tx, mai, "audience", None)
        await profiles.set_field(tx, mai, "age", "25-34")
        assert await profiles.load(tx, mai) == Profile(None, "26734", "25-34", frozenset({"audience", "ward", "age"}))
        assert await profiles.load(tx, lan) == Profile()


async def test_a_field_can_be_changed_and_taken_back_and_stays_asked(database: Database) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        await profiles.set_field(tx, mai, "ward", "26734")
        await profiles.set_field(tx, mai, "ward", "26737")
        assert (await profiles.load(tx, mai)).ward == "26737"
        await profiles.set_field(tx, mai, "ward", None)
        assert await profiles.load(tx, mai) == Profile(asked=frozenset({"ward"}))


async def test_a_new_version_of_the_consent_text_replaces_an_older_one(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    async with database.write() as tx:
        await profiles.agree(tx, lan, 1, NOW)
        await profiles.agree(tx, mai, 1, NOW)
        await profiles.agree(tx, mai, 2, LATER)
        assert await profiles.agreed(tx, mai) == (2, LATER)
        assert await profiles.agreed(tx, lan) == (1, NOW)


@pytest.mark.parametrize("version", [1, 2])
async def test_agreeing_to_an_older_version_or_the_same_again_changes_nothing(database: Database, version: int) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        await profiles.agree(tx, mai, 2, NOW)
        await profiles.agree(tx, mai, version, LATER)
        assert await profiles.agreed(tx, mai) == (2, NOW)
