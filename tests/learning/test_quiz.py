from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.lessons import Kind, Lesson, Question
from bot.learning.quiz import Item, answerable, draw, freeze, grade, passed, shuffled, thaw
from tests.learning.made import chances, item, items, lesson, question, questions

SINGLE = item(question("single", {1}))
MULTIPLE = item(question("multiple", {0, 2}))
TRUE = item(question("truefalse", {0}))
REAL = item(question("judge", {1}))
ORDER = item(question("order"))


def is_right(asked: Item, places: tuple[int, ...]) -> bool:
    """What right means, said in the options themselves."""
    chosen = [asked.shown[place] for place in places]
    if asked.kind == "order":
        return chosen == list(asked.options)
    return {option.text for option in chosen} == {option.text for option in asked.options if option.right}


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        (SINGLE, "1", "0"),
        (MULTIPLE, "02", "01"),
        (TRUE, "0", "1"),
        (REAL, "1", "0"),
        (ORDER, "012", "021"),
    ],
    ids=lambda value: value.kind if isinstance(value, Item) else value,
)
def test_each_kind_tells_right_from_wrong(asked: Item, right: str, wrong: str) -> None:
    assert grade(asked, right)
    assert not grade(asked, wrong)


@given(items())
def test_an_unanswered_question_is_wrong(asked: Item) -> None:
    assert not grade(asked, None)
    assert not grade(asked, "")


@pytest.mark.parametrize("given", ["0", "2", "012"])
def test_a_multiple_choice_is_right_as_a_whole_or_not_at_all(given: str) -> None:
    assert answerable(MULTIPLE, given)
    assert not grade(MULTIPLE, given)


def test_it_does_not_matter_in_which_order_a_multiple_choice_was_ticked() -> None:
    assert grade(MULTIPLE, "20")


def test_places_are_those_the_person_sees() -> None:
    turned = item(question("single", {1}), order=(1, 2, 0))
    assert [option.text for option in turned.shown] == ["Cách 1", "Cách 2", "Cách 0"]
    assert grade(turned, "0")
    assert not grade(turned, "1")


def test_an_order_is_right_when_it_is_the_file_s() -> None:
    turned = item(question("order"), order=(1, 2, 0))
    assert grade(turned, "201")
    assert not grade(turned, "012")


@given(items())
def test_the_solution_of_any_item_is_right(asked: Item) -> None:
    assert grade(asked, asked.solution)


@given(items(most=4))
def test_no_answer_is_right_but_what_the_options_say(asked: Item) -> None:
    count = len(asked.options)
    for size in range(1, count + 1):
        for places in permutations(range(count), size):
            assert grade(asked, "".join(map(str, places))) == is_right(asked, places)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (SINGLE, "3"),  # no such place
        (SINGLE, "11"),  # a place twice
        (SINGLE, "01"),  # more than one
        (TRUE, "2"),
        (REAL, "01"),
        (MULTIPLE, "022"),
        (MULTIPLE, "03"),
        (MULTIPLE, ""),
        (ORDER, "01"),  # one forgotten
        (ORDER, "0112"),
        (ORDER, "013"),
        (SINGLE, "١"),  # Arabic one
        (SINGLE, "１"),  # full-width one
        (SINGLE, "¹"),
        (MULTIPLE, "0２"),
        (SINGLE, " 1"),
        (SINGLE, "-1"),
        (SINGLE, "1\n"),
    ],
)
def test_what_is_no_answer_to_the_question_is_neither_answerable_nor_right(asked: Item, given: str) -> None:
    assert not answerable(asked, given)
    assert not grade(asked, given)


@given(items(), st.text(max_size=8) | st.text("0123456²٣４", max_size=7))
def test_any_text_can_be_graded_and_only_an_answer_can_be_right(asked: Item, text: str) -> None:
    assert answerable(asked, text) or not grade(asked, text)
    assert not answerable(asked, text) or set(text) <= set("0123456789"[: len(asked.options)])


@given(questions(), st.data())
def test_thawing_gives_back_what_was_frozen_even_through_the_database(asked: Question, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(asked.options))))
    _, frozen = freeze("khoa.bai", asked)
    thawed = thaw(json.loads(json.dumps(frozen)), order)
    assert thawed == thaw(frozen, order)
    assert (thawed.lesson, thawed.id, thawed.kind) == ("khoa.bai", asked.id, asked.kind)
    assert (thawed.ask, thawed.message, thawed.order) == (asked.ask, asked.message, tuple(order))
    assert [(option.text, option.right, option.why) for option in thawed.options] == [
        (option.text, option.right, option.why) for option in asked.options
    ]


@given(questions(), questions())
def test_digests_are_equal_exactly_when_the_data_is(one: Question, other: Question) -> None:
    assert freeze("khoa.bai", one) == freeze("khoa.bai", Question.model_validate(one.model_dump()))
    (digest, data), (other_digest, other_data) = freeze("khoa.bai", one), freeze("khoa.bai", other)
    assert (digest == other_digest) == (data == other_data)


def test_the_line_end_of_a_yaml_block_does_not_make_a_new_question() -> None:
    asked = question("single", {1})
    assert freeze("khoa.bai", asked) == freeze("khoa.bai", asked.model_copy(update={"ask": asked.ask + "\n"}))


def test_the_same_question_in_another_lesson_is_another_one() -> None:
    asked = question("single", {1})
    assert freeze("khoa.bai", asked)[0] != freeze("khoa.khac", asked)[0]


banks = st.lists(st.integers(1, 8), max_size=6).map(lambda sizes: [lesson(n, size) for n, size in enumerate(sizes)])


@given(banks, st.integers(0, 20), chances)
def test_as_many_are_drawn_as_asked_or_as_there_are_and_none_twice(
    lessons: list[Lesson], count: int, chance: Random
) -> None:
    drawn = [(lesson, question.id) for lesson, question in draw(lessons, count, chance)]
    assert len(drawn) == min(count, sum(len(each.questions) for each in lessons))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= {(each.id, question.id) for each in lessons for question in each.questions}


@given(banks, st.integers(0, 20), chances)
def test_no_lesson_with_questions_left_falls_behind(lessons: list[Lesson], count: int, chance: Random) -> None:
    drawn = Counter(lesson for lesson, _ in draw(lessons, count, chance))
    for each in lessons:
        if drawn[each.id] < len(each.questions):
            assert drawn[each.id] >= max(drawn.values(), default=0) - 1


@given(chances)
def test_ten_questions_on_six_lessons_ask_about_every_lesson(chance: Random) -> None:
    drawn = Counter(lesson for lesson, _ in draw([lesson(n, 8) for n in range(6)], 10, chance))
    assert sorted(drawn.values()) == [1, 1, 2, 2, 2, 2]


@given(st.integers())
def test_the_same_seed_draws_the_same(seed: int) -> None:
    lessons = [lesson(n, 4) for n in range(3)]
    assert draw(lessons, 5, Random(seed)) == draw(lessons, 5, Random(seed))


def test_in_time_every_question_is_drawn_at_every_place() -> None:
    chance = Random(1)
    draws = [draw([lesson(0, 4)], 2, chance) for _ in range(200)]
    for place in range(2):
        assert {drawn[place][1].id for drawn in draws} == {"q0", "q1", "q2", "q3"}


def test_lessons_do_not_take_turns() -> None:
    chance = Random(1)
    draws = [draw([lesson(0, 2), lesson(1, 2)], 4, chance) for _ in range(50)]
    assert {len({lesson for lesson, _ in drawn[:2]}) for drawn in draws} == {1, 2}


@given(questions(), chances)
def test_every_option_is_shown_once(asked: Question, chance: Random) -> None:
    assert sorted(shuffled(asked, chance)) == list(range(len(asked.options)))


@given(questions(["truefalse", "judge"]), chances)
def test_true_and_false_keep_their_places(asked: Question, chance: Random) -> None:
    assert shuffled(asked, chance) == (0, 1)


@given(questions(["order"]), chances)
def test_what_is_to_be_ordered_never_starts_solved(asked: Question, chance: Random) -> None:
    shown = item(asked, shuffled(asked, chance))
    assert not grade(shown, "".join(map(str, range(len(asked.options)))))


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_choices_are_shown_in_every_order(kind: Kind) -> None:
    asked, chance = question(kind, {0} if kind == "single" else {0, 1}), Random(1)
    assert {shuffled(asked, chance) for _ in range(200)} == set(permutations(range(3)))


@given(questions(), st.integers())
def test_the_same_seed_shows_the_same_order(asked: Question, seed: int) -> None:
    assert shuffled(asked, Random(seed)) == shuffled(asked, Random(seed))


@pytest.mark.parametrize(("correct", "won"), [(3, False), (4, True), (5, True)])
def test_four_of_five_pass_at_80_percent(correct: int, won: bool) -> None:
    assert passed(correct, 5, 80) == won


def test_a_quiz_without_questions_is_not_passed() -> None:
    assert not passed(0, 0, 80)


@given(st.integers(1, 20), st.integers(1, 100))
def test_to_pass_takes_the_fewest_right_answers_that_reach_the_mark(questions: int, mark: int) -> None:
    needed = -(-questions * mark // 100)
    assert [passed(correct, questions, mark) for correct in range(questions + 1)] == [
        correct >= needed for correct in range(questions + 1)
    ]
