"""The way from the chat and the command line to the pages."""

from __future__ import annotations

import dataclasses
import re

import pytest
from sqlalchemy import text

from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner

URL = "https://so-lieu.example.vn"


@pytest.fixture
def pages(office: Office) -> Office:
    return dataclasses.replace(office, pages=URL)


async def actions(database: Database) -> list[str]:
    async with database.read() as tx:
        return list(await tx.scalars(text("SELECT action FROM audit ORDER BY id")))


async def test_staff_who_read_figures_get_a_new_link_each_time(
    database: Database, dialogue: Dialogue, pages: Office, clock: VirtualClock
) -> None:
    admin = Learner(database, dialogue, pages, clock, chat="900")
    links = {re.findall(rf"{URL}/vao/[0-9A-Z]{{32}}(?![0-9A-Z])", await admin.says("/bang"))[0] for _ in range(2)}
    assert len(links) == 2
    assert await actions(database) == ["link", "link"]


async def test_nobody_else_gets_a_link_and_that_they_tried_is_kept(
    database: Database, dialogue: Dialogue, pages: Office, clock: VirtualClock
) -> None:
    assert URL not in await Learner(database, dialogue, pages, clock).says("/bang")
    assert await actions(database) == ["refused"]


async def test_where_there_are_no_pages_it_says_so(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    assert "chưa được bật" in await Learner(database, dialogue, office, clock, chat="900").says("/bang")
