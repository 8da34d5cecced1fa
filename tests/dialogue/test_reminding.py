"""Reminders: opt-in, one a day, never at night, none after a long silence, no storm after a standstill."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from bot.dialogue.desk import Office
from bot.dialogue.reminding import Reminding
from bot.dialogue.replies import Reply
from bot.dialogue.respond import Dialogue
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Lane
from tests.clock import VirtualClock
from tests.learner import Learner

HOUR, DAY = 3600, 86400


@pytest.fixture
def learner(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(database, dialogue, office, clock)


@pytest.fixture
def reminding(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Reminding:
    return Reminding(database, office, dialogue.texts, clock, "telegram", 100, lambda: None)


async def letters(database: Database) -> list[Reply]:
    async with database.read() as tx:
        return [Reply.from_json(each.reply) for each in await outbox.waiting(tx, "telegram", Lane.BULK, 0, 100)]


async def one(database: Database, query: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(query))).scalar()


async def wants_reminding(learner: Learner, hour: int = 17) -> None:
    """The clock of the tests begins at ten in the morning of the site."""
    await learner.agrees()
    await learner.sends("card:thu.bai_1:1")
    await learner.sends(f"remind:{hour}")


async def test_at_the_chosen_hour_the_open_lesson_is_named(
    learner: Learner, reminding: Reminding, database: Database, clock: VirtualClock
) -> None:
    await wants_reminding(learner)
    clock.move(7 * HOUR - 60)
    assert await reminding.step() == 0
    clock.move(60)
    assert await reminding.step() == 1
    (letter,) = await letters(database)
    assert "Bài bai_1" in letter.text
    assert [row[0].action for row in letter.choices] == ["card:thu.bai_1:1", "remind:off"]


async def test_there_is_one_reminder_a_day(learner: Learner, reminding: Reminding, clock: VirtualClock) -> None:
    await wants_reminding(learner)
    clock.move(7 * HOUR)
    assert [await reminding.step() for _ in range(3)] == [1, 0, 0]
    clock.move(DAY)
    assert await reminding.step() == 1


async def test_questions_to_review_come_before_the_open_lesson(
    learner: Learner, reminding: Reminding, database: Database, clock: VirtualClock
) -> None:
    await learner.agrees()
    await learner.takes("thu.bai_1")
    await learner.sends("remind:17")
    clock.move(4 * DAY + 7 * HOUR)
    await reminding.step()  # four days late: moved on, not sent
    clock.move(DAY)
    assert await reminding.step() == 1
    assert "**3** câu cần ôn" in (await letters(database))[0].text


async def test_one_tap_stops_them(learner: Learner, reminding: Reminding, clock: VirtualClock) -> None:
    await wants_reminding(learner)
    await learner.sends("remind:off")
    clock.move(7 * HOUR)
    assert await reminding.step() == 0


async def test_who_was_written_to_today_is_left_in_peace(
    learner: Learner, reminding: Reminding, database: Database, clock: VirtualClock
) -> None:
    await wants_reminding(learner)
    clock.move(7 * HOUR)
    async with database.write() as tx:
        await tx.execute(text("UPDATE person SET contacted_at = :now"), {"now": int(clock.now().timestamp() * 1000)})
    assert await reminding.step() == 0


async def test_after_a_week_of_standstill_nobody_gets_what_is_late(
    learner: Learner, reminding: Reminding, clock: VirtualClock
) -> None:
    await wants_reminding(learner)
    clock.move(7 * DAY + 12 * HOUR)
    assert await reminding.step() == 0
    clock.move(19 * HOUR)
    assert await reminding.step() == 1


async def test_after_thirty_silent_days_they_pause_until_the_person_comes_back(
    learner: Learner, reminding: Reminding, database: Database, clock: VirtualClock
) -> None:
    await wants_reminding(learner)
    clock.move(31 * DAY + 7 * HOUR)
    assert await reminding.step() == 0
    assert await one(database, "SELECT next_at FROM reminder") is None
    await learner.says("/hoc")
    clock.move(DAY)
    assert await reminding.step() == 1


async def test_who_blocked_the_assistant_is_not_reminded(
    learner: Learner, reminding: Reminding, database: Database, clock: VirtualClock
) -> None:
    await wants_reminding(learner)
    clock.move(7 * HOUR)
    async with database.write() as tx:
        await tx.execute(text("UPDATE person SET stopped_at = 1"))
    assert await reminding.step() == 0


async def test_nothing_is_sent_over_tet(database: Database, dialogue: Dialogue, office: Office) -> None:
    clock = VirtualClock(dt.datetime(2027, 2, 4, 3, 0, tzinfo=dt.UTC))
    quiet = type(office.quiet)(office.quiet.zone, days=((dt.date(2027, 2, 5), dt.date(2027, 2, 10)),))
    closed = Office(**{**vars(office), "quiet": quiet})
    learner = Learner(database, dialogue, closed, clock)
    reminding = Reminding(database, closed, dialogue.texts, clock, "telegram", 100, lambda: None)
    await wants_reminding(learner)
    sent = []
    for _ in range(24 * 8 + 12):
        clock.move(HOUR)
        if await reminding.step():
            sent.append(clock.now().astimezone(office.quiet.zone).date().isoformat())
    assert sent == ["2027-02-04", "2027-02-11", "2027-02-12"]
