"""The course "Một giờ chuyển đổi số" as it stands in content/, learnt from the first card to the certificate's check.

One walk, two channels: what a learner does is written once against a screen, which is a Telegram chat or a terminal.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.content import markup
from bot.content.courses import load_catalogue
from bot.content.lessons import Question
from tests.double.server import BotApi
from tests.e2e.test_conversation import REAL
from tests.e2e.test_learning import Phone
from tests.process import Assistant
from tests.site import REPO, make_site

CATALOGUE = load_catalogue(REPO / "content" / "vi")
COURSE = CATALOGUE.courses["mot_gio"]
NAME = "Trần Thị Mỹ Duyên"


class Screen(Protocol):
    """What a learner sees and can do, whatever the channel."""

    @property
    def text(self) -> str: ...
    @property
    def labels(self) -> list[str]: ...
    async def say(self, text: str, replies: int = 1) -> None: ...
    async def press(self, label: str) -> None: ...
    @property
    def files(self) -> list[bytes]: ...


class Chat:
    """A Telegram chat. ``shown``: how many messages the last thing done led to."""

    def __init__(self, api: BotApi, number: int) -> None:
        self._phone, self._api, self._number = Phone(api, number), api, number
        self.shown = 1

    @property
    def text(self) -> str:
        return "\n".join(sent.text for sent in self._api.to(self._number)[-self.shown :])

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for row in self._phone.last.buttons for button in row]

    async def say(self, text: str, replies: int = 1) -> None:
        await self._phone.says(text, replies)
        self.shown = replies

    async def press(self, label: str) -> None:
        await self._phone.presses(label)
        self.shown = 1

    @property
    def files(self) -> list[bytes]:
        return [sent.file for sent in self._api.to(self._number)[-self.shown :]]


class Terminal:
    """``python -m bot chat --json``, typed line by line; buttons are taken by their number."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process, self._folder = process, folder
        self._replies: list[dict[str, object]] = []
        self.text = ""
        self.labels: list[str] = []

    async def say(self, text: str, replies: int = 1) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(text.encode() + b"\n")
        async with asyncio.timeout(60):  # the first start of all learns the site's utterances
            self._replies = [json.loads(await self._process.stdout.readline()) for _ in range(replies)]
        self.text = "\n".join(str(reply["text"]) for reply in self._replies)
        self.labels = [choice["label"] for reply in self._replies for choice in reply["choices"]]  # type: ignore[attr-defined]

    async def press(self, label: str) -> None:
        await self.say(str(1 + next(at for at, shown in enumerate(self.labels) if label in shown)))

    @property
    def files(self) -> list[bytes]:
        return [(self._folder / str(reply["file"])).read_bytes() for reply in self._replies]


@asynccontextmanager
async def terminal(folder: Path) -> AsyncIterator[Terminal]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "chat", "--json",
        cwd=folder, env=Assistant(folder).environment, limit=1 << 20,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Terminal(process, folder)
        await process.communicate(b"")  # the end of input
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()


def words(text: str) -> str:
    """As shown on any channel: without markup, line ends and quote signs."""
    return " ".join(markup.plain(text).replace("\n> ", "\n").split())


def asked(screen: Screen) -> Question:
    """The question of the course that the screen shows."""
    shown = " ".join(screen.text.replace("\n> ", "\n").replace("\n│ ", "\n").split())
    questions = [question for lesson in COURSE.lessons for question in lesson.questions]
    (found,) = [each for each in questions if words(each.ask) in shown and words(each.message) in shown]
    return found


async def answer(screen: Screen, right: bool) -> None:
    """Answer the question on the screen by its buttons, rightly or not, and go on."""
    question = asked(screen)
    lines = [line.lstrip("☐☑ ") for line in screen.text.splitlines()]
    letters = {line[3:]: line[0] for line in lines if line[:1].isalpha() and line[1:3] == ". "}
    texts = [words(option.text).rstrip(".") for option in question.options]
    solution = [text for text, option in zip(texts, question.options, strict=True) if option.right]
    if question.kind in ("truefalse", "judge"):
        await screen.press(next(option.text for option in question.options if option.right is right))
    elif question.kind == "single":
        await screen.press(letters[solution[0] if right else next(text for text in texts if text not in solution)])
    else:  # options are never shown in the right order, and all of them are never the right choice
        chosen = (texts if question.kind == "order" else solution) if right else list(letters)
        for text in chosen:
            await screen.press(letters[text])
        await screen.press("Trả lời")
    assert ("✅ Đúng rồi!" if right else "❌ Chưa đúng.") in screen.text
    await screen.press("›")


async def answers(screen: Screen, wrong: int = 0) -> None:
    """The whole quiz that is open; the first ``wrong`` answers are wrong."""
    while "câu " in screen.text.splitlines()[0]:
        await answer(screen, right=wrong <= 0)
        wrong -= 1


async def learn(screen: Screen) -> str:
    """The course from consent to certificate; the certificate's code."""
    await screen.say("/hoc")
    await screen.press("Đồng ý")
    await screen.press("Công nhân")
    await screen.press(COURSE.about.label)
    await screen.press(COURSE.lessons[0].label)
    for number, lesson in enumerate(COURSE.lessons):
        for card in lesson.cards[:-1]:
            assert words(card.title) in screen.text
            await screen.press("Tiếp")
        await screen.press("Làm bài kiểm tra")
        if number == 0:
            await screen.say("phường Thuận Giao")
            await screen.press("25 đến 34")
            await answers(screen, wrong=2)
            assert "đúng 3/5 câu, cần 80 % để đạt" in screen.text
            await screen.press("Làm lại")
        await answers(screen, wrong=number % 2)  # one in five may be wrong
        assert "Đạt!" in screen.text
        await screen.press("Bài tiếp" if lesson is not COURSE.lessons[-1] else "bài cuối khóa")
    await answers(screen, wrong=2)
    assert "Đạt! Bạn trả lời đúng 8/10 câu" in screen.text
    await screen.press("giấy hoàn thành")
    await screen.say(NAME, replies=2)
    picture, paper = screen.files
    assert picture.startswith(b"\x89PNG") and paper.startswith(b"%PDF")
    return screen.text.split("Mã: ")[1].split()[0]


async def checks(screen: Screen, code: str) -> None:
    await screen.say(f"/ktra {code}")
    assert f"là thật: khóa {COURSE.about.title}" in screen.text
    assert NAME not in screen.text
    await screen.say("/tien_do")
    assert "6 bài và 1 khóa" in screen.text
    assert screen.files[0].startswith(b"\x89PNG")


async def test_a_worker_learns_the_real_course_on_telegram(api: BotApi, tmp_path: Path) -> None:
    make_site(tmp_path, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}}, **REAL)
    assistant = Assistant(tmp_path)
    await assistant.start()
    try:
        screen = Chat(api, 42)
        await checks(screen, await learn(screen))
        assert await assistant.terminate() == 0
    finally:
        await assistant.kill()


async def test_a_worker_learns_the_real_course_in_the_terminal(tmp_path: Path) -> None:
    make_site(tmp_path, **REAL)
    async with terminal(tmp_path) as screen:
        await checks(screen, await learn(screen))
