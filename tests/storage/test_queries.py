from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from bot.storage import conversations, inbox, outbox, people, questions
from bot.storage.conversations import ConversationChanged, Stored
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane, Mark, Outgoing

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


def incoming(update_id: int, chat: str = "7") -> Incoming:
    return Incoming("telegram", update_id, chat, {"kind": "text", "text": f"câu {update_id}", "message": ""})


async def put_letters(database: Database, *letters: Outgoing) -> list[outbox.Letter]:
    async with database.write() as tx:
        await outbox.put(tx, letters, NOW)
        return await outbox.waiting(tx, "telegram", Lane.INTERACTIVE, 0, 100)


def letter(chat: str = "7", lane: Lane = Lane.INTERACTIVE) -> Outgoing:
    return Outgoing("telegram", chat, lane, {"text": "chào"})


async def test_an_update_that_arrives_twice_is_one_row(database: Database) -> None:
    for _ in range(3):
        async with database.write() as tx:
            await inbox.put(tx, [incoming(1), incoming(1), incoming(2)], NOW)
    async with database.read() as tx:
        assert [row.event["text"] for row in await inbox.waiting(tx, 10)] == ["câu 1", "câu 2"]


async def test_events_wait_in_the_order_the_channel_numbered_them(database: Database) -> None:
    async with database.write() as tx:
        await inbox.put(tx, [incoming(3)], NOW)
        await inbox.put(tx, [incoming(1), incoming(2)], NOW)
        assert [row.event["text"] for row in await inbox.waiting(tx, 2)] == ["câu 1", "câu 2"]


async def test_a_handled_event_forgets_its_words_but_is_still_known(database: Database) -> None:
    async with database.write() as tx:
        await inbox.put(tx, [incoming(1)], NOW)
        (row,) = await inbox.waiting(tx, 10)
        await inbox.done(tx, [row.id], NOW)
        await inbox.put(tx, [incoming(1)], NOW)
        assert await inbox.waiting(tx, 10) == []
        assert (await tx.execute(text("SELECT event FROM inbox"))).scalar() is None


async def test_old_handled_events_are_forgotten_and_their_numbers_never_used_again(database: Database) -> None:
    async with database.write() as tx:
        await inbox.put(tx, [incoming(1)], NOW)
        (first,) = await inbox.waiting(tx, 10)
        await inbox.done(tx, [first.id], NOW)
        assert await inbox.prune(tx, NOW) == 0
        assert await inbox.prune(tx, LATER) == 1
        await inbox.put(tx, [incoming(2)], NOW)
        (second,) = await inbox.waiting(tx, 10)
    assert second.id > first.id


async def test_a_person_is_created_once_however_often_they_write(database: Database) -> None:
    async with database.write() as tx:
        first = await people.ensure(tx, {("telegram", "7"), ("console", "7")}, NOW)
        again = await people.ensure(tx, {("telegram", "7")}, LATER)
    assert first["telegram", "7"] == again["telegram", "7"]
    assert first["telegram", "7"].id != first["console", "7"].id


async def test_a_person_can_stop_and_come_back(database: Database) -> None:
    key = ("telegram", "7")
    async with database.write() as tx:
        await people.ensure(tx, {key}, NOW)
        await people.set_stopped(tx, [key], LATER)
        assert (await people.ensure(tx, {key}, NOW))[key].stopped_at == LATER
        await people.set_stopped(tx, [key], None)
        assert (await people.ensure(tx, {key}, NOW))[key].stopped_at is None


async def test_two_writers_of_one_conversation_cannot_both_win(database: Database) -> None:
    async with database.write() as tx:
        id = (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id
        await conversations.save(tx, {id: Stored(1, {"topic": "a"}, NOW)})
        await conversations.save(tx, {id: Stored(2, {"topic": "b"}, NOW)})
    with pytest.raises(ConversationChanged):
        async with database.write() as tx:
            await conversations.save(tx, {id: Stored(2, {"topic": "c"}, NOW)})
    async with database.read() as tx:
        assert await conversations.load(tx, [id]) == {id: Stored(2, {"topic": "b"}, NOW)}


async def ask(database: Database, id: int = 1) -> int:
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id
        asked = questions.Question(id, person, NOW, "câu", "answer", "a.b", 0.9, (("a.b", 0.9),), "v1", "2026-11")
        await questions.put(tx, [asked])
    return person


async def test_only_the_asker_gives_a_verdict_and_the_last_one_counts(database: Database) -> None:
    person = await ask(database)
    async with database.write() as tx:
        assert not await questions.give_verdict(tx, 1, person + 1, True, NOW)
        assert not await questions.give_verdict(tx, 2, person, True, NOW)
        assert await questions.give_verdict(tx, 1, person, True, NOW)
        assert await questions.give_verdict(tx, 1, person, False, NOW)
        assert (await tx.execute(text("SELECT verdict FROM question"))).scalar() == 0


async def test_words_are_forgotten_after_a_while_and_the_outcome_stays(database: Database) -> None:
    await ask(database)
    async with database.write() as tx:
        assert await questions.forget_words(tx, NOW) == 0
        assert await questions.forget_words(tx, LATER) == 1
        assert tuple((await tx.execute(text("SELECT words, outcome FROM question"))).one()) == (None, "answer")


async def test_an_unknown_outcome_or_status_is_refused_by_the_database(database: Database) -> None:
    await ask(database)
    for statement in ("UPDATE question SET outcome = 'x'", "UPDATE question SET verdict = 2"):
        with pytest.raises(Exception, match="CHECK constraint failed"):
            async with database.write() as tx:
                await tx.execute(text(statement))


async def test_a_sent_letter_forgets_its_text(database: Database) -> None:
    (row,) = await put_letters(database, letter())
    async with database.write() as tx:
        await outbox.sending(tx, [row.id])
        await outbox.mark(tx, [Mark(row.id, "sent", 1, 0, NOW, NOW, "55")])
        found = (await tx.execute(text("SELECT status, reply, message FROM outbox"))).one()
    assert tuple(found) == ("sent", None, "55")


async def test_a_letter_that_waits_again_keeps_its_text(database: Database) -> None:
    (row,) = await put_letters(database, letter())
    async with database.write() as tx:
        await outbox.mark(tx, [Mark(row.id, "waiting", 1, 0, LATER, error="500")])
        (again,) = await outbox.waiting(tx, "telegram", Lane.INTERACTIVE, 0, 10)
    assert (again.reply, again.attempts, again.not_before) == ({"text": "chào"}, 1, LATER)


async def test_after_a_crash_replies_go_again_and_bulk_letters_stay_unknown(database: Database) -> None:
    async with database.write() as tx:
        await outbox.put(tx, [letter("1"), letter("2", Lane.BULK), letter("3")], NOW)
        await outbox.sending(tx, [1, 2])
    async with database.write() as tx:
        assert await outbox.recover(tx, "telegram") == 2
        assert await outbox.tally(tx) == {"waiting": 2, "unknown": 1, "unknowns": 2}
        assert [row.unknowns for row in await outbox.waiting(tx, "telegram", Lane.INTERACTIVE, 0, 10)] == [1, 0]


async def test_the_replies_to_one_event_are_written_once(database: Database) -> None:
    async with database.write() as tx:
        await inbox.put(tx, [incoming(1)], NOW)
        await outbox.put(tx, [Outgoing("telegram", "7", Lane.INTERACTIVE, {}, 1, 0)], NOW)
    with pytest.raises(Exception, match="UNIQUE constraint failed"):
        async with database.write() as tx:
            await outbox.put(tx, [Outgoing("telegram", "7", Lane.INTERACTIVE, {}, 1, 0)], NOW)


async def test_only_letters_whose_fate_is_decided_are_forgotten(database: Database) -> None:
    rows = await put_letters(database, letter("1"), letter("2"))
    async with database.write() as tx:
        await outbox.mark(tx, [Mark(rows[0].id, "sent", 1, 0, NOW, NOW)])
        assert await outbox.prune(tx, LATER) == 1
        assert await outbox.tally(tx) == {"waiting": 1, "unknowns": 0}
