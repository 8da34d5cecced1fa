from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from intents.reliability import as_svg, judge

CHANCE = np.random.default_rng(7)
LEADS = CHANCE.uniform(0.1, 3.0, 4000).astype(np.float32)
SCORES = np.column_stack([LEADS, np.zeros_like(LEADS), np.full_like(LEADS, -9)])
RIGHT = CHANCE.random(4000) < 1 / (1 + np.exp(-LEADS))


def test_what_is_right_as_often_as_said_has_a_small_error() -> None:
    assert judge(SCORES, RIGHT)["ece"] < 0.03


def test_what_is_right_by_another_rule_on_the_judged_half_has_a_large_error() -> None:
    turned = RIGHT.copy()
    turned[1::2] = ~turned[1::2]
    assert judge(SCORES, turned)["ece"] > 0.3


def test_bins_count_each_judged_row_once() -> None:
    assert sum(part["n"] for part in judge(SCORES, RIGHT)["bins"]) == 2000


def test_the_picture_has_a_dot_for_each_bin() -> None:
    bins = judge(SCORES, RIGHT)["bins"]
    picture = ElementTree.fromstring(as_svg(bins, "a title"))  # noqa: S314 (our own text)
    assert len(picture.findall("{http://www.w3.org/2000/svg}circle")) == len(bins)
