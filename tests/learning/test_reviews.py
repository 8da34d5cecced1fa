from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.reviews import Kept, again, first

NOW = dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC)
histories = st.lists(st.booleans(), min_size=1, max_size=6)
waits = st.timedeltas(dt.timedelta(0), dt.timedelta(days=400))


def reviewed(answers: list[bool]) -> tuple[dt.datetime, Kept]:
    """(due, card) after ``answers``, each given on the day it is due."""
    due, card = first(answers[0], NOW)
    for right in answers[1:]:
        due, card = again(card, right, due)
    return due, card


def intervals(answers: list[bool]) -> list[dt.timedelta]:
    """How long the question rests after each answer."""
    days = [NOW, *(reviewed(answers[: count + 1])[0] for count in range(len(answers)))]
    return [later - day for day, later in pairwise(days)]


def test_a_wrong_first_answer_comes_back_sooner_than_a_right_one() -> None:
    assert first(False, NOW)[0] < first(True, NOW)[0]


@pytest.mark.parametrize("answers", [[True], [False], [True, True], [True, False], [False, True], [True, True, True]])
def test_a_wrong_answer_comes_back_sooner_than_a_right_one(answers: list[bool]) -> None:
    due, card = reviewed(answers)
    assert again(card, False, due)[0] < again(card, True, due)[0]


@given(histories, waits)
def test_a_wrong_answer_never_comes_back_later_than_a_right_one(answers: list[bool], wait: dt.timedelta) -> None:
    due, card = reviewed(answers)
    assert again(card, False, due + wait)[0] <= again(card, True, due + wait)[0]


def test_right_answers_in_a_row_lengthen_the_interval() -> None:
    assert all(rest < longer for rest, longer in pairwise(intervals([True] * 6)))


@given(histories)
def test_whatever_came_before_right_answers_in_a_row_never_shorten_the_interval_and_six_lengthen_it(
    answers: list[bool],
) -> None:
    row = intervals([*answers, *[True] * 6])[-6:]
    assert all(rest <= longer for rest, longer in pairwise(row))
    assert row[0] < row[-1]


def test_a_wrong_answer_shortens_the_interval() -> None:
    *_, before, after = intervals([True, True, True, False])
    assert after < before


@given(histories, st.booleans(), waits)
def test_a_question_rests_whole_days_and_one_at_least(answers: list[bool], right: bool, wait: dt.timedelta) -> None:
    due, card = reviewed(answers)
    rest = again(card, right, due + wait)[0] - (due + wait)
    assert rest >= dt.timedelta(days=1)
    assert rest % dt.timedelta(days=1) == dt.timedelta(0)


@given(histories)
def test_the_same_answers_give_the_same_days(answers: list[bool]) -> None:
    assert reviewed(answers) == reviewed(answers)


@given(histories, st.booleans())
def test_a_card_can_be_kept_as_json_and_goes_on_as_if_it_never_had_been(answers: list[bool], right: bool) -> None:
    due, card = reviewed(answers)
    kept = json.loads(json.dumps(card))
    assert kept == card
    assert again(kept, right, due) == again(card, right, due)


@given(histories, st.booleans())
def test_answering_leaves_the_kept_card_as_it_was(answers: list[bool], right: bool) -> None:
    due, card = reviewed(answers)
    before = json.dumps(card)
    again(card, right, due)
    assert json.dumps(card) == before
