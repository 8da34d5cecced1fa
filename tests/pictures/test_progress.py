from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.progress import Area, Bar, Progress, as_png
from tests.pictures import reading

ACCENT = (0x0B, 0x6B, 0x4F)
TRACK = (0xDD, 0xE4, 0xDB)


def drawn(*bars: Bar, footer: str = "") -> Image.Image:
    return reading.picture(as_png(Progress("Năng lực số của bạn", "Lê Vũ", (Area("An toàn", bars),), footer)))


def track(image: Image.Image) -> tuple[int, int, int, int]:
    """The last bar of a picture without footer: it ends where the ink ends."""
    *_, bottom = reading.ink(image)
    return 64, bottom - 22, 1016, bottom


def test_the_picture_is_as_wide_as_promised_and_as_high_as_it_needs() -> None:
    one, two = drawn(Bar("Bảo vệ thiết bị", 0.5, "")), drawn(*[Bar("Bảo vệ thiết bị", 0.5, "")] * 2)
    assert one.width == two.width == 1080
    assert one.height < two.height


def test_all_areas_and_bars_have_room() -> None:
    areas = tuple(Area(f"Miền {n}", (Bar("Tương tác qua công nghệ số", 0.5, "1/2 bài"),) * 4) for n in range(5))
    image = reading.picture(as_png(Progress("Năng lực số", "", areas, "Hết.")))
    left, top, right, bottom = reading.ink(image)
    assert left >= 60 and right <= 1020 and top >= 60
    assert 40 <= image.height - bottom <= 90


def test_an_empty_bar_shows_its_track() -> None:
    image = drawn(Bar("Bảo vệ thiết bị", 0.0, "chưa học"))
    assert reading.share_of(image, TRACK, track(image)) > 0.95
    assert reading.share_of(image, ACCENT, track(image)) == 0


def test_a_bar_is_filled_to_its_share() -> None:
    image = drawn(Bar("Bảo vệ thiết bị", 0.25, "1/4 bài"))
    assert reading.share_of(image, ACCENT, track(image)) == pytest.approx(0.25, abs=0.015)


def test_a_full_bar_has_a_check_mark_and_no_other_has() -> None:
    full, near = (drawn(Bar("Bảo vệ thiết bị", share, "")) for share in (1.0, 0.999))
    _, top, right, _ = track(full)
    beside = (right - 60, top - 60, right, top - 4)
    assert reading.share_of(full, ACCENT, track(full)) > 0.98
    assert reading.share_of(full, ACCENT, beside) > 0.04
    assert reading.share_of(near, ACCENT, track(near)) < reading.share_of(full, ACCENT, track(full)) - 0.01
    assert reading.share_of(near, ACCENT, beside) == 0


def test_the_least_beginning_can_be_seen() -> None:
    image = drawn(Bar("Bảo vệ thiết bị", 0.0001, "1/9999"))
    left, top, _, bottom = track(image)
    assert reading.share_of(image, ACCENT, (left, top, left + 22, bottom)) > 0.6


@pytest.mark.parametrize("share", [-1.0, math.nan, -math.inf])
def test_a_share_below_nothing_is_an_empty_bar(share: float) -> None:
    image = drawn(Bar("Bảo vệ thiết bị", share, ""))
    assert reading.share_of(image, ACCENT, track(image)) == 0


@pytest.mark.parametrize("share", [1.5, math.inf])
def test_a_share_above_all_is_a_full_bar(share: float) -> None:
    assert as_png(Progress("", "", (Area("", (Bar("", share, ""),)),), "")) == as_png(
        Progress("", "", (Area("", (Bar("", 1.0, ""),)),), "")
    )


def test_the_note_ends_where_the_bar_ends() -> None:
    image = drawn(Bar("Bảo vệ thiết bị", 0.5, "2/3 bài"))
    _, top, right, _ = track(image)
    *_, end, _ = reading.ink(image, (right - 300, top - 48, 1080, top - 4))
    assert abs(end - right) <= 4


def test_a_long_label_takes_two_lines_and_no_more() -> None:
    short, two, endless = (drawn(Bar(label, 0.5, "2/3 bài")) for label in ("Bảo vệ", "Bảo vệ " * 8, "Bảo vệ " * 90))
    assert short.height < two.height == endless.height


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.floats())
def test_any_text_and_any_share_give_a_picture_with_margins(text: str, note: str, share: float) -> None:
    image = reading.picture(as_png(Progress(text, note, (Area(text, (Bar(text, share, note),)),), text)))
    left, _, right, _ = reading.ink(image)
    assert left >= 56 and right <= 1024


def test_an_area_says_at_the_end_of_its_title_how_much_of_it_is_begun() -> None:
    area = Area("Sáng tạo nội dung số", (), "đã học 0/4 năng lực")
    image = reading.picture(as_png(Progress("", "", (area,), "")))
    left, _, right, _ = reading.ink(image)
    assert left <= 72 and right >= 1012
