"""Charts and figures as they are drawn and written: pure functions."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Secrets
from bot.content.indicators import Denominator, Indicator, Target
from bot.i18n import load_texts
from bot.metrics.figures import AreaRow, Figure
from bot.web import charts, view
from bot.web.bucket import Bucket
from tests.clock import VirtualClock
from tests.site import REPO

SAY = load_texts(REPO / "content", "vi")


def figure(value: int, *, of: int | None = None, target: float | None = None, direction: str = "up") -> Figure:
    indicator = Indicator.model_validate(
        {
            "id": "thu", "name": "Chỉ tiêu thử", "label": "Chỉ tiêu", "definition": "Số người để thử cách viết.",
            "sets": ["THU"], "basis": [{"title": "Quyết định"}], "counts": "persons", "unit": "người", "owner": "Sở X",
            "limits": "Chỉ để thử.", "denominator": "dan" if of else None, "direction": direction,
        }
    )  # fmt: skip
    row = {"key": "dan", "area": "", "year": 2026, "value": of, "source": "Nguồn", "date": "2026-01-01"}
    return Figure(
        indicator,
        value,
        value,
        value,
        denominator=Denominator.model_validate(row) if of else None,
        target=Target(year=2026, value=target) if target else None,
    )


def read(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314  our own


@given(st.lists(st.integers(0, 10**7), min_size=12, max_size=12))
def test_columns_stay_inside_their_picture_whatever_the_numbers(values: list[int]) -> None:
    names = [f"{month}/2026" for month in range(1, 13)]
    drawn = read(charts.columns(values, names, "Nhãn", SAY.number))
    columns = drawn.findall(".//g/rect")
    assert len(columns) == 12
    for column in columns:
        top, tall = float(column.attrib["y"]), float(column.attrib["height"])
        assert top >= charts.TOP - 0.1 and top + tall <= charts.HEIGHT - charts.BOTTOM + 0.1
    assert [title.text for title in drawn.findall(".//g/title")] == [
        f"{name}: {SAY.number(value)}" for name, value in zip(names, values, strict=True)
    ]


@given(st.floats(-1, 10), st.none() | st.floats(-1, 10))
def test_bars_are_cut_off_at_their_ends(share: float, target: float | None) -> None:
    drawn = read(charts.bar(share, target, "Nhãn"))
    for part in drawn.findall("rect"):
        assert float(part.attrib["x"]) >= 0 and float(part.attrib["x"]) + float(part.attrib["width"]) <= 100


def test_what_a_chart_is_called_is_escaped() -> None:
    drawn = charts.spark([1, 2], '<b>"x"&')
    assert "<b>" not in drawn
    assert read(drawn).attrib["aria-label"] == '<b>"x"&'


@pytest.mark.parametrize(
    ("shown", "whole", "standing"),
    [
        (figure(70, of=100, target=70), True, "reached"),
        (figure(69, of=100, target=70), True, "behind"),
        (figure(70, of=100, target=70), False, "reached"),
        (figure(9, target=10), True, "behind"),
        (figure(9, target=10), False, "open"),
        (figure(9), True, "open"),
        (figure(9, target=10, direction="down"), True, "reached"),
        (figure(11, target=10, direction="down"), True, "behind"),
    ],
    ids=["share", "less", "ward", "number", "ward without denominator", "no target", "down", "down and over"],
)
def test_a_figure_is_held_against_its_target_only_where_that_means_something(
    shown: Figure, whole: bool, standing: str
) -> None:
    assert view.standing(shown, whole) == standing


def test_numbers_are_written_as_people_here_write_them() -> None:
    made = view.card(SAY, figure(812422, of=905294, target=100))
    assert made.big == "89,7\u00a0%"
    assert made.of == "812.422 trên 905.294 người"
    assert view.percent(SAY, 0.004) == "0\u00a0%"
    assert view.percent(SAY, 8.974) == "8,97\u00a0%"


@pytest.mark.parametrize("value", [0, 4])
def test_a_small_public_figure_gives_nothing_away(value: int) -> None:
    made = view.card(SAY, figure(value, of=200, target=70), (1, 2, 1), public=True)
    assert (made.big, made.of, made.target, made.missing, made.change) == ("dưới 5", "", "", "", "")
    assert made.bar is None and made.spark is None


def rows(**values: tuple[int, int | None]) -> list[AreaRow]:
    return [AreaRow(code, f"Phường {code}", {"thu": figure(value, of=of)}) for code, (value, of) in values.items()]


def test_tiles_are_shaded_by_share_where_every_ward_has_a_denominator_else_by_number() -> None:
    by_share = view.tiles(SAY, rows(a=(10, 100), b=(20, 1000), c=(0, 10)), "thu")
    assert [tile.shade for tile in by_share] == [5, 1, 0]
    by_number = view.tiles(SAY, rows(a=(10, 100), b=(20, None), c=(0, 10)), "thu")
    assert [tile.shade for tile in by_number] == [3, 5, 0]
    assert [tile.name for tile in by_number] == ["a", "b", "c"]


def test_an_address_gets_new_tries_as_time_passes_and_takes_none_from_others(clock: VirtualClock) -> None:
    bucket = Bucket(clock, burst=2, a_minute=1)
    assert [bucket.take("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert bucket.take("192.0.2.2")
    clock.move(61)
    assert [bucket.take("192.0.2.1") for _ in range(2)] == [True, False]
    assert [bucket.take(f"2001:db8::{n}") for n in range(3)] == [True, True, False]


def test_secrets_do_not_show() -> None:
    assert "geheim" not in repr(Secrets("geheim", "geheim", "geheim", "geheim"))
