"""Figures for learning: quiz answers a second, who is due among many learners, certificates.

Each function returns figures by name; docs/bench.md says what each name means.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import zip_longest
from random import Random
from typing import Any

import numpy as np
from sqlalchemy import func, select

from bot.app import Core
from bot.clock import SystemClock
from bot.content.lessons import Lesson
from bot.dialogue.actions import encode
from bot.dialogue.events import Event
from bot.dialogue.state import State
from bot.learning.codes import new_code, spelled
from bot.learning.quiz import freeze, shuffled, thaw
from bot.learning.reviews import DAILY, first
from bot.pictures import files
from bot.storage import attempts, people, profiles, reminders, reviews
from bot.storage.attempts import Beginning
from bot.storage.database import Database, Synchronous
from bot.storage.inbox import Incoming
from bot.storage.learning_tables import answer, attempt, completion
from bot.storage.people import Person
from tests.bench import whole_path

CHATS = 200
QUIZZES = 3  # of each chat
WRONG = 5  # every such answer is a wrong one
LEARNERS = 1_000_000
DUE = 1500  # of them, now
RUNS = 20
CERTIFICATES = 60


async def learning(core: Core) -> dict[str, float]:
    """All of it."""
    figures: dict[str, float] = {}
    settings: tuple[Synchronous, Synchronous] = ("normal", "full")
    for synchronous in settings:
        figures[f"learning_answers_per_s_{synchronous}"] = await answers(core, synchronous)
    return figures | await due() | certificates(core)


async def answers(core: Core, synchronous: Synchronous) -> float:
    """Quiz answers a second through the whole path; every quiz is answered to its end."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/bench.db", synchronous)
        events = await _quizzes(core, database)
        elapsed = await whole_path.seconds(core, database, events)
        async with database.read() as tx:
            kept = await tx.scalar(select(func.count()).select_from(answer))
            still_open = await tx.scalar(select(func.count()).where(attempt.c.finished_at.is_(None)))
            completed = await tx.scalar(select(func.count()).select_from(completion))
        await database.close()
    assert (kept, still_open) == (len(events), 0), f"{kept} of {len(events)} answers, {still_open} open"
    assert completed, "nobody passed"
    return round(len(events) / elapsed, 1)


async def _quizzes(core: Core, database: Database) -> list[Incoming]:
    """Begin the quizzes of all chats; the answers, one of each chat in turn, a chat's own in their order."""
    chance, now = Random(1), SystemClock().now()
    lessons = [lesson for lesson in core.office.catalogue.lessons() if _singles(lesson)]
    chats: list[list[tuple[str, str]]] = []
    async with database.write() as tx:
        found = await people.ensure(tx, [("telegram", str(chat)) for chat in range(CHATS)], now)
        for number, person in enumerate(found.values()):
            assert core.office.consent is not None
            await profiles.agree(tx, person.id, core.office.consent.version, now)
            for name in ("audience", "ward", "age"):
                await profiles.set_field(tx, person.id, name, None)
            given: list[tuple[str, str]] = []
            for turn in range(QUIZZES):
                lesson = lessons[(number * QUIZZES + turn) % len(lessons)]
                begun = _beginning(core, person, lesson, chance)
                id = (await attempts.begin(tx, begun, now)).id
                for position, (digest, order) in enumerate(begun.items):
                    right = int(thaw(begun.questions[digest], order).solution)
                    wrong = (number + len(given)) % WRONG == 0
                    given.append((person.external, encode("give", id, position, (right + wrong) % len(order))))
            chats.append(given)
    in_turn = [each for round_ in zip_longest(*chats) for each in round_ if each]
    return [
        Incoming("telegram", number, chat, Event("action", data, "1").to_json())
        for number, (chat, data) in enumerate(in_turn)
    ]


def _singles(lesson: Lesson) -> list[Any]:
    return [question for question in lesson.questions if question.kind == "single"]


def _beginning(core: Core, person: Person, lesson: Lesson, chance: Random) -> Beginning:
    """The quiz of a lesson as the desk begins it, of its single choices only."""
    course = core.office.catalogue.courses[lesson.id.split(".", 1)[0]]
    asked = _singles(lesson)[: course.about.draw]
    frozen = [(freeze(lesson.id, question), shuffled(question, chance)) for question in asked]
    items = [(digest, order) for (digest, _), order in frozen]
    mark = round(course.about.pass_mark * 100)
    kept = {digest: data for (digest, data), _ in frozen}
    return Beginning(person.id, "lesson", lesson.id, False, course.version, mark, items, kept)


async def due() -> dict[str, float]:
    """Milliseconds to find who is reminded now among LEARNERS, and one learner's reviews among twice as many."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/bench.db")
        _fill(f"{folder}/bench.db", now)

        async def pick(_: int, tx: Any) -> None:
            assert len(await reminders.due(tx, "telegram", now, DUE)) == DUE

        async def reviews_of_one(run: int, tx: Any) -> None:
            assert len(await reviews.due(tx, 1 + run * (LEARNERS // RUNS), now, DAILY)) == 2

        figures = await _timed("reminders_pick_ms", database, pick)
        figures |= await _timed("reviews_due_ms", database, reviews_of_one)
        await database.close()
    return figures


async def _timed(name: str, database: Database, query: Callable[[int, Any], Awaitable[None]]) -> dict[str, float]:
    times = []
    for run in range(RUNS):
        async with database.write() as tx:  # as the product does
            start = time.perf_counter()
            await query(run, tx)
            times.append((time.perf_counter() - start) * 1000)
    return {f"{name}_median": round(float(np.median(times)), 2), f"{name}_max": round(max(times), 2)}


def _fill(path: str, now: dt.datetime) -> None:
    """Due times spread over a day and over the table: neighbours in time are no neighbours on disk."""
    ms = round(now.timestamp() * 1000)
    day = 24 * 3600 * 1000
    _, card = first(True, now)
    values = {
        "n": LEARNERS,
        "now": ms,
        "seen": ms - day,
        "state": json.dumps(State().to_json()),
        "card": json.dumps(card),
        "step": 618_033,  # shares no factor with LEARNERS: every place in the day is taken once
        "due": DUE,
        "gap": day / LEARNERS,
    }
    numbers = "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :n) "
    into = [
        "INSERT INTO person (id, channel, external, created_at) "
        "{numbers} SELECT i, 'telegram', CAST(1000000000 + i AS TEXT), :seen FROM numbers",
        "INSERT INTO conversation (person_id, version, state, updated_at) "
        "{numbers} SELECT i, 1, :state, :seen FROM numbers",
        "INSERT INTO reminder (person_id, hour, next_at) "
        "{numbers} SELECT i, 19, CAST(:now + (i * :step % :n - :due + 1) * :gap AS INTEGER) FROM numbers",
        "INSERT INTO review (person_id, lesson, question, due_at, card) {numbers} "
        "SELECT i, 'an_toan.lua_dao', 'q' || q, :now - i % 1000, :card "
        "FROM numbers, (SELECT 1 AS q UNION ALL SELECT 2)",
    ]
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA synchronous = OFF")
    plain.execute("PRAGMA cache_size = -500000")
    plain.execute("BEGIN")
    for statement in into:
        plain.execute(statement.format(numbers=numbers), values)
    plain.execute("COMMIT")
    plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()


def certificates(core: Core) -> dict[str, float]:
    """Milliseconds to make one, as the sender does; the first, which loads fonts and libraries, is not counted."""
    say = core.texts["vi"]
    site, chance = core.office.site.name, Random(1)
    titles = [course.about.title for course in core.office.catalogue.courses.values()]
    names = ("Nguyễn Thị Thu Hằng", "Trần Văn Đức", "Lê Ngọc Quỳnh Như", "Phạm Hữu Nghĩa", "Đỗ Mỹ Uyên")
    figures: dict[str, float] = {}
    for kind in ("certificate_png", "certificate_pdf"):
        times = []
        for run in range(CERTIFICATES + 1):
            code = new_code(chance, 10)
            data = {
                "site": site,
                "heading": say("cert.heading"),
                "lead": say("cert.lead", site=site),
                "name": names[run % len(names)],
                "statement": say("cert.statement"),
                "course": titles[run % len(titles)],
                "dated": say("cert.dated", day=24, month=11, year=2026),
                "code": spelled(code),
                "check": core.office.link(f"ktra-{code}"),
                "how_to_check": say("cert.how", site=site, code=spelled(code)),
                "note": say("cert.note"),
            }
            start = time.perf_counter()
            files.make(kind, data)
            times.append((time.perf_counter() - start) * 1000)
        p50, p99 = np.percentile(times[1:], (50, 99))
        figures |= {f"{kind}_p50_ms": round(float(p50), 1), f"{kind}_p99_ms": round(float(p99), 1)}
    return figures
