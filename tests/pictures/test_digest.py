from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.digest import SHADES, Digest, Part, Row, Tile, as_png
from tests.pictures import reading

WEEK = Digest(
    title="Trợ lý số",
    subtitle="Tuần 23/11/2026 – 29/11/2026",
    tiles=(Tile("Câu hỏi", "1.204", "tuần trước: 980"), Tile("Trả lời được ngay", "81,2 %", "tuần trước: 79,9 %")),
    parts_title="Câu hỏi",
    parts=tuple(Part(f"Phần {n}", n, str(n)) for n in (5, 3, 2, 0)),
    rows_title="Chưa trả lời được",
    rows=(Row("thủ tục nuôi yến", "12"),),
    none="Không có.",
    footer="Tính theo giờ địa phương.",
)


def shares(digest: Digest) -> list[float]:
    """Of the bar's width, by colour."""
    image: Image.Image = reading.picture(as_png(digest))
    colours = [tuple(int(shade[n : n + 2], 16) for n in (1, 3, 5)) for shade in SHADES]
    for top in range(image.height):
        line = [image.getpixel((x, top)) for x in range(64, 1016)]
        if line[0] in colours and line.count(line[0]) > 30 and all(pixel in colours for pixel in line[:-1]):
            return [line.count(colour) / len(line) for colour in colours]
    return []


def test_the_bar_is_divided_as_the_questions_are() -> None:
    assert shares(WEEK) == pytest.approx([0.5, 0.3, 0.2, 0.0], abs=0.01)


def test_the_smallest_part_can_be_seen() -> None:
    parts = (Part("a", 100_000, "100.000"), Part("b", 0, "0"), Part("c", 0, "0"), Part("d", 1, "1"))
    found = shares(replace(WEEK, parts=parts))
    assert found[3] >= 5 / 952 and found[1] == found[2] == 0


def test_a_week_without_questions_has_a_picture() -> None:
    empty = replace(WEEK, parts=tuple(Part("a", 0, "0") for _ in range(4)), rows=())
    assert shares(empty) == []
    assert reading.picture(as_png(empty)).width == 1080


def test_the_picture_grows_with_what_it_holds() -> None:
    short, long = (reading.picture(as_png(replace(WEEK, rows=WEEK.rows * n))) for n in (1, 5))
    assert short.width == long.width == 1080 and short.height < long.height


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=200), st.integers(0, 10**9))
def test_any_texts_and_counts_give_a_picture_with_margins(text: str, count: int) -> None:
    tiles, parts = (Tile(text, text, text),) * 3, (Part(text, count, text),) * 4
    digest = Digest(text, text, tiles, text, parts, text, (Row(text, text),), text, text)
    left, _, right, _ = reading.ink(reading.picture(as_png(digest)))
    assert left >= 56 and right <= 1024
