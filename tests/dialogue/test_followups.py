from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.followups import also, corrected, pointed
from bot.dialogue.state import State

OFFERED = State("a.b", ("x.mot", "x.hai", "x.ba"), 5)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("2", "x.hai"),
        ("số 3", "x.ba"),
        ("cái thứ hai", "x.hai"),
        ("y thu 2", "x.hai"),
        ("cái đầu tiên nha", "x.mot"),
        ("lấy cái số 3 đi", "x.ba"),
        ("cái cuối", "x.ba"),
        ("cái thứ tư", ""),
        ("9", ""),
        ("thứ hai phường có làm không", ""),
    ],
)
def test_a_number_or_a_place_in_the_list_stands_for_what_was_offered(text: str, topic: str) -> None:
    assert pointed(text, OFFERED) == topic


def test_nothing_can_be_pointed_at_where_nothing_was_offered() -> None:
    assert pointed("cái thứ hai", State()) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("không phải, ý em là tạm trú", "tạm trú"),
        ("ko phai, y toi la tam tru", "tam tru"),
        ("ý mình là hộ chiếu", "hộ chiếu"),
        ("nhầm rồi, tôi hỏi căn cước", "căn cước"),
        ("không có giấy tờ thì sao", ""),
        ("không phải hộ khẩu", ""),
        ("em muốn làm khai sinh", ""),
    ],
)
def test_a_correction_holds_what_is_meant_instead(text: str, meant: str) -> None:
    assert corrected(text) == meant


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("còn kết hôn?", "kết hôn"),
        ("vậy còn trẻ em", "trẻ em"),
        ("con ket hon thi sao", "ket hon"),
        ("thế còn bảo hiểm y tế thì sao ạ", "bảo hiểm y tế"),
        ("con toi ba tuoi", ""),
        ("còn một chuyện dài nữa là hôm qua tôi ra phường mà không ai tiếp", ""),
    ],
)
def test_and_what_about_names_a_new_subject(text: str, subject: str) -> None:
    assert also(text) == subject


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    pointed(text, OFFERED)
    assert len(corrected(text).split()) <= len(text) + 1
    also(text)
