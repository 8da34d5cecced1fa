"""Two people talk through the real process, which is killed meanwhile; and someone in the terminal is answered."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.double.server import BotApi
from tests.e2e.test_console import run
from tests.e2e.test_learning import Phone
from tests.process import Assistant
from tests.site import make_site, settings

STAFF, ASKER = 900, 42
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def site(folder: Path, **more: Any) -> None:
    """It is noon there, whenever this runs."""
    zone = f"Etc/GMT{dt.datetime.now(dt.UTC).hour - 12:+d}"
    hours = {day: [["00:00", "23:59"]] for day in DAYS}
    named = settings()["site"] | {"time_zone": zone}
    make_site(folder, site=named, handover={"hours": hours}, staff={"admins": [STAFF]}, **more)


def got(api: BotApi, chat: int, words: str) -> bool:
    """Whether a message with ``words`` came, whatever else did: administrators get a digest on some days."""
    return any(words in sent.text for sent in api.to(chat))


async def test_a_talk_survives_kill_9_and_words_arrive_on_either_side(api: BotApi, tmp_path: Path) -> None:
    site(tmp_path, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}})
    assistant = Assistant(tmp_path)
    await assistant.start()
    clerk, asker = Phone(api, STAFF), Phone(api, ASKER)
    await clerk.says("/start")
    await asker.says("/gap")
    await asker.presses("Đồng ý")
    await asker.says("Sổ hộ khẩu nhà tôi ghi sai số nhà")
    await api.until(lambda: got(api, STAFF, "T-000001"))
    await clerk.presses("Nhận")
    assert "ghi sai số nhà" in clerk.last.text
    await api.until(lambda: got(api, ASKER, "đã nhận"))
    await assistant.kill()
    await assistant.start()
    await api.say(STAFF, "Chị ở phường nào?")
    await api.until(lambda: got(api, ASKER, "Chị ở phường nào?"))
    await api.say(ASKER, "Phường Phú Lợi")
    await api.until(lambda: got(api, STAFF, "Phú Lợi"))
    await asker.presses("Kết thúc")
    await api.until(lambda: got(api, STAFF, "đã kết thúc"))
    assert await assistant.terminate() == 0
    assert set(api.refusals) <= {"message is not modified"}, "a message shown again after the crash"
    api.refusals.clear()
    with sqlite3.connect(tmp_path / "site.db") as rows:
        assert rows.execute("SELECT state, owner, closed_by FROM ticket").fetchall() == [("closed", "bot", "person")]
        assert rows.execute("SELECT count(*) FROM inbox WHERE error IS NOT NULL").fetchone() == (0,)


async def test_a_question_from_the_terminal_reaches_staff_on_telegram_and_the_answer_comes_back(
    api: BotApi, tmp_path: Path
) -> None:
    site(tmp_path, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}})
    assistant = Assistant(tmp_path)
    await assistant.start()
    clerk = Phone(api, STAFF)
    await clerk.says("/start")
    assert await assistant.terminate() == 0
    asked = run(tmp_path, "chat", "--json", said="/gap\n1\nSổ hộ khẩu ghi sai số nhà\n")
    assert "Phiếu T-000001" in json.loads(asked.stdout.splitlines()[-1])["text"]
    await assistant.start()
    await api.until(lambda: got(api, STAFF, "T-000001"))
    await clerk.presses("Nhận")
    await api.say(STAFF, "Bạn mang sổ ra phường nhé")
    await api.until(lambda: api.unconfirmed == 0)
    assert await assistant.terminate() == 0
    read = run(tmp_path, "chat", "--json", said="/gap\n")
    assert "ra phường nhé" in "".join(json.loads(line)["text"] for line in read.stdout.splitlines())
