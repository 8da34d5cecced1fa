from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.storage import attempts, bookmarks, people, reviews
from bot.storage.attempts import Answer, Beginning
from bot.storage.database import Database

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
MAI, LAN = "7", "8"


async def someone(database: Database, external: str = MAI) -> int:
    async with database.write() as tx:
        return (await people.ensure(tx, {("telegram", external)}, NOW))["telegram", external].id


def frozen(words: str) -> dict[str, Any]:
    return {"text": words, "options": ["có", "không"]}


def quiz(person: int, *digests: str, kind: attempts.Kind = "lesson", subject: str = "tkat.1", **more: Any) -> Beginning:
    """An attempt at questions whose words are their own digests, with the options of each turned round."""
    values: dict[str, Any] = {"assisted": False, "content_version": "v1", "pass_mark": 60} | more
    questions = {digest: frozen(digest) for digest in digests}
    return Beginning(person, kind, subject, items=[(each, (1, 0)) for each in digests], questions=questions, **values)


async def begin(database: Database, new: Beginning, now: dt.datetime = NOW) -> attempts.Attempt:
    async with database.write() as tx:
        return await attempts.begin(tx, new, now)


async def finish(database: Database, id: int, now: dt.datetime = LATER) -> bool:
    async with database.write() as tx:
        return await attempts.finish(tx, id, 1, True, now)


async def put_answer(database: Database, id: int, position: int, given: str, correct: bool) -> bool:
    async with database.write() as tx:
        return await attempts.put_answer(tx, id, position, given, correct, NOW)


async def load(database: Database, id: int, person: int) -> attempts.Attempt | None:
    async with database.read() as tx:
        return await attempts.load(tx, id, person)


async def count(database: Database, table: str) -> int:
    async with database.read() as tx:
        return int((await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())  # noqa: S608


async def test_an_attempt_is_read_back_as_it_began(database: Database) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", "b", assisted=True, pass_mark=80))
    found = await load(database, begun.id, mai)
    assert found == attempts.Attempt(
        begun.id, mai, "lesson", "tkat.1", True, "v1", 80, (("a", (1, 0)), ("b", (1, 0))), None, None, None
    )


async def test_a_second_begin_of_an_open_quiz_goes_on_with_the_first_and_its_own_questions(database: Database) -> None:
    mai = await someone(database)
    first = await begin(database, quiz(mai, "a", "b"))
    await put_answer(database, first.id, 0, "1", True)
    again = await begin(database, quiz(mai, "c", "d", content_version="v2", pass_mark=90), LATER)
    assert (again.id, again.items, again.content_version, again.pass_mark) == (first.id, first.items, "v1", 60)
    assert again.answers == {0: Answer("1", True)}
    assert await count(database, "attempt") == 1


async def test_a_quiz_that_was_finished_begins_anew(database: Database) -> None:
    mai = await someone(database)
    first = await begin(database, quiz(mai, "a"))
    await finish(database, first.id)
    second = await begin(database, quiz(mai, "b"), LATER)
    assert second.id > first.id
    assert (second.items, second.answers) == ((("b", (1, 0)),), {})


async def test_other_quizzes_of_a_person_and_the_same_quiz_of_others_are_attempts_of_their_own(
    database: Database,
) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    begun = [
        await begin(database, quiz(mai, "a")),
        await begin(database, quiz(lan, "a")),
        await begin(database, quiz(mai, "a", assisted=True)),
        await begin(database, quiz(mai, "a", kind="final")),
        await begin(database, quiz(mai, "a", subject="tkat.2")),
    ]
    assert len({each.id for each in begun}) == 5


async def test_a_second_open_attempt_of_one_quiz_is_refused_by_the_database(database: Database) -> None:
    mai = await someone(database)
    await begin(database, quiz(mai, "a"))
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed"):
        await copy_attempt(database)


async def copy_attempt(database: Database) -> None:
    """Write the only attempt a second time, around the code that would not."""
    columns = "person_id, kind, subject, assisted, content_version, pass_mark, items, started_at, finished_at, correct"
    async with database.write() as tx:
        await tx.execute(text(f"INSERT INTO attempt ({columns}) SELECT {columns} FROM attempt"))  # noqa: S608


async def test_a_frozen_question_stays_as_it_was_first_asked(database: Database) -> None:
    mai = await someone(database)
    await begin(database, quiz(mai, "a"))
    changed = Beginning(mai, "final", "tkat", False, "v2", 60, [("a", (0, 1))], {"a": frozen("sửa rồi")})
    await begin(database, changed, LATER)
    async with database.read() as tx:
        assert await attempts.questions(tx, ["a"]) == {"a": frozen("a")}


async def test_a_question_of_two_attempts_is_kept_once(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await begin(database, quiz(mai, "a", "b"))
    await begin(database, quiz(lan, "b", "c"))
    assert await count(database, "frozen_question") == 3


async def test_a_question_that_was_never_frozen_is_an_error(database: Database) -> None:
    async with database.read() as tx:
        with pytest.raises(LookupError, match="no frozen question z"):
            await attempts.questions(tx, ["z"])


async def test_an_attempt_of_another_person_is_not_found(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    begun = await begin(database, quiz(mai, "a"))
    assert await load(database, begun.id, mai) == begun
    assert await load(database, begun.id, lan) is None
    async with database.read() as tx:
        assert await attempts.open_of(tx, lan, "lesson", "tkat.1") is None


async def test_a_second_answer_to_a_question_changes_nothing(database: Database) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", "b"))
    assert await put_answer(database, begun.id, 0, "1", False)
    assert not await put_answer(database, begun.id, 0, "2", True)
    found = await load(database, begun.id, mai)
    assert found is not None
    assert found.answers == {0: Answer("1", False)}


async def test_answers_stand_at_the_places_of_their_questions(database: Database) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", "b"))
    await put_answer(database, begun.id, 1, "013", True)
    await put_answer(database, begun.id, 0, "2", False)
    found = await load(database, begun.id, mai)
    assert found is not None
    assert found.answers == {0: Answer("2", False), 1: Answer("013", True)}


async def test_an_answer_to_no_attempt_is_not_kept(database: Database) -> None:
    assert not await put_answer(database, 1, 0, "1", True)


@pytest.mark.parametrize("position", [-1, 2, 99])
async def test_an_answer_to_a_question_the_attempt_does_not_have_is_not_kept(database: Database, position: int) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", "b"))
    assert not await put_answer(database, begun.id, position, "1", True)
    found = await load(database, begun.id, mai)
    assert found is not None and found.answers == {}


async def test_an_answer_to_a_finished_attempt_is_not_kept(database: Database) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", "b"))
    await put_answer(database, begun.id, 0, "1", True)
    await finish(database, begun.id)
    assert not await put_answer(database, begun.id, 1, "1", True)
    found = await load(database, begun.id, mai)
    assert found is not None and found.answers == {0: Answer("1", True)}


async def test_an_attempt_without_questions_is_refused_before_anything_is_written(database: Database) -> None:
    mai = await someone(database)
    async with database.write() as tx:
        with pytest.raises(ValueError, match=r"lesson tkat\.1 has no questions"):
            await attempts.begin(tx, quiz(mai), NOW)
        assert await attempts.open_of(tx, mai, "lesson", "tkat.1") is None


async def test_an_attempt_is_finished_once_and_keeps_its_first_result(database: Database) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", "b"))
    assert await finish(database, begun.id, LATER)
    async with database.write() as tx:
        assert not await attempts.finish(tx, begun.id, 2, False, LATER + dt.timedelta(hours=1))
    found = await load(database, begun.id, mai)
    assert found is not None
    assert (found.finished_at, found.correct, found.passed) == (LATER, 1, True)


async def test_an_attempt_cannot_have_a_result_without_an_end(database: Database) -> None:
    await begin(database, quiz(await someone(database), "a"))
    for statement in ("UPDATE attempt SET correct = 1", "UPDATE attempt SET finished_at = 1"):
        with pytest.raises(IntegrityError, match=r"CHECK constraint failed: \w+_finished\b"):
            async with database.write() as tx:
                await tx.execute(text(statement))


async def test_the_number_of_an_attempt_is_never_used_again(database: Database) -> None:
    first = await begin(database, quiz(await someone(database), "a"))
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM person"))
    second = await begin(database, quiz(await someone(database), "a"))
    assert second.id > first.id


async def test_the_quiz_begun_last_and_not_finished_is_the_one_to_go_on_with(database: Database) -> None:
    mai = await someone(database)
    hours = [NOW + dt.timedelta(hours=hour) for hour in range(4)]
    await begin(database, quiz(mai, "a", subject="tkat.1"), hours[0])
    await begin(database, quiz(mai, "a", subject="tkat.2"), hours[2])
    await begin(database, quiz(mai, "a", subject="tkat.3"), hours[1])
    finished = await begin(database, quiz(mai, "a", subject="tkat.4"), hours[3])
    await finish(database, finished.id, hours[3])
    async with database.read() as tx:
        found = await attempts.latest_open(tx, mai)
    assert found is not None
    assert found.subject == "tkat.2"


async def test_neither_reviews_nor_help_for_others_nor_anothers_quiz_is_a_quiz_to_go_on_with(
    database: Database,
) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await begin(database, quiz(mai, "a", kind="review", subject="2026-11-24"))
    await begin(database, quiz(mai, "a", assisted=True))
    await begin(database, quiz(lan, "a"))
    async with database.read() as tx:
        assert await attempts.latest_open(tx, mai) is None


async def test_there_is_one_round_of_reviews_a_person_and_day_even_once_it_is_finished(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    first = await begin(database, quiz(mai, "a", kind="review", subject="2026-11-24"))
    await finish(database, first.id)
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed"):
        await copy_attempt(database)
    tomorrow = await begin(database, quiz(mai, "a", kind="review", subject="2026-11-25"))
    others = await begin(database, quiz(lan, "a", kind="review", subject="2026-11-24"))
    assert len({first.id, tomorrow.id, others.id}) == 3


async def test_a_finished_round_of_reviews_does_not_begin_again(database: Database) -> None:
    mai = await someone(database)
    round_of_today = quiz(mai, "a", kind="review", subject="2026-11-24")
    await finish(database, (await begin(database, round_of_today)).id)
    with pytest.raises(LookupError, match="no open attempt of review 2026-11-24"):
        await begin(database, round_of_today, LATER)


async def test_the_round_of_a_day_is_found_whether_it_is_finished_or_not(database: Database) -> None:
    mai = await someone(database)
    begun = await begin(database, quiz(mai, "a", kind="review", subject="2026-11-24"))
    async with database.read() as tx:
        assert await attempts.review_of(tx, mai, "2026-11-24") == begun
        assert await attempts.review_of(tx, mai, "2026-11-25") is None
    await finish(database, begun.id)
    async with database.read() as tx:
        found = await attempts.review_of(tx, mai, "2026-11-24")
    assert found is not None
    assert (found.id, found.finished_at) == (begun.id, LATER)


async def test_a_bookmark_keeps_the_last_place_only(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    async with database.write() as tx:
        await bookmarks.put(tx, mai, "tkat.1", 3, NOW)
        await bookmarks.put(tx, lan, "tkat.9", 1, NOW)
        await bookmarks.put(tx, mai, "tkat.2", 0, LATER)
        assert await bookmarks.of(tx, mai) == ("tkat.2", 0)
        assert await bookmarks.of(tx, lan) == ("tkat.9", 1)


async def test_someone_who_read_nothing_has_no_bookmark(database: Database) -> None:
    mai = await someone(database)
    async with database.read() as tx:
        assert await bookmarks.of(tx, mai) is None


async def put_reviews(database: Database, person: int, **due_in_hours: int) -> None:
    async with database.write() as tx:
        for question, hours in due_in_hours.items():
            due_at = NOW + dt.timedelta(hours=hours)
            await reviews.put(tx, person, "tkat.1", question, due_at, {"stability": hours})


async def due(database: Database, person: int, most: int = 10) -> list[str]:
    async with database.read() as tx:
        return [each.question for each in await reviews.due(tx, person, NOW, most)]


async def test_the_longest_overdue_question_is_asked_first(database: Database) -> None:
    mai = await someone(database)
    await put_reviews(database, mai, a=-1, b=-3, c=0, d=1, e=-2)
    assert await due(database, mai) == ["b", "e", "a", "c"]


async def test_no_more_questions_are_due_than_asked_for_and_all_of_them_are_counted(database: Database) -> None:
    mai = await someone(database)
    await put_reviews(database, mai, a=-1, b=-3, c=-2, d=1)
    assert await due(database, mai, 2) == ["b", "c"]
    async with database.read() as tx:
        assert await reviews.count_due(tx, mai, NOW) == 3


async def test_reviews_of_others_are_not_due(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await put_reviews(database, lan, a=-1)
    assert await due(database, mai) == []
    async with database.read() as tx:
        assert await reviews.count_due(tx, mai, NOW) == 0
        assert await reviews.card(tx, mai, "tkat.1", "a") is None


async def test_a_question_that_was_reviewed_moves_on_with_its_new_card(database: Database) -> None:
    mai = await someone(database)
    await put_reviews(database, mai, a=-1, b=-1)
    await put_reviews(database, mai, a=48)
    assert await due(database, mai) == ["b"]
    async with database.read() as tx:
        assert await reviews.card(tx, mai, "tkat.1", "a") == {"stability": 48}
