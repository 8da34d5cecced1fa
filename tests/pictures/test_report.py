from __future__ import annotations

import dataclasses

import pytest
from PIL import Image

from bot.pictures.report import Glance, Line, Rank, as_png
from tests.pictures import reading

ACCENT = (0x0B, 0x6B, 0x4F)
TRACK = (0xDD, 0xE4, 0xDB)
NOTICE = (0xFB, 0xE3, 0xB5)
FALL = (0x9A, 0x34, 0x12)
PLAIN = Glance("", "Báo cáo kỹ năng số", "Quý IV năm 2026", (), "", (), (), "", (), "Lập ngày 24/11/2026")
LINE = Line("Công nhân đã học", "2 % (4 người)", "Chỉ tiêu 2026: 70 %", "+2", 0.25)


def drawn(**parts: object) -> Image.Image:
    return reading.picture(as_png(dataclasses.replace(PLAIN, **parts)))  # type: ignore[arg-type]


def count(image: Image.Image, colour: tuple[int, int, int]) -> int:
    return round(reading.share_of(image, colour, (0, 0, *image.size)) * image.width * image.height)


def test_the_picture_is_as_wide_as_promised_and_as_high_as_it_needs() -> None:
    one, two = drawn(lines=(LINE,)), drawn(lines=(LINE, LINE))
    assert one.width == two.width == 1080
    assert one.height < two.height


def test_a_bar_is_filled_to_its_share_of_the_target() -> None:
    empty, quarter, half = (drawn(lines=(dataclasses.replace(LINE, reached=share),)) for share in (0.0, 0.25, 0.5))
    first, second = (count(image, ACCENT) - count(empty, ACCENT) for image in (quarter, half))
    assert second == pytest.approx(2 * first, rel=0.05)


def test_without_a_target_there_is_no_bar() -> None:
    assert count(drawn(lines=(LINE,)), TRACK) > 5000
    assert count(drawn(lines=(dataclasses.replace(LINE, reached=None),)), TRACK) == 0


def test_what_fell_is_marked_by_more_than_its_sign() -> None:
    assert count(drawn(lines=(LINE,)), FALL) == 0
    assert count(drawn(lines=(dataclasses.replace(LINE, change="−2"),)), FALL) > 50


def test_made_up_people_are_announced_in_a_band_on_top() -> None:
    image = drawn(notice="DỮ LIỆU MINH HỌA")
    assert image.getpixel((5, 5)) == NOTICE
    assert drawn().getpixel((5, 5)) != NOTICE


def test_columns_are_as_high_as_their_numbers() -> None:
    low, high = (drawn(trend="12 tháng", months=("1", "2"), values=((100, "100"), (n, str(n)))) for n in (25, 75))
    assert count(high, ACCENT) > count(low, ACCENT) * 1.2


def test_nothing_runs_off_the_picture() -> None:
    long = dataclasses.replace(LINE, label="Người lao động được bồi dưỡng " * 4, value="100 % (1.200.000 người)")
    rows = (("Phường có một cái tên rất dài không ai ngờ", "133,33 %"),) * 3
    image = drawn(
        title="Báo cáo " * 12, lines=(long,) * 9, ranking="Theo phường", ranks=(Rank("Đầu", rows), Rank("Cuối", rows)),
        trend="Diễn biến", months=tuple("123456789abc"), values=((1_000_000, "1.000.000"),) * 12, footer="Hết " * 99,
    )  # fmt: skip
    left, top, right, _ = reading.ink(image)
    assert left >= 56 and right <= 1024 and top >= 60


def test_no_more_than_eight_lines_are_drawn() -> None:
    assert drawn(lines=(LINE,) * 8).height == drawn(lines=(LINE,) * 12).height


def test_a_picture_survives_its_way_through_json() -> None:
    import json

    glance = dataclasses.replace(
        PLAIN, lines=(LINE,), months=("1",), values=((3, "3"),), ranks=(Rank("Đầu", (("Xã A", "1"),)),)
    )
    assert Glance.from_json(json.loads(json.dumps(glance.to_json()))) == glance
