from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator

import pytest

from bot.channels.console import Console, chat, chat_json
from bot.channels.intake import Intake
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.dialogue.worker import Worker
from bot.storage.database import Database
from tests.clock import VirtualClock


@pytest.fixture
async def console(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> AsyncIterator[Console]:
    worker = Worker(database, dialogue, office, clock, {"console": lambda reply: [reply]})
    yield Console(database, Intake(database, clock, worker.wake), worker, clock)


async def test_choices_are_numbered_and_taken_by_their_number(console: Console) -> None:
    out = io.StringIO()
    await chat(console, io.StringIO("xin cấp lại thẻ căn cước bị mất\n2\n"), out)
    assert " 2. Phí, lệ phí" in out.getvalue()
    assert "Miễn phí." in out.getvalue()


async def test_a_number_that_was_not_offered_is_words(console: Console) -> None:
    out = io.StringIO()
    await chat(console, io.StringIO("9\n"), out)
    assert "chưa" in out.getvalue()


async def test_one_json_object_a_reply_for_scripts(console: Console) -> None:
    out = io.StringIO()
    await chat_json(console, io.StringIO("xin cấp lại thẻ căn cước bị mất\n/help\n\n"), out)
    answer, help_, empty = [json.loads(line) for line in out.getvalue().splitlines()]
    assert answer["decision"]["kind"] == "answer"
    assert answer["decision"]["topic"] == "cancuoc.mat"
    assert answer["choices"][0] == {"label": "Các bước", "action": "facet:cancuoc.mat:steps", "url": ""}
    assert "**" not in answer["text"]
    assert help_["decision"] is None
    assert "chưa thấy câu hỏi" in empty["text"]


async def test_nothing_said_is_nothing_answered(console: Console) -> None:
    out = io.StringIO()
    await chat_json(console, io.StringIO(""), out)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    "line", ["\0", "\ud800 tạm trú", "😀" * 4096, "a" * 60_000, "/", "/\n", "99999999999999999999"]
)
async def test_any_line_gets_an_answer(console: Console, line: str) -> None:
    assert [reply async for reply in console.say(line)]
