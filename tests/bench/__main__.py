"""``make bench``: figures as JSON on stdout. One core, the site's own content, a stub in Telegram's place.

``python -m tests.bench metrics --people 1000000`` measures the skill metrics alone, among as many people;
``--database FILE`` keeps what it makes and uses it again.

Each figure says in its name what it is; docs/bench.md keeps the history with machine and date.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bot.app import Core, load_core, load_metrics
from bot.config import load_settings
from bot.dialogue.events import Event
from bot.i18n import load_texts
from bot.storage.database import Database, Synchronous
from bot.storage.inbox import Incoming
from tests.bench import broadcasting, whole_path
from tests.bench.learning import learning
from tests.bench.metrics import PEOPLE, metrics
from tests.double.server import BotApi
from tests.process import Assistant
from tests.site import REPO, make_site

MESSAGES = 4000
REPLIES_SECONDS = 120.0
CHATS = 400


def questions(core: Core) -> list[str]:
    """Utterances of all topics, every other one without accents."""
    from intents.text import fold

    said = [utterance for article in core.library.articles.values() for utterance in article.utterances[:10]]
    return [fold(text) if number % 2 else text for number, text in enumerate(said)]


def matching(core: Core) -> dict[str, float]:
    texts = questions(core)
    times = []
    for text in texts:
        start = time.perf_counter_ns()
        core.dialogue.asking.matcher.match(text)
        times.append((time.perf_counter_ns() - start) / 1000)
    long = "tôi muốn hỏi " * 4000
    start = time.perf_counter()
    core.dialogue.asking.matcher.match(long)
    return {
        "match_p50_us": round(float(np.percentile(times, 50)), 1),
        "match_p99_us": round(float(np.percentile(times, 99)), 1),
        "match_50000_signs_ms": round((time.perf_counter() - start) * 1000, 2),
    }


async def through_the_whole_path(core: Core, synchronous: Synchronous) -> float:
    """Messages a second: inbox committed, dialogue, outbox committed, sent to a stub, marked."""
    texts = questions(core)
    events = [
        Incoming("telegram", number, str(number % CHATS), Event("text", texts[number % len(texts)]).to_json())
        for number in range(MESSAGES)
    ]
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/bench.db", synchronous)
        elapsed = await whole_path.seconds(core, database, events)
        await database.close()
    return round(MESSAGES / elapsed, 1)


async def process() -> dict[str, float]:
    """The real process with the site's own content: seconds until it is ready, and the most memory it took."""
    async with BotApi() as api:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            channels = {"telegram": {"base_url": api.url, "poll_seconds": 1}}
            more = {"content": str(REPO / "content"), "model_cache": str(REPO / "var" / "model")}
            make_site(folder, channels=channels, **more)
            starts = []
            for _ in range(5):
                assistant = Assistant(folder)
                begin = time.perf_counter()
                await assistant.start()
                starts.append(time.perf_counter() - begin)
                for chat in range(200):
                    await api.say(chat, "mất căn cước thì làm lại ở đâu")
                await api.until(lambda: api.unconfirmed == 0)
                peak = assistant.peak_memory_mb()
                await assistant.kill()
    return {"start_s_median": round(float(np.median(starts)), 2), "peak_memory_mb": peak}


def build_seconds() -> float:
    """How long a first start learns the content, in a process of its own."""
    code = (
        "import time, pathlib; from intents import Matcher; from intents.topics import from_content;"
        "t = from_content(pathlib.Path('content/vi')); s = time.perf_counter(); Matcher.build(t);"
        "print(time.perf_counter() - s)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    return round(float(done.stdout), 1)


def skill_metrics(people: int, kept: Path | None) -> dict[str, float]:
    """In a process that holds nothing else, so that its memory can be measured."""
    settings = load_settings(REPO / "config.yaml")
    about, say = load_metrics(settings), load_texts(REPO / "content", "vi")
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(
            metrics(about, say, kept or Path(folder) / "bench.db", 0 if kept and kept.exists() else people)
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["metrics", "broadcasts"], help="only this; else all")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--database", type=Path)
    given = parser.parse_args()
    if given.part == "metrics":
        print(json.dumps(skill_metrics(given.people, given.database), ensure_ascii=False, indent=2))
        return
    if given.part == "broadcasts":
        print(json.dumps(asyncio.run(broadcasts(given.people)), ensure_ascii=False, indent=2))
        return
    everything()


async def broadcasts(people: int) -> dict[str, Any]:
    """The snapshot of ``people``, a run over a tenth of them on a virtual clock, two minutes of replies meanwhile."""
    figures = await broadcasting.snapshot(people)
    figures |= await broadcasting.whole_run(people // 10)
    return figures | await broadcasting.replies_meanwhile(REPLIES_SECONDS)


def everything() -> None:
    build = build_seconds()  # on all cores, as a first start does
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.chdir(REPO)
    core = load_core(load_settings(REPO / "config.yaml"))
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "build_s": build,
        **matching(core),
    }
    settings: tuple[Synchronous, Synchronous] = ("normal", "full")
    for synchronous in settings:
        figures[f"messages_per_s_{synchronous}"] = asyncio.run(through_the_whole_path(core, synchronous))
    figures |= asyncio.run(learning(core))
    figures |= asyncio.run(process())
    for part in ("metrics", "broadcasts"):  # each in a process of its own, whose memory is its own
        alone = [sys.executable, "-m", "tests.bench", part]
        figures |= json.loads(subprocess.run(alone, capture_output=True, text=True, check=True).stdout)
    print(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
