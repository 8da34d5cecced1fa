"""Whoever reports for one ward sees that ward alone, and reads once a month what is missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.dialogue.unit_letters import UnitLetters
from bot.learning.codes import new_code
from bot.staff import appointing
from bot.storage import outbox, people
from bot.storage.database import Database
from bot.storage.outbox import Lane
from tests.clock import VirtualClock
from tests.learner import Learner
from tests.metrics_formats.conftest import filled, load, metrics

__all__ = ["filled", "metrics"]  # fixtures

WARD = "25747"
TOKEN = new_code(Random(3), appointing.TOKEN)


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    found = load(tmp_path / "figures")
    return dataclasses.replace(office, metrics=found, measures=found.measures, places=found.places)


@pytest.fixture
async def analyst(filled: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    """Invited for one ward."""
    learner = Learner(filled, dialogue, office, clock, chat="4711")
    async with filled.write() as tx:
        await appointing.invite(tx, TOKEN, "analyst", None, clock.now(), dt.timedelta(days=1), WARD)
    await learner.says(f"/start moi-{TOKEN}")
    return learner


async def test_a_report_for_one_ward_stays_with_that_ward_whatever_is_asked(analyst: Learner) -> None:
    for asked in ("/baocao", "/baocao 2026-Q4", "report:2026.q4:all", "report:2026.q4:ward.25750"):
        await (analyst.says(asked) if asked.startswith("/") else analyst.sends(asked))
        file = analyst.seen[0].file
        assert file is not None and file.name.endswith(f"ward-{WARD}.png")
    await analyst.sends("reportfile:xlsx:2026.q4:all")
    file = analyst.seen[0].file
    assert file is not None and file.name.endswith(f"ward-{WARD}.xlsx")


async def test_an_invitation_for_a_ward_says_so_in_the_audit_record(analyst: Learner, filled: Database) -> None:
    async with filled.read() as tx:
        rows = list(await tx.scalars(text("SELECT after FROM audit WHERE action IN ('invite', 'grant')")))
    assert all(WARD in str(after) for after in rows) and len(rows) == 2


async def test_once_a_month_they_read_what_is_missing(
    analyst: Learner, filled: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    assert office.metrics is not None
    letters = UnitLetters(filled, office, office.metrics, dialogue.texts, clock, "telegram", lambda: None)
    assert await letters.step() == 0
    clock.move((dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC) - clock.now()).total_seconds())
    assert await letters.step() == 1
    assert await letters.step() == 0
    async with filled.read() as tx:
        (letter,) = await outbox.waiting(tx, "telegram", Lane.BULK, 0, 10)
        assert (await people.find(tx, "telegram", letter.chat)) is not None
    assert "Phường Thủ Dầu Một" in letter.reply["text"]
    assert "còn thiếu" in letter.reply["text"]
    clock.move(5 * 24 * 3600)
    assert await letters.step() == 0
