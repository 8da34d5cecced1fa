from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.suppression import LEAST, NOTHING, Crowds, Traits, shown

traits = st.builds(
    Traits,
    group=st.sampled_from(["", "line", "class"]),
    ward=st.sampled_from(["", "a", "b", "c"]),
    audience=st.sampled_from(["", "worker", "citizen"]),
    age=st.sampled_from(["", "15_24", "25_34"]),
)
completed = st.lists(st.tuples(st.integers(1, 40), traits), max_size=120)


def crowds(rows: list[tuple[int, Traits]]) -> dict[Traits, set[int]]:
    found = Crowds()
    for person, of in rows:
        found.add(person, of)
    return found.found


def many(of: Traits, first: int, number: int) -> list[tuple[int, Traits]]:
    return [(person, of) for person in range(first, first + number)]


@given(completed)
def test_no_combination_shown_is_that_of_fewer_than_five_people(rows: list[tuple[int, Traits]]) -> None:
    seen = shown(crowds(rows))
    people: dict[Traits, set[int]] = defaultdict(set)
    for person, of in rows:
        as_seen = seen[of]
        if as_seen is not None:
            people[as_seen].add(person)
    assert all(len(crowd) >= LEAST for crowd in people.values())


@given(completed)
def test_what_is_shown_is_true_or_empty(rows: list[tuple[int, Traits]]) -> None:
    for real, as_seen in shown(crowds(rows)).items():
        assert as_seen is None or all(each in ("", own) for each, own in zip(as_seen, real, strict=True))


def test_a_crowd_is_shown_as_it_is() -> None:
    real = Traits("line", "a", "worker", "15_24")
    assert shown(crowds(many(real, 1, LEAST))) == {real: real}


def test_one_person_with_many_completions_is_no_crowd() -> None:
    real = Traits("line", "a", "worker", "15_24")
    assert shown(crowds([(1, real)] * 50)) == {real: None}


def test_the_group_is_hidden_first_then_the_ward_then_the_audience() -> None:
    lone = Traits("line", "a", "worker", "15_24")
    for kept in (lone._replace(group=""), lone._replace(group="", ward=""), Traits("", "", "", "15_24"), NOTHING):
        assert shown(crowds([(1, lone), *many(kept, 2, LEAST)]))[lone] == kept


def test_too_few_are_left_out_even_with_nothing_shown() -> None:
    assert shown(crowds(many(NOTHING, 1, LEAST - 1))) == {NOTHING: None}
