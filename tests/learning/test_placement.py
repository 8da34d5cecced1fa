from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.placement import ASKED, known, next_position, weakest

AREAS = 5
answers = st.lists(st.booleans(), min_size=AREAS * ASKED, max_size=AREAS * ASKED)


def taken(answers: list[bool]) -> dict[int, bool]:
    """A whole test; ``answers``: whether each place would be answered right."""
    answered: dict[int, bool] = {}
    while (place := next_position(AREAS, answered)) is not None:
        assert place not in answered, "asked twice"
        answered[place] = answers[place]
    return answered


def agreeing(*right: int) -> list[bool]:
    return [place // ASKED in right for place in range(AREAS * ASKED)]


@given(answers)
def test_twelve_questions_at_most_and_none_twice(answers: list[bool]) -> None:
    answered = taken(answers)
    assert 2 * AREAS <= len(answered) <= 12
    assert set(answered) <= set(range(AREAS * ASKED))


@given(answers)
def test_every_area_is_asked_about_before_any_is_asked_again(answers: list[bool]) -> None:
    assert {place // ASKED for place in list(taken(answers))[:AREAS]} == set(range(AREAS))


@given(st.sets(st.integers(0, AREAS - 1)))
def test_it_ends_after_ten_when_no_area_disagrees(right: set[int]) -> None:
    assert len(taken(agreeing(*right))) == 10


@given(answers)
def test_a_third_question_is_asked_only_where_two_disagree(answers: list[bool]) -> None:
    answered = taken(answers)
    disagree = [area for area in range(AREAS) if answers[area * ASKED] != answers[area * ASKED + 1]]
    thirds = [place // ASKED for place in answered if place % ASKED == 2]
    assert thirds == disagree[:2]


def test_whoever_knows_all_has_no_weakest_area() -> None:
    assert weakest(AREAS, taken(agreeing(*range(AREAS)))) is None


def test_whoever_knows_nothing_starts_at_the_first_area() -> None:
    assert weakest(AREAS, taken(agreeing())) == 0


def test_one_starts_at_the_first_area_that_is_not_known() -> None:
    assert weakest(AREAS, taken(agreeing(0, 1, 3))) == 2


def test_the_third_answer_decides_where_two_disagree() -> None:
    answers = agreeing(1, 2, 3, 4)
    answers[0] = True
    assert weakest(AREAS, taken(answers)) == 0
    answers[2] = True
    assert weakest(AREAS, taken(answers)) is None


@given(answers)
def test_the_weakest_area_is_the_first_without_two_right_answers(answers: list[bool]) -> None:
    answered = taken(answers)
    right = [sum(answered.get(area * ASKED + turn, False) for turn in range(ASKED)) for area in range(AREAS)]
    unknown = [area for area in range(AREAS) if right[area] < 2]
    assert [area for area in range(AREAS) if not known(area, answered)] == unknown
    assert weakest(AREAS, answered) == (unknown[0] if unknown else None)
