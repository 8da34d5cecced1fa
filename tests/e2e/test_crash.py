"""kill -9 at random moments: nothing lost, nothing done twice, order kept, every possible copy accounted for."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from pathlib import Path

from tests.double.server import BotApi
from tests.process import Assistant
from tests.site import make_site

KILLS = 50
CHATS = 100
MESSAGES = 10

TOPICS = {f"thu.viec_{n}": (f"việc thứ {n} làm sao", f"hỏi về việc {n}") for n in range(MESSAGES)}


async def test_kill_9_loses_nothing_repeats_nothing_and_keeps_the_order(api: BotApi, tmp_path: Path) -> None:
    make_site(tmp_path, TOPICS, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}})
    chance = random.Random(20261124)
    assistant = Assistant(tmp_path)
    todo = [(chat, n) for n in range(MESSAGES) for chat in range(1, CHATS + 1)]
    share = len(todo) // KILLS
    for round_ in range(KILLS):
        await assistant.start()
        for chat, n in todo[round_ * share : (round_ + 1) * share]:
            await api.say(chat, f"/start thu-viec_{n}")
        moment = len(api.calls) + chance.randint(1, 30)
        await api.until_quiet_or(lambda moment=moment: len(api.calls) >= moment)
        await assistant.kill()
    await assistant.start()
    await api.until(lambda: len({(sent.chat, sent.text) for sent in api.sent}) == CHATS * MESSAGES, seconds=60)
    assert await assistant.terminate() == 0

    rows = sqlite3.connect(tmp_path / "site.db")
    assert rows.execute("SELECT count(*), count(done_at), count(error) FROM inbox").fetchone() == (1000, 1000, 0)
    assert rows.execute("SELECT count(*), sum(status = 'sent') FROM outbox").fetchone() == (1000, 1000)
    (unknowns,) = rows.execute("SELECT sum(unknowns) FROM outbox").fetchone()
    rows.close()
    for chat in range(1, CHATS + 1):
        texts = [sent.text.splitlines()[0] for sent in api.to(chat)]
        assert list(dict.fromkeys(texts)) == [f"Việc thu.viec_{n}" for n in range(MESSAGES)]
        assert texts == sorted(texts), "a copy came after a later reply"
    copies = sum(count - 1 for count in Counter((sent.chat, sent.text) for sent in api.sent).values())
    assert copies <= unknowns, "every copy is of a send whose outcome was unknown, and was counted"
