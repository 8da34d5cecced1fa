from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.blocks import ELLIPSIS, balanced, block, wrap
from bot.pictures.fonts import MOST, Weight, clean, fitted, loaded, width

NAME = "Nguyễn Thị Ngọc Quỳnh Như"
VIETNAMESE = "ễ ộ ữ ặ Ễ Ộ Ữ Ặ đ Đ ỵ Ỵ ơ ư"


def test_decomposed_text_is_composed() -> None:
    assert clean(unicodedata.normalize("NFD", NAME)) == NAME


def test_every_vietnamese_letter_stays() -> None:
    assert clean(VIETNAMESE) == VIETNAMESE


def test_signs_the_typeface_lacks_are_dropped_and_leave_no_double_space() -> None:
    assert clean("Lê 👍🏽 Vũ 学習 \u200b\u202e An") == "Lê Vũ An"


def test_marks_cannot_be_piled_up() -> None:
    assert clean("a" + "\u0323\u0302\u0303\u0301" * 50) == "ậ"


def test_line_breaks_become_spaces() -> None:
    assert clean(" một\n\thai\u00a0ba ") == "một hai ba"


def test_stacked_accents_lie_within_the_size_and_a_quarter_above_the_baseline() -> None:
    for weight in Weight:
        _, top, _, bottom = loaded(weight, 100).getbbox("ẪỄỖặộỵ", anchor="ls")
        assert -125 <= top <= -100
        assert 15 <= bottom <= 30


def test_a_fitting_text_keeps_the_wanted_size() -> None:
    assert fitted("Lê Vũ", Weight.BOLD, 88, 1000) == 88


def test_a_wide_text_gets_the_largest_size_that_fits() -> None:
    size = fitted(NAME, Weight.BOLD, 88, 600)
    assert width(NAME, Weight.BOLD, size) <= 600 < width(NAME, Weight.BOLD, size + 1)


def test_lines_break_at_spaces() -> None:
    assert wrap("một hai ba", Weight.REGULAR, 10, width("một hai", Weight.REGULAR, 10)) == ("một hai", "ba")


def test_a_word_longer_than_the_room_breaks_anywhere() -> None:
    lines = wrap("x" * 100, Weight.REGULAR, 10, 100)
    assert "".join(lines) == "x" * 100
    assert all(width(line, Weight.REGULAR, 10) <= 100 for line in lines)


def test_text_too_long_for_its_lines_ends_with_an_ellipsis() -> None:
    found = block("rất " * 100, Weight.REGULAR, 32, 400, lines=2, least=32)
    assert len(found.lines) == 2
    assert found.lines[1].endswith(ELLIPSIS)
    assert found.width <= 400


def test_one_line_a_little_smaller_is_better_than_two() -> None:
    room = width(NAME, Weight.BOLD, 80)
    assert block(NAME, Weight.BOLD, 88, room, lines=2).lines == (NAME,)


def test_two_lines_are_better_than_one_much_smaller() -> None:
    room = width(NAME, Weight.BOLD, 50)
    assert len(block(NAME, Weight.BOLD, 88, room, lines=2).lines) == 2


def test_balanced_lines_hold_the_same_words_on_as_many_lines() -> None:
    one = block("Công nghệ số cho cán bộ chuyên trách", Weight.BOLD, 48, 700, lines=2, least=40)
    two = balanced(one)
    assert " ".join(two.lines) == " ".join(one.lines)
    assert len(two.lines) == len(one.lines) == 2
    assert two.width < one.width


def test_the_work_on_one_text_is_bounded() -> None:
    assert len(clean("a" * 100_000)) == MOST


@given(st.text(), st.integers(20, 90), st.integers(1, 4), st.floats(200, 1400))
def test_a_block_never_leaves_its_room(text: str, size: int, lines: int, room: float) -> None:
    found = balanced(block(text, Weight.BOLD, size, room, lines=lines, least=16))
    assert found.width <= room + 1e-3
    assert len(found.lines) <= lines
    assert 16 <= found.size <= size
