"""From the inbox to the outbox: many chats' events share one transaction, and none is handled twice.

A batch is optimistic. If anything in it fails, the whole transaction is rolled back and its events are handled one by
one; an event that fails alone is closed with its error, and the person is told, so that nobody's chat is stuck.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.dialogue import desk
from bot.dialogue.desk import Office, Visit
from bot.dialogue.events import Event
from bot.dialogue.replies import Reply
from bot.dialogue.respond import Dialogue
from bot.dialogue.state import State, current
from bot.dialogue.turns import (
    Asked,
    Chosen,
    Erased,
    Errand,
    LanguageChosen,
    Letter,
    Record,
    Situation,
    Stopped,
    Turn,
    Verdict,
)
from bot.redaction import redact
from bot.storage import conversations, erasure, inbox, outbox, people, questions, staff, tickets
from bot.storage.conversations import ConversationChanged, Stored
from bot.storage.database import Database
from bot.storage.inbox import Waiting
from bot.storage.outbox import Lane, Outgoing
from bot.storage.people import Address, Person

BATCH = 64
RETRY_SECONDS = 1.0  # after the database itself failed

Fit = Callable[[Reply], Sequence[Reply]]
"""Cut a reply into messages that a channel can carry."""

log = structlog.get_logger("bot.worker")


class Worker:
    """``run`` until cancelled, or ``step`` by hand. ``on_replies`` is called after each commit that wrote letters."""

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        office: Office,
        clock: Clock,
        fits: Mapping[str, Fit],
        on_replies: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._dialogue = dialogue
        self._office = office
        self._clock = clock
        self._fits = fits
        self._on_replies = on_replies
        self._zone = ZoneInfo(dialogue.asking.site.time_zone)
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something is in the inbox."""
        self._wake.set()

    async def run(self) -> None:
        while True:
            self._wake.clear()
            try:
                while await self.step():
                    pass
            except Exception:  # the database failed, not an event: wait and go on, nothing is lost
                log.exception("the inbox could not be worked on")
                await self._clock.sleep(RETRY_SECONDS)
                continue
            await self._wake.wait()

    async def step(self) -> int:
        """Handle the oldest events; how many there were. Raises OperationalError while the database cannot write."""
        try:
            count = await self._handle(BATCH)
        except OperationalError:
            raise
        except Exception:
            log.exception("a batch failed; its events are handled one by one")
            count = await self._one_by_one()
        if count:
            self._on_replies()
        return count

    async def _one_by_one(self) -> int:
        handled = 0
        for _ in range(BATCH):
            try:
                done = await self._handle(1)
            except OperationalError:
                raise
            except ConversationChanged:
                continue
            except Exception as error:
                done = await self._give_up(error)
            handled += done
            if not done:
                break
        return handled

    async def _handle(self, most: int) -> int:
        now = self._clock.now()
        async with self._database.write() as tx:
            waiting = await inbox.waiting(tx, most)
            if not waiting:
                return 0
            batch = await _Batch.load(tx, waiting, now, self._zone)
            for row in waiting:
                person = await batch.person(tx, row)
                turn = self._dialogue.respond(Event.from_json(row.event), self._situation(row, person, batch, now))
                if turn.errand:
                    turn = await self._run_errand(tx, turn.errand, turn, person, batch, now)
                batch.add(row, person, turn, self._fits)
                if turn.letters:  # whoever is written to may be in a talk now, or in none any more
                    await batch.look_up_lines(tx)
            await batch.store(tx)
        if batch.erased:
            with suppress(OperationalError):  # it is tried again within the hour, as it is for the receipt itself
                await self._database.scrub()
        return len(waiting)

    async def _give_up(self, error: Exception) -> int:
        """Close the oldest event with its error; the person is told."""
        log.exception("an event could not be handled", exc_info=error)
        now = self._clock.now()
        async with self._database.write() as tx:
            waiting = await inbox.waiting(tx, 1)
            for row in waiting:
                reply = self._dialogue.failure(None)
                await outbox.put(tx, [Outgoing(row.channel, row.chat, Lane.INTERACTIVE, reply.to_json(), row.id)], now)
                await inbox.done(tx, [row.id], now, redact(repr(error))[:500])
        return len(waiting)

    async def _run_errand(
        self, tx: AsyncConnection, errand: Errand, so_far: Turn, person: Person, batch: _Batch, now: dt.datetime
    ) -> Turn:
        """What the desk makes of it, after what the dialogue has said already."""
        granted = await staff.roles_of(tx, person.id)
        visit = Visit(
            office=self._office,
            tx=tx,
            person=person,
            state=so_far.state,
            say=self._dialogue.say(batch.language(person)),
            texts=self._dialogue.say,
            now=now,
            today=now.astimezone(self._zone).date(),
            roles=self._office.authority.roles(person.channel, person.external, granted),
            message=errand.message,
            text=errand.text,
            file=errand.file,
        )
        turn = await desk.run(errand, visit)
        asked = next((record.decision.to_json() for record in so_far.records if isinstance(record, Asked)), None)
        replies = tuple(replace(reply, decision=asked) for reply in turn.replies)
        return replace(turn, replies=so_far.replies + replies, records=so_far.records + turn.records)

    def _situation(self, row: Waiting, person: Person, batch: _Batch, now: dt.datetime) -> Situation:
        state = batch.state(person.id)
        today = now.astimezone(self._zone).date()
        return Situation(row.id, state, batch.language(person), today, batch.line(person))


def _whole(reply: Reply) -> Sequence[Reply]:
    """For a channel that another process serves."""
    return [reply]


class _Batch:
    """What one transaction reads and writes; a chat's later events see the effects of its earlier ones."""

    def __init__(
        self, people: dict[Address, Person], stored: dict[int, Stored], now: dt.datetime, zone: dt.tzinfo
    ) -> None:
        self._people = people
        self._zone = zone
        self._stored = stored
        self._now = now
        self._states: dict[int, State] = {}
        self._languages: dict[int, str] = {}
        self._lines: dict[int, tickets.Side] = {}
        self._letters: list[Outgoing] = []
        self._records: list[tuple[Waiting, Person, Record]] = []
        self._done: list[int] = []
        self._erased: list[Address] = []

    @classmethod
    async def load(cls, tx: AsyncConnection, waiting: Sequence[Waiting], now: dt.datetime, zone: dt.tzinfo) -> _Batch:
        found = await people.ensure(tx, {(row.channel, row.chat) for row in waiting}, now)
        stored = await conversations.load(tx, [person.id for person in found.values()])
        batch = cls(found, stored, now, zone)
        await batch.look_up_lines(tx)
        return batch

    async def person(self, tx: AsyncConnection, row: Waiting) -> Person:
        """Whose event it is; someone who has just been erased starts anew."""
        address = (row.channel, row.chat)
        if address not in self._people:
            self._people |= await people.ensure(tx, {address}, self._now)
        return self._people[address]

    @property
    def erased(self) -> bool:
        """Whether anyone was."""
        return bool(self._erased)

    def state(self, person_id: int) -> State:
        if person_id in self._states:
            return self._states[person_id]
        stored = self._stored.get(person_id)
        return current(State.from_json(stored.state), stored.updated_at, self._now) if stored else State()

    def language(self, person: Person) -> str | None:
        return self._languages.get(person.id, person.language)

    def line(self, person: Person) -> str:
        """On which side of a talk they are; empty: on none."""
        return self._lines.get(person.id, "")

    async def look_up_lines(self, tx: AsyncConnection) -> None:
        self._lines = await tickets.lines(tx, [person.id for person in self._people.values()])

    def add(self, row: Waiting, person: Person, turn: Turn, fits: Mapping[str, Fit]) -> None:
        self._states[person.id] = turn.state
        own = [Letter(row.channel, row.chat, reply) for reply in turn.replies]
        messages = [
            (letter, message)
            for letter in (*own, *turn.letters)
            for message in fits.get(letter.channel, _whole)(letter.reply)
        ]
        self._letters += [
            Outgoing(letter.channel, letter.chat, Lane.INTERACTIVE, message.to_json(), row.id, position)
            for position, (letter, message) in enumerate(messages)
        ]
        self._done.append(row.id)
        if Erased() in turn.records:
            self._forget(row, person)
            return
        self._records += [(row, person, record) for record in turn.records]
        for record in turn.records:
            if isinstance(record, LanguageChosen):
                self._languages[person.id] = record.language
        if person.stopped_at and not any(isinstance(record, Stopped) for record in turn.records):
            self._records.append((row, person, Stopped(False)))

    def _forget(self, row: Waiting, person: Person) -> None:
        """Nothing of this batch may bring an erased person back."""
        address = (row.channel, row.chat)
        del self._people[address]
        self._states.pop(person.id, None)
        self._stored.pop(person.id, None)
        self._records = [each for each in self._records if each[1].id != person.id]
        self._erased.append(address)

    async def store(self, tx: AsyncConnection) -> None:
        await conversations.save(tx, {id: self._next(id, state) for id, state in self._states.items()})
        await questions.put(tx, [question for each in self._records if (question := self._question(*each))])
        for row, person, record in self._records:
            await self._apply(tx, row, person, record)
        await outbox.put(tx, self._letters, self._now)
        await inbox.done(tx, self._done, self._now)
        for address in self._erased:
            await erasure.forget_chat(tx, *address)

    def _next(self, person_id: int, state: State) -> Stored:
        before = self._stored.get(person_id)
        return Stored(before.version + 1 if before else 1, state.to_json(), self._now)

    def _question(self, row: Waiting, person: Person, record: Record) -> questions.Question | None:
        if not isinstance(record, Asked):
            return None
        decision = record.decision
        return questions.Question(
            id=row.id,
            person_id=person.id,
            asked_at=row.received_at,
            words=record.words,
            outcome=decision.kind,
            topic=decision.topic or None,
            probability=decision.probability,
            candidates=tuple((candidate.topic, round(candidate.probability, 4)) for candidate in decision.candidates),
            content_version=record.content_version,
            month=f"{row.received_at.astimezone(self._zone):%Y-%m}",
            outside=decision.outside or None,
        )

    async def _apply(self, tx: AsyncConnection, row: Waiting, person: Person, record: Record) -> None:
        match record:
            case Verdict(question, right):
                if not await questions.give_verdict(tx, question, person.id, right, self._now):
                    log.warning("a verdict on a question that is not theirs", person=person.id)
            case Chosen(question, topic):
                await questions.choose(tx, question, person.id, topic)
            case LanguageChosen(language):
                await people.set_language(tx, person.id, language)
            case Stopped(stopped):
                await people.set_stopped(tx, [(row.channel, row.chat)], self._now if stopped else None)
