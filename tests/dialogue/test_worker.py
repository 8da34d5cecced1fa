from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.dialogue.desk import Office
from bot.dialogue.events import Event
from bot.dialogue.replies import Reply
from bot.dialogue.respond import Dialogue
from bot.dialogue.state import State
from bot.dialogue.turns import Situation, Turn
from bot.dialogue.worker import Worker
from bot.i18n import Texts
from bot.storage import conversations, inbox, outbox, people
from bot.storage.conversations import Stored
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane
from tests.clock import VirtualClock

Make = Callable[..., Worker]


class Fragile:
    """A dialogue that breaks on one word."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self.asking = dialogue.asking

    def respond(self, event: Event, at: Situation) -> Turn:
        if event.text == "bom":
            raise ZeroDivisionError("bom 074201001234")
        return self._dialogue.respond(event, at)

    def say(self, language: str | None) -> Texts:
        return self._dialogue.say(language)

    def failure(self, language: str | None) -> Reply:
        return self._dialogue.failure(language)


@pytest.fixture
def worker(office: Office) -> Make:
    def make(database: Database, dialogue: Any, clock: VirtualClock) -> Worker:
        return Worker(database, dialogue, office, clock, {"telegram": lambda reply: [reply]})

    return make


async def receive(database: Database, clock: VirtualClock, *events: tuple[int, str, Event]) -> None:
    rows = [Incoming("telegram", update_id, chat, event.to_json()) for update_id, chat, event in events]
    async with database.write() as tx:
        await inbox.put(tx, rows, clock.now())


async def replies(database: Database) -> list[tuple[str, str]]:
    async with database.read() as tx:
        letters = await outbox.waiting(tx, "telegram", Lane.INTERACTIVE, 0, 100)
    return [(letter.chat, Reply.from_json(letter.reply).text) for letter in letters]


async def one(database: Database, query: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(query))).scalar()


async def test_an_event_becomes_a_reply_a_record_and_a_state_in_one_transaction(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    await receive(database, clock, (1, "7", Event("text", "mất căn cước làm lại sao")))
    assert await worker(database, dialogue, clock).step() == 1
    ((chat, said),) = await replies(database)
    assert chat == "7"
    assert "cancuoc.mat" in said
    assert await one(database, "SELECT topic FROM question") == "cancuoc.mat"
    assert '"topic":"cancuoc.mat"' in await one(database, "SELECT state FROM conversation")
    assert await one(database, "SELECT count(*) FROM inbox WHERE done_at IS NULL") == 0


async def test_events_of_one_chat_see_the_effects_of_earlier_ones_in_the_same_batch(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    await receive(database, clock, (2, "7", Event("command", "help")), (1, "7", Event("action", "lang:en")))
    await worker(database, dialogue, clock).step()
    assert [said.split(".")[0] for _, said in await replies(database)] == [
        "The interface is now in English",
        "Type a question; the answer comes with its source and the date it was checked",
    ]


async def test_what_a_chat_is_in_the_middle_of_ends_after_a_quarter_of_an_hour(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    handler = worker(database, dialogue, clock)
    state = State(offered=("dvc.nop_ho_so",), question=1)
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", "7")}, clock.now()))["telegram", "7"]
        await conversations.save(tx, {person.id: Stored(1, state.to_json(), clock.now())})
    clock.move(15 * 60 + 1)
    await receive(database, clock, (1, "7", Event("text", "1")))
    await handler.step()
    ((_, said),) = await replies(database)
    assert "Việc dvc.nop_ho_so" not in said


async def test_an_event_that_cannot_be_handled_is_closed_and_holds_up_nobody(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    events = [(n, str(n), Event("text", "bom" if n == 2 else "xin chào")) for n in range(1, 5)]
    await receive(database, clock, *events)
    assert await worker(database, Fragile(dialogue), clock).step() == 4
    said = dict(await replies(database))
    assert "gặp trục trặc" in said["2"]
    assert all("Xin chào" in said[chat] for chat in ("1", "3", "4"))
    assert await one(database, "SELECT error FROM inbox WHERE update_id = 2") == "ZeroDivisionError('bom [số]')"


async def test_while_the_database_cannot_write_an_event_stays_in_the_inbox(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    await receive(database, clock, (1, "7", Event("text", "xin chào")))
    async with database.write() as tx:
        await tx.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END")
        )
    handler = worker(database, dialogue, clock)
    with pytest.raises(Exception, match="disk full"):
        await handler._handle(64)
    assert await one(database, "SELECT count(*) FROM inbox WHERE done_at IS NULL") == 1


async def test_a_database_error_is_raised_not_blamed_on_an_event(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    await receive(database, clock, (1, "7", Event("text", "xin chào")))
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE outbox RENAME TO gone"))
    with pytest.raises(OperationalError):
        await worker(database, dialogue, clock).step()
    assert await one(database, "SELECT count(*) FROM inbox WHERE done_at IS NULL") == 1


async def test_someone_who_writes_again_is_no_longer_stopped(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    handler = worker(database, dialogue, clock)
    await receive(database, clock, (1, "7", Event("stopped")))
    await handler.step()
    assert await one(database, "SELECT stopped_at FROM person") is not None
    await receive(database, clock, (2, "7", Event("text", "xin chào")))
    await handler.step()
    assert await one(database, "SELECT stopped_at FROM person") is None


async def test_a_verdict_on_someone_else_s_question_changes_nothing(
    database: Database, dialogue: Dialogue, clock: VirtualClock, worker: Make
) -> None:
    handler = worker(database, dialogue, clock)
    await receive(database, clock, (1, "7", Event("text", "mất căn cước")), (2, "8", Event("action", "wrong:1")))
    await handler.step()
    assert await one(database, "SELECT verdict FROM question") is None
    await receive(database, clock, (3, "7", Event("action", "wrong:1")))
    await handler.step()
    assert await one(database, "SELECT verdict FROM question") == 0


async def test_a_reply_too_long_for_the_channel_becomes_several_letters_in_order(
    database: Database, dialogue: Dialogue, clock: VirtualClock, office: Office
) -> None:
    handler = Worker(
        database,
        dialogue,
        office,
        clock,
        {"telegram": lambda reply: [replace(reply, text=part) for part in ("một", "hai")]},
    )
    await receive(database, clock, (1, "7", Event("text", "xin chào")))
    await handler.step()
    assert [said for _, said in await replies(database)] == ["một", "hai"]
