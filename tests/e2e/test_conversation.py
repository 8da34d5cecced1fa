"""The main job on real input: the site's own content, asked in people's own words, on Telegram and in the terminal.

``tests/data/conversation.tsv``: every fifth question of the development set on the first five groups, and every
fourteenth of those out of scope; chosen by position, not by result.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from intents.topics import read_examples
from tests.double.server import BotApi
from tests.e2e.test_console import run
from tests.process import Assistant
from tests.site import REPO, make_site

EXAMPLES = read_examples(REPO / "tests" / "data" / "conversation.tsv")
REAL = {"content": str(REPO / "content"), "model_cache": str(REPO / "var" / "model")}


_ADDRESS = re.compile(r" \([a-z0-9./-]+\.vn\)")  # a terminal spells out a link's address, Telegram hides it


def topics_of(reply: dict[str, object]) -> list[str]:
    """The topic answered, or those offered, in order."""
    decision = reply["decision"]
    assert isinstance(decision, dict)
    if decision["kind"] == "answer":
        return [decision["topic"]]
    choices = reply["choices"]
    assert isinstance(choices, list)
    return [choice["action"].split(":")[1] for choice in choices if choice["action"].startswith("topic:")]


async def test_both_channels_give_the_same_answers_and_most_are_right(api: BotApi, tmp_path: Path) -> None:
    make_site(tmp_path, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}}, **REAL)
    said = "".join(example.text + "\n" for example in EXAMPLES)
    done = run(tmp_path, "chat", "--json", said=said)
    assert done.returncode == 0, done.stderr
    by_line = {reply["line"]: reply for line in done.stdout.splitlines() if (reply := json.loads(line))["decision"]}
    console = list(by_line.values())  # of a message taken for two requests, the last answer
    assert len(console) == len(EXAMPLES) == 40

    assistant = Assistant(tmp_path)
    await assistant.start()
    for example in EXAMPLES:
        await api.say(7, example.text)
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    await api.until(lambda: len(api.to(7)) == len(replies))
    await assistant.kill()
    for sent, reply in zip(api.to(7), replies, strict=True):
        assert sent.text.split("\n") == _ADDRESS.sub("", reply["text"]).split("\n")
        labels = [button["text"] for row in sent.buttons for button in row]
        assert labels == [choice["label"] for choice in reply["choices"]]

    inside = [(e, r) for e, r in zip(EXAMPLES, console, strict=True) if e.labels]
    outside = [r for e, r in zip(EXAMPLES, console, strict=True) if not e.labels]
    assert len(inside) == 30
    right = [reply["decision"]["topic"] in example.labels for example, reply in inside]
    assert sum(right) >= 24, "answered outright with the right topic"
    reached = [bool(set(topics_of(reply)) & set(example.labels)) for example, reply in inside]
    assert sum(reached) >= 28, "answered, or one tap away"
    wrong = [r for e, r in inside if r["decision"]["kind"] == "answer" and r["decision"]["topic"] not in e.labels]
    assert len(wrong) <= 1
    assert not [reply for reply in outside if reply["decision"]["kind"] == "answer"]
