"""A worker's hour on Telegram and in the terminal, and faults while people learn."""

from __future__ import annotations

import asyncio
import json
import random
import re
import sqlite3
from pathlib import Path

from tests.double.server import BotApi, Sent
from tests.e2e.test_console import run
from tests.process import Assistant
from tests.site import make_course, make_site

KILLS = 100
CHATS = 40


def site(folder: Path, api: BotApi, **more: object) -> None:
    make_site(folder, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}}, **more)
    make_course(folder / "content")


class Phone:
    """One chat with the assistant, pressed through the Bot API double."""

    def __init__(self, api: BotApi, chat: int) -> None:
        self._api = api
        self._chat = chat

    @property
    def last(self) -> Sent:
        return self._api.to(self._chat)[-1]

    async def says(self, text: str, replies: int = 1) -> Sent:
        return await self._after(self._api.say(self._chat, text), replies)

    async def presses(self, label: str, replies: int = 1) -> Sent:
        return await self._after(self._api.press(self._chat, self._data(label), self.last.message_id), replies)

    async def sends(self, data: str) -> Sent:
        return await self._after(self._api.press(self._chat, data, self.last.message_id), 1)

    def _data(self, label: str) -> str:
        buttons = [button for row in self.last.buttons for button in row]
        found = [str(button["callback_data"]) for button in buttons if label in button["text"]]
        assert found, f"no button {label!r} under {self.last.text!r}: {buttons}"
        return found[0]

    async def _after(self, doing: object, replies: int) -> Sent:
        before = len(self._api.to(self._chat))
        await doing  # type: ignore[misc]
        await self._api.until(lambda: len(self._api.to(self._chat)) >= before + replies)
        return self.last

    async def answers(self, wrong: int = 0) -> Sent:
        """All questions of the open quiz; the first ``wrong`` answers are wrong."""
        while re.search(r"câu \d+/\d+", self.last.text):
            line = next(
                x for x in self.last.text.splitlines() if re.match(r"[ABC]\. Đúng" if wrong <= 0 else r"[ABC]\. Sai", x)
            )
            wrong -= 1
            await self.presses(line[0])
            await self.presses("›")
        return self.last


async def test_a_worker_s_hour_ends_with_a_certificate_that_checks(api: BotApi, tmp_path: Path) -> None:
    site(tmp_path, api)
    assistant = Assistant(tmp_path)
    await assistant.start()
    phone = Phone(api, 42)
    await phone.says("/hoc")
    await phone.presses("Đồng ý")
    await phone.presses("Công nhân")
    await phone.presses("Khóa thử")
    await phone.presses("Bài bai_1")
    await phone.presses("Tiếp")
    await phone.presses("Tiếp")
    await phone.presses("Làm bài kiểm tra")
    await phone.presses("25 đến 34")
    assert "2/5" in (await phone.answers(wrong=3)).text
    await phone.presses("Làm lại")
    assert "Đạt!" in (await phone.answers()).text
    await phone.presses("Bài tiếp")
    await phone.presses("Tiếp")
    await phone.presses("Tiếp")
    await phone.presses("Làm bài kiểm tra")
    await phone.answers()
    await phone.presses("bài cuối khóa")
    await phone.answers()
    await phone.presses("giấy hoàn thành")
    await phone.says("Trần Văn Công", replies=2)
    picture, paper = api.to(42)[-2:]
    assert picture.file.startswith(b"\x89PNG") and paper.file.startswith(b"%PDF")
    code = picture.text.split("Mã: ")[1].strip()
    assert "là thật: khóa Khóa thử" in (await Phone(api, 43).says(f"/ktra {code}")).text
    assert (await phone.says("/tien_do")).file.startswith(b"\x89PNG")
    assert await assistant.terminate() == 0
    assert not api.refusals


def test_the_same_hour_in_the_terminal(tmp_path: Path) -> None:
    make_site(tmp_path)
    make_course(tmp_path / "content", lessons=1, final=0)
    said = ["/hoc", "1", "2", "/start hoc-thu-bai_1", "2", "2", "1", "8"]
    for _ in range(5):
        said += ["1", "1"]
    done = run(tmp_path, "chat", "--json", said="\n".join(said) + "\n")
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert "câu 1/5" in next(reply["text"] for reply in replies if reply["line"] == 8)
    assert re.search(r"đúng \d/5 câu", replies[-1]["text"])


async def test_twenty_parallel_taps_on_options_are_one_answer(api: BotApi, tmp_path: Path) -> None:
    site(tmp_path, api)
    assistant = Assistant(tmp_path)
    await assistant.start()
    phone = Phone(api, 42)
    await phone.says("/hoc")
    await phone.presses("Đồng ý")
    await phone.presses("Bỏ qua")
    await phone.sends("quiz:thu.bai_1")
    await phone.presses("Bỏ qua")
    message = phone.last.message_id
    await asyncio.gather(*(api.press(42, f"give:1:0:{n % 3}", message) for n in range(20)))
    await api.until(lambda: len(api.answered_callbacks) >= 24)
    assert await assistant.terminate() == 0
    with sqlite3.connect(tmp_path / "site.db") as rows:
        assert rows.execute("SELECT count(*) FROM answer").fetchone() == (1,)
        assert rows.execute("SELECT count(*) FROM inbox WHERE done_at IS NULL OR error IS NOT NULL").fetchone() == (0,)


async def test_kill_9_in_the_middle_of_quizzes_loses_no_answer_and_counts_none_twice(
    api: BotApi, tmp_path: Path
) -> None:
    """Every chat answers its five questions while the process is killed again and again."""
    site(tmp_path, api)
    assistant = Assistant(tmp_path)
    await assistant.start()
    for chat in range(1, CHATS + 1):
        await api.say(chat, "/hoc")
    await api.until(lambda: all(api.to(chat) for chat in range(1, CHATS + 1)), 60)
    shown = {chat: api.to(chat)[0].message_id for chat in range(1, CHATS + 1)}
    for chat, message in shown.items():
        for data in ("agree:1", "say:audience:none", "say:age:none", "quiz:thu.bai_1"):
            await api.press(chat, data, message)
    await api.until(lambda: all(any("câu 1/5" in sent.text for sent in api.to(c)) for c in range(1, CHATS + 1)), 60)
    with sqlite3.connect(tmp_path / "site.db") as rows:
        attempts = {
            int(chat): id
            for id, chat in rows.execute("SELECT a.id, p.external FROM attempt a JOIN person p ON p.id = a.person_id")
        }
    chance = random.Random(20261124)
    todo = [(chat, position) for position in range(5) for chat in range(1, CHATS + 1)]
    share = len(todo) // KILLS
    for round_ in range(KILLS):
        for chat, position in todo[round_ * share : (round_ + 1) * share]:
            await api.press(chat, f"give:{attempts[chat]}:{position}:{chance.randint(0, 2)}", shown[chat])
        moment = len(api.calls) + chance.randint(1, 4)
        await api.until_quiet_or(lambda moment=moment: len(api.calls) >= moment)
        await assistant.kill()
        await assistant.start()
    await api.until(lambda: api.unconfirmed == 0, 60)
    assert await assistant.terminate() == 0
    assert set(api.refusals) <= {"message is not modified"}, "a card shown again after a crash"
    api.refusals.clear()
    with sqlite3.connect(tmp_path / "site.db") as rows:
        assert rows.execute("SELECT count(*) FROM inbox WHERE done_at IS NULL OR error IS NOT NULL").fetchone() == (0,)
        assert rows.execute("SELECT count(*) FROM answer").fetchone() == (CHATS * 5,)
        assert rows.execute("SELECT count(*), sum(finished_at IS NOT NULL) FROM attempt").fetchone() == (CHATS, CHATS)
        (correct,) = rows.execute("SELECT sum(correct) FROM answer").fetchone()
        assert rows.execute("SELECT sum(correct) FROM attempt").fetchone() == (correct,)
        passed = rows.execute("SELECT count(*) FROM attempt WHERE passed").fetchone()
        assert rows.execute("SELECT count(*) FROM completion").fetchone() == passed
