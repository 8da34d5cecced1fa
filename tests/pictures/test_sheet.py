from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.sheet import Sheet, as_pdf
from tests.pictures import reading

SHEET = Sheet(
    title="Quét để học với Trợ lý số",
    name="Chuyền may 3, Công ty Ánh Dương",
    steps=("Mở máy ảnh trên điện thoại.", "Quét mã QR ở trên.", "Bấm “Bắt đầu”.", "Học mỗi ngày một bài."),
    link="https://t.me/troly_example_bot?start=g_7K3MQ8",
    footer="Miễn phí. Hỏi đáp: gọi 1022.",
)
MM = 72 / 25.4
INK = "#1b2a25"


def test_the_sheet_is_one_page_of_a4_portrait() -> None:
    paper = as_pdf(SHEET)
    assert paper.startswith(b"%PDF-")
    assert reading.pages(paper) == 1
    assert b"/MediaBox [0 0 595.28 841.89]" in paper


def test_the_sheet_is_named_after_its_title_and_group() -> None:
    assert reading.title(as_pdf(SHEET)) == "Quét để học với Trợ lý số – Chuyền may 3, Công ty Ánh Dương"


def test_the_code_holds_the_link() -> None:
    expected = reading.matrix(SHEET.link)
    _, drawn = reading.stacked(reading.boxes(as_pdf(SHEET), INK), len(expected))
    assert drawn == expected


@pytest.mark.parametrize("steps", [1, 4, 8, 40])
def test_the_code_is_never_smaller_than_90_mm(steps: int) -> None:
    paper = as_pdf(replace(SHEET, steps=SHEET.steps[:1] * steps))
    side, _ = reading.stacked(reading.boxes(paper, INK), len(reading.matrix(SHEET.link)))
    assert side >= 90 * MM


def test_every_word_is_shown() -> None:
    shown = " ".join(words for _, words in reading.text(as_pdf(SHEET)))
    for words in (SHEET.title, SHEET.name, *SHEET.steps, SHEET.link, SHEET.footer):
        assert words in shown


def test_steps_are_numbered_and_large() -> None:
    lines = {words: size for size, words in reading.text(as_pdf(SHEET))}
    assert [number for number in lines if number.isdigit()] == ["1", "2", "3", "4"]
    assert all(lines[step] >= 18 for step in SHEET.steps)


def test_five_steps_of_two_lines_are_still_large() -> None:
    step = "Bấm “Bắt đầu”, rồi chọn khóa học của nhóm và học bài đầu tiên."
    lines = reading.text(as_pdf(replace(SHEET, steps=(step,) * 5)))
    assert min(size for size, words in lines if words in step and len(words) > 3) >= 18


def test_the_title_is_the_largest_text() -> None:
    assert max(reading.text(as_pdf(SHEET)))[1] == SHEET.title


def test_the_same_data_gives_the_same_bytes() -> None:
    assert as_pdf(SHEET) == as_pdf(replace(SHEET))


@pytest.mark.parametrize("link", ["", "x" * 5000], ids=["nothing", "too much"])
def test_a_link_no_code_can_hold_is_only_printed(link: str) -> None:
    assert reading.boxes(as_pdf(replace(SHEET, link=link)), INK) == []


@settings(max_examples=15, deadline=None)
@given(st.text(), st.text(), st.lists(st.text(), max_size=30), st.text())
def test_any_text_gives_one_page(title: str, name: str, steps: list[str], link: str) -> None:
    assert reading.pages(as_pdf(Sheet(title, name, tuple(steps), link, name))) == 1
