from __future__ import annotations

import asyncio
import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics import recording
from bot.metrics.counting import Measure, Measures
from bot.storage import (
    attempts,
    audit,
    bookmarks,
    certificates,
    conversations,
    erasure,
    groups,
    inbox,
    outbox,
    people,
    profiles,
    questions,
    reminders,
    reviews,
    staff,
    tallies,
)
from bot.storage.attempts import Beginning
from bot.storage.certificates import Certificate
from bot.storage.completions import Completion
from bot.storage.conversations import Stored
from bot.storage.database import Database
from bot.storage.groups import Group, Member
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane, Mark, Outgoing

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
MAI, LAN, HOA = "987654321012", "555000111222", "333444555666"
NAME = "Mai Hiển Thị"
WORDS = "câu hỏi riêng của Mai"
MEASURES = Measures(
    (Measure("lessons", "lesson"), Measure("courses", "course"), Measure("first", "lesson", frozenset({"tkat.1"})))
)
OWN_TABLES = (
    "answer", "attempt", "bookmark", "completion", "consent", "conversation", "membership", "profile", "reminder",
    "review", "role",
)  # fmt: skip


async def someone(database: Database, external: str) -> int:
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
        "competences": ("1.1@1",),
        "audience": "worker",
        "ward": "26734",
        "age": "25-34",
        "group_kind": "line",
    }
    return Completion(person, subject=subject, **(values | more))


async def complete(database: Database, *new: Completion) -> None:
    async with database.write() as tx:
        for each in new:
            assert await recording.record(tx, MEASURES, each)


async def live_fully(database: Database, external: str, number: int) -> tuple[int, Group]:
    """A person with rows in every table that may hold any, and the group they own; ``number`` keeps people apart."""
    person = await someone(database, external)
    async with database.write() as tx:
        await profiles.agree(tx, person, 1, NOW)
        await profiles.set_field(tx, person, "ward", "26734")
        group = await groups.create(tx, f"nhom{number}", f"Nhóm {number}", "line", person, NOW)
        await groups.join(tx, group.id, person, NOW)
        await groups.show_name(tx, group.id, person, NAME)
        await bookmarks.put(tx, person, "tkat.2", 3, NOW)
        new = Beginning(person, "lesson", "tkat.1", False, "v1", 60, [("a", (1, 0))], {"a": {"text": "a"}})
        begun = await attempts.begin(tx, new, NOW)
        await attempts.put_answer(tx, begun.id, 0, "1", True, NOW)
        await reviews.put(tx, person, "tkat.1", "a", NOW, {"stability": 1.5})
        await reminders.set_hour(tx, person, 9, NOW)
        await certificates.issue(tx, f"CERT-{number}", "tkat", "2026-11-24", person, NOW)
        await staff.grant(tx, person, "editor", NOW)
        await conversations.save(tx, {person: Stored(1, {"topic": "a.b"}, NOW)})
        await correspond(tx, external, person, number)
    await complete(database, lesson(person, group_id=group.id), lesson(person, "tkat", kind="course"))
    return person, group


async def correspond(tx: AsyncConnection, external: str, person: int, number: int) -> None:
    """A question that came, was answered and whose answer went out."""
    await inbox.put(tx, [Incoming("telegram", number, external, {"text": WORDS})], NOW)
    (row,) = await inbox.waiting(tx, 10)
    asked = questions.Question(row.id, person, NOW, WORDS, "answer", "a.b", 0.9, (("a.b", 0.9),), "v1", "2026-11")
    await questions.put(tx, [asked])
    await outbox.put(tx, [Outgoing("telegram", external, Lane.INTERACTIVE, {"text": WORDS}, row.id)], NOW)
    await inbox.done(tx, [row.id], NOW)
    (letter,) = await outbox.waiting(tx, "telegram", Lane.INTERACTIVE, 0, 10)
    await outbox.mark(tx, [Mark(letter.id, "sent", 1, 0, NOW, NOW, "55")])


async def erase(database: Database, person: int, receipt: str = "RECEIPT-1") -> None:
    async with database.write() as tx:
        await recording.erase(tx, MEASURES, person, receipt, LATER)


async def query(database: Database, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    async with database.read() as tx:
        return [tuple(row) for row in await tx.execute(text(statement), values)]


async def counted(database: Database) -> dict[tuple[str, ...], int]:
    """The tallies, once it is sure that they are what completions and erased people add up to."""
    async with database.read() as tx:
        assert await tallies.differences(tx, await recording.recount(tx, MEASURES)) == {}
    rows = await query(database, "SELECT dimension, measure, scope, value, month, n FROM tally")
    return {tuple(key): n for *key, n in rows}


def dump(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "test.db")) as beside:
        return "\n".join(beside.iterdump())


async def test_the_external_id_the_name_and_the_words_of_an_erased_person_stand_nowhere(
    database: Database, tmp_path: Path
) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    before = dump(tmp_path)
    assert all(trace in before for trace in (MAI, NAME, WORDS))
    await erase(database, mai)
    after = dump(tmp_path)
    assert not [trace for trace in (MAI, NAME, WORDS) if trace in after]


async def test_an_erased_person_has_rows_in_no_table_of_their_own(database: Database) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    assert not [table for table in OWN_TABLES if not await query(database, f"SELECT 1 FROM {table}")]  # noqa: S608
    await erase(database, mai)
    assert not [table for table in OWN_TABLES if await query(database, f"SELECT 1 FROM {table}")]  # noqa: S608
    assert await query(database, "SELECT 1 FROM person") == []


async def test_no_row_anywhere_refers_to_an_erased_person(database: Database) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    await complete(database, lesson(None, assisted_by=mai))
    await erase(database, mai)
    references = await query(
        database,
        'SELECT m.name, f."from" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f'
        " WHERE m.type = 'table' AND f.\"table\" = 'person'",
    )
    assert len(references) >= 14
    for table, column in references:
        assert await query(database, f"SELECT 1 FROM {table} WHERE {column} = :id", id=mai) == [], table  # noqa: S608


async def test_all_that_others_have_stays(database: Database) -> None:
    lan, _ = await live_fully(database, LAN, 2)
    async with database.read() as tx:
        before = await erasure.everything(tx, lan)
    mai, _ = await live_fully(database, MAI, 1)
    await erase(database, mai)
    async with database.read() as tx:
        assert await erasure.everything(tx, lan) == before
    assert set(before) >= {*OWN_TABLES, "person", "certificate", "question", "learner_group"}


async def test_what_a_person_asked_still_counts_without_their_words(database: Database) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    await erase(database, mai)
    rows = await query(database, "SELECT person_id, words, outcome, topic FROM question")
    assert rows == [(None, None, "answer", "a.b")]


async def test_what_erased_people_completed_still_counts_the_same(database: Database) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    lan, _ = await live_fully(database, LAN, 2)
    hoa = await someone(database, HOA)
    await complete(
        database,
        lesson(mai, "tkat.2", ward=None, age=None, group_kind=None),
        lesson(mai, "tkat.3", day="2026-11-25"),
        lesson(lan, "tkat.2", audience="student"),
        lesson(hoa, audience=None),
        lesson(None, assisted_by=mai),
    )
    before = await counted(database)
    assert before["all", "lessons", "turn", "", "2026-11"] == 6
    await erase(database, mai, "RECEIPT-1")
    assert await counted(database) == before
    await erase(database, lan, "RECEIPT-2")
    assert await counted(database) == before
    assert [person for (person,) in await query(database, "SELECT person_id FROM completion ORDER BY id")] == [
        hoa,
        None,
    ]


async def test_erased_people_stay_as_numbers_by_month_alone(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await complete(database, lesson(mai, correct=5), lesson(lan, correct=4, day="2026-11-25"))
    await erase(database, mai, "RECEIPT-1")
    await erase(database, lan, "RECEIPT-2")
    wards = "SELECT measure, scope, value, month, n FROM erased_tally WHERE dimension = 'ward' AND scope = 'person'"
    assert await query(database, wards) == [
        ("first", "person", "26734", "2026-11", 2),
        ("lessons", "person", "26734", "2026-11", 2),
    ]


async def test_what_an_erased_person_never_said_is_counted_as_not_said(database: Database) -> None:
    mai = await someone(database, MAI)
    await complete(database, lesson(mai, audience=None, ward=None, age=None, group_kind=None))
    await erase(database, mai)
    assert set(await query(database, "SELECT value, n FROM erased_tally")) == {("", 1)}


async def test_lessons_registered_for_others_stay_when_who_registered_them_is_erased(database: Database) -> None:
    mai = await someone(database, MAI)
    await complete(database, lesson(None, assisted_by=mai))
    await erase(database, mai)
    assert await query(database, "SELECT person_id, assisted_by, assisted, correct FROM completion") == [
        (None, None, 1, 4)
    ]
    assert await query(database, "SELECT n FROM erased_tally") == []


async def test_a_certificate_still_checks_without_its_holder(database: Database) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    await erase(database, mai)
    async with database.read() as tx:
        assert await certificates.find(tx, "CERT-1") == Certificate("CERT-1", "tkat", "2026-11-24")
    assert await query(database, "SELECT person_id FROM certificate") == [(None,)]


async def test_the_group_of_an_erased_owner_stays_with_its_other_members(database: Database) -> None:
    mai, group = await live_fully(database, MAI, 1)
    lan = await someone(database, LAN)
    async with database.write() as tx:
        await groups.join(tx, group.id, lan, NOW)
    await erase(database, mai)
    async with database.read() as tx:
        assert await groups.by_code(tx, group.code) == Group(group.id, group.code, group.name, "line", None)
        assert await groups.members(tx, group.id) == [Member(lan, None)]


async def test_a_receipt_says_when_and_leads_to_nobody(database: Database) -> None:
    await erase(database, await someone(database, MAI), "RECEIPT-1")
    async with database.read() as tx:
        assert await erasure.find(tx, "RECEIPT-1") == LATER
        assert await erasure.find(tx, "RECEIPT-2") is None
    assert len(await query(database, "SELECT name FROM pragma_table_info('erasure')")) == 2


async def test_who_comes_back_after_an_erasure_is_a_stranger(database: Database) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    await erase(database, mai)
    again = await someone(database, MAI)
    async with database.read() as tx:
        assert set(await erasure.everything(tx, again)) == {"person"}


async def test_an_erasure_that_is_rolled_back_erases_nothing(database: Database, tmp_path: Path) -> None:
    mai, _ = await live_fully(database, MAI, 1)
    before = dump(tmp_path)
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            await erasure.erase(tx, mai, "RECEIPT-1", LATER)
            raise ZeroDivisionError
    assert dump(tmp_path) == before


async def chats(database: Database, table: str) -> list[str]:
    return [chat for (chat,) in await query(database, f"SELECT chat FROM {table} ORDER BY id")]  # noqa: S608


async def test_an_event_that_still_waits_keeps_its_chat_until_it_is_done(database: Database) -> None:
    async with database.write() as tx:
        await inbox.put(tx, [Incoming("telegram", n, MAI, {"text": "xóa"}) for n in (1, 2)], NOW)
        await inbox.done(tx, [1], NOW)
        await erasure.forget_chat(tx, "telegram", MAI)
    assert await chats(database, "inbox") == ["", MAI]
    async with database.write() as tx:
        await inbox.done(tx, [2], NOW)
        await erasure.forget_chat(tx, "telegram", MAI)
    assert await chats(database, "inbox") == ["", ""]


async def test_a_letter_on_its_way_keeps_its_chat_and_one_whose_fate_is_known_does_not(database: Database) -> None:
    async with database.write() as tx:
        await outbox.put(tx, [Outgoing("telegram", MAI, Lane.BULK, {"text": "nhắc"})] * 5, NOW)
        for id, status in enumerate(("waiting", "sending", "sent", "failed", "unknown"), 1):
            await tx.execute(text("UPDATE outbox SET status = :status WHERE id = :id"), {"status": status, "id": id})
        await erasure.forget_chat(tx, "telegram", MAI)
    assert await chats(database, "outbox") == [MAI, MAI, "", "", ""]


async def test_only_this_chat_of_this_channel_is_forgotten(database: Database) -> None:
    others = [("telegram", LAN), ("console", MAI)]
    async with database.write() as tx:
        await inbox.put(tx, [Incoming(channel, 1, chat, {}) for channel, chat in others], NOW)
        await inbox.done(tx, [1, 2], NOW)
        await outbox.put(tx, [Outgoing(channel, chat, Lane.BULK, {}) for channel, chat in others], NOW)
        await tx.execute(text("UPDATE outbox SET status = 'sent'"))
        await erasure.forget_chat(tx, "telegram", MAI)
    assert await chats(database, "inbox") == await chats(database, "outbox") == [LAN, MAI]


async def test_everything_about_a_person_is_json_and_reads_back_the_same(database: Database) -> None:
    mai, group = await live_fully(database, MAI, 1)
    async with database.read() as tx:
        found = await erasure.everything(tx, mai)
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {*OWN_TABLES, "person", "certificate", "question", "learner_group"}
    assert [(each["external"], each["created_at"]) for each in found["person"]] == [(MAI, NOW.isoformat())]
    assert [each["words"] for each in found["question"]] == [WORDS]
    assert [(each["group_id"], each["shown_name"]) for each in found["membership"]] == [(group.id, NAME)]
    assert [(each["position"], each["given"], each["correct"]) for each in found["answer"]] == [(0, "1", True)]
    assert sorted(each["subject"] for each in found["completion"]) == ["tkat", "tkat.1"]


async def test_everything_holds_what_they_registered_for_others_and_did_as_staff(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    await complete(database, lesson(None, assisted_by=mai), lesson(None, "tkat.2", assisted_by=lan))
    async with database.write() as tx:
        for actor in (mai, lan, None):
            await audit.record(tx, audit.Entry(NOW, actor, "assist", f"tkat.{actor}"))
        found = await erasure.everything(tx, mai)
    assert [(each["subject"], each["person_id"]) for each in found["completion_for_others"]] == [("tkat.1", None)]
    assert [(each["action"], each["subject"]) for each in found["audit"]] == [("assist", f"tkat.{mai}")]


async def test_the_files_of_the_database_keep_no_byte_of_an_erased_person(database: Database, tmp_path: Path) -> None:
    """Deleted rows would otherwise lie in their pages, and older pages in the write-ahead log."""
    traces = [each.encode() for each in (MAI, NAME, WORDS)]
    mai, _ = await live_fully(database, MAI, 1)
    await live_fully(database, LAN, 2)
    assert all(trace in raw(tmp_path) for trace in traces)
    await erase(database, mai)
    async with database.write() as tx:
        await groups.show_name(tx, 2, 2, None)  # Lan shows the same name
        await tx.execute(text("UPDATE question SET words = ''"))  # and asked the same
        await tx.execute(text("UPDATE inbox SET event = '{}'"))
        await tx.execute(text("UPDATE outbox SET reply = '{}'"))
    await database.scrub()
    assert not [trace for trace in traces if trace in raw(tmp_path)]
    assert LAN.encode() in raw(tmp_path)


def raw(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))


async def test_the_log_is_scrubbed_while_others_write_and_read(database: Database) -> None:
    mai = await someone(database, MAI)
    async with database.read() as tx:
        await tx.execute(text("SELECT 1 FROM person"))
        await database.scrub()  # a reader holds part of the log: no error, the next time it goes
    await asyncio.gather(database.scrub(), someone(database, LAN), erase(database, mai), database.scrub())
    assert await query(database, "SELECT external FROM person") == [(LAN,)]


async def test_everything_about_a_person_holds_nothing_of_anyone_else(database: Database) -> None:
    await live_fully(database, MAI, 1)
    lan = await someone(database, LAN)
    async with database.read() as tx:
        found = await erasure.everything(tx, lan)
    assert {table: len(rows) for table, rows in found.items()} == {"person": 1}
    assert found["person"][0]["external"] == LAN


async def test_the_number_of_an_erased_person_is_never_given_again(database: Database) -> None:
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    address = ("telegram", "1")
    async with database.write() as tx:
        first = (await people.ensure(tx, {address}, now))[address]
        await erasure.erase(tx, first.id, "R2", now)
        again = (await people.ensure(tx, {address}, now))[address]
    assert again.id > first.id
