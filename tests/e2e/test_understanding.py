"""The site's own model: two requests in one message are told apart, one request is left whole."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import load_core
from bot.config import load_settings
from bot.dialogue.asking import Asking
from bot.dialogue.state import State
from bot.dialogue.turns import Situation
from bot.i18n import load_texts
from intents.requests import split
from intents.topics import read_examples
from tests.e2e.test_conversation import REAL
from tests.site import REPO, make_site


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Asking:
    folder: Path = tmp_path_factory.mktemp("site")
    make_site(folder, **REAL)
    return load_core(load_settings(folder / "config.yaml")).dialogue.asking


def test_at_least_four_in_five_double_requests_are_cut_and_both_understood(asking: Asking) -> None:
    with (REPO / "tests" / "data" / "two_requests.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 40
    right = 0
    for row in rows:
        parts = split(row["text"], asking.matcher.match, asking.asks)
        right += [asking.matcher.match(part).topic for part in parts] == [row["first"], row["second"]]
    assert right >= 32


def test_single_requests_are_left_whole(asking: Asking) -> None:
    examples = read_examples(REPO / "tests" / "data" / "conversation.tsv")
    cut = [e.text for e in examples if len(split(e.text, asking.matcher.match, asking.asks)) > 1]
    assert len(cut) <= 1


def test_at_least_28_of_30_follow_ups_mean_what_came_before(asking: Asking) -> None:
    with (REPO / "tests" / "data" / "followups.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 30
    say = load_texts(REPO / "content", "vi")
    right = 0
    for row in rows:
        start = Situation(id=1, state=State(), language=None, today=dt.date(2026, 11, 24))
        before = asking.words(row["first"], start, say).state
        after = asking.words(row["then"], replace(start, id=2, state=before), say).state
        right += after.topic == row["topic"] and row["part"] in ("", after.facet)
    assert right >= 28
