from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.counting import Count, Measure, Measures, replay
from bot.storage.completions import Fact

WORKERS = frozenset({"worker"})
MEASURES = Measures(
    (
        Measure("any", "course"),
        Measure("workers", "course", frozenset({"a", "b"}), audience=WORKERS),
        Measure("young", "course", age=frozenset({"15_24"})),
        Measure("begun", "lesson", frozenset({"a.1", "a.2"})),
        Measure("basic", "lesson", competence="4.1", level=1),
        Measure("higher", "lesson", competence="4.1", level=3),
    )
)

facts = st.builds(
    Fact,
    kind=st.sampled_from(["lesson", "course"]),
    subject=st.sampled_from(["a", "b", "a.1", "a.2", "c.1"]),
    day=st.sampled_from(["2025-03-04", "2025-12-31", "2026-01-01", "2026-07-08"]),
    competences=st.sampled_from([(), ("4.1@1",), ("4.1@4",), ("4.1@2", "4.1@3", "1.1@1")]),
    audience=st.sampled_from(["worker", "citizen", None]),
    ward=st.sampled_from(["25747", None]),
    age=st.sampled_from(["15_24", "60_99", None]),
    group_kind=st.sampled_from(["line", None]),
)
lives = st.lists(facts, max_size=12)


def course(subject: str = "a", day: str = "2026-07-08", audience: str | None = "worker", **more: str | bool) -> Fact:
    return Fact("course", subject, day, audience=audience, **more)  # type: ignore[arg-type]


def scopes(measure: str, *life: Fact) -> list[list[str]]:
    """What each completion raises of ``measure`` over everybody."""
    return [
        [key.scope for key in MEASURES.added(life[:place], fact) if (key.measure, key.dimension) == (measure, "all")]
        for place, fact in enumerate(life)
    ]


def test_a_person_s_first_completion_is_a_turn_a_person_and_one_of_the_year() -> None:
    assert scopes("workers", course()) == [["turn", "person", "year"]]


def test_another_course_in_the_same_year_is_a_turn_only() -> None:
    assert scopes("workers", course("a"), course("b"))[1] == ["turn"]


def test_the_next_year_counts_the_person_anew_for_that_year_only() -> None:
    assert scopes("workers", course("a", "2025-12-31"), course("b", "2026-01-01"))[1] == ["turn", "year"]


def test_an_unknown_audience_is_unknown_once_and_a_person_when_it_becomes_known() -> None:
    life = course("a", audience=None), course("b", audience=None), course("b", audience="worker")
    assert scopes("workers", *life) == [["unknown"], [], ["turn", "person", "year"]]


def test_someone_of_another_audience_counts_for_nothing() -> None:
    assert scopes("workers", course(audience="citizen")) == [[]]


def test_an_assisted_completion_is_never_a_person() -> None:
    assert scopes("workers", course(assisted=True)) == [["assisted"]]


def test_a_lesson_of_a_higher_level_counts_for_every_band_below_it() -> None:
    lesson = Fact("lesson", "x.1", "2026-07-08", ("4.1@4",))
    assert scopes("basic", lesson) == scopes("higher", lesson) == [["turn", "person", "year"]]


def test_a_completion_counts_along_each_dimension_with_what_was_known_then() -> None:
    keys = MEASURES.added((), course(ward="25747"))
    assert {(key.dimension, key.value) for key in keys if key.measure == "any"} == {
        ("all", ""), ("ward", "25747"), ("audience", "worker"), ("age", ""), ("group", ""),
    }  # fmt: skip


def test_what_is_counted_otherwise_has_another_digest() -> None:
    assert Measures(MEASURES.all[1:]).digest != MEASURES.digest == Measures(MEASURES.all).digest


@given(lives)
def test_a_replay_is_each_completion_added_after_those_before_it(life: list[Fact]) -> None:
    one_by_one = [key for place, fact in enumerate(life) for key in MEASURES.added(life[:place], fact)]
    assert list(replay(MEASURES, life)) == one_by_one


@given(lives)
def test_a_person_counts_at_most_once_ever_and_once_a_year(life: list[Fact]) -> None:
    keys = [key for key in replay(MEASURES, life) if key.dimension == "all"]
    ever = Counter(key.measure for key in keys if key.scope == "person")
    yearly = Counter((key.measure, key.month[:4]) for key in keys if key.scope == "year")
    assert max(ever.values(), default=1) == 1 == max(yearly.values(), default=1)
    assert ever.keys() == {measure for measure, _ in yearly}


@given(st.lists(lives, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_other_people_s_completions_does_not_matter(people: list[list[Fact]], chance: object) -> None:
    """Recorded in any interleaving that keeps each person's own order."""
    turns = [who for who, life in enumerate(people) for _ in life]
    chance.shuffle(turns)  # type: ignore[attr-defined]
    counted: Counter[object] = Counter()
    had: list[list[Fact]] = [[] for _ in people]
    for who in turns:
        new = people[who][len(had[who])]
        counted.update(MEASURES.added(had[who], new))
        had[who].append(new)
    assert counted == whole(people)


@given(st.lists(lives, max_size=5))
def test_sums_by_pattern_are_the_sums_of_all_keys(people: list[list[Fact]]) -> None:
    count = Count(MEASURES)
    for life in people:
        count.add(life)
    assert count.keys() == whole(people)


def whole(people: Sequence[Sequence[Fact]]) -> Counter[object]:
    return Counter(key for life in people for key in replay(MEASURES, life))
