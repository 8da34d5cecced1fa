from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.render import MAX_UNITS, fit, html, keyboard, units
from bot.content import markup
from bot.dialogue.replies import Choice, Reply
from tests.double.html import read


def test_markup_becomes_telegram_html() -> None:
    source = "**Đậm** _nghiêng_ `mã` [Cổng](https://a.vn/?x=1&y=2)\n\n1. một\n2. hai\n\n- ba"
    expected = (
        '<b>Đậm</b> <i>nghiêng</i> <code>mã</code> <a href="https://a.vn/?x=1&amp;y=2">Cổng</a>'
        "\n\n1. một\n2. hai\n\n• ba"
    )
    assert html(source) == expected


def test_a_phone_link_is_plain_text_since_telegram_opens_none() -> None:
    assert html("[1022](tel:1022)") == "1022"


@given(st.text(min_size=1).filter(lambda text: markup.plain(text).strip() != "" and "\0" not in text))
def test_any_text_is_html_that_telegram_takes(text: str) -> None:
    read(html(text[:MAX_UNITS]))


def test_units_are_those_of_utf_16() -> None:
    assert units("đ😀") == 3


def pieces(text: str) -> list[str]:
    found = [piece.text for piece in fit(Reply(text, ((Choice("a", "menu"),),)))]
    assert all(units(markup.plain(piece)) <= MAX_UNITS for piece in found)
    return found


def test_a_long_text_is_cut_between_paragraphs() -> None:
    paragraph = "chữ " * 500
    assert pieces("\n\n".join([paragraph.strip()] * 5)) == ["\n\n".join([paragraph.strip()] * 2)] * 2 + [
        paragraph.strip()
    ]


def test_an_endless_paragraph_is_cut_between_words_and_an_endless_word_anywhere() -> None:
    assert "".join(pieces("chữ " * 3000)).replace(" ", "") == "chữ" * 3000
    assert "".join(pieces("😀" * 5000)).replace(" ", "") == "😀" * 5000


def test_choices_go_under_the_last_piece_and_only_the_first_replaces_a_message() -> None:
    parts = fit(Reply("chữ " * 3000, ((Choice("a", "menu"),),), replaces="5", decision={"kind": "answer"}))
    assert [bool(part.choices) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.replaces for part in parts] == ["5"] + [""] * (len(parts) - 1)
    assert [part.decision is not None for part in parts] == [True] + [False] * (len(parts) - 1)


@given(st.text(max_size=9000))
def test_no_letter_or_figure_is_lost_in_cutting(text: str) -> None:
    whole = [sign for sign in markup.plain(text) if sign.isalnum()]
    parts = [sign for piece in fit(Reply(text)) for sign in markup.plain(piece.text) if sign.isalnum()]
    assert parts == whole


def test_buttons_either_act_or_open_an_address() -> None:
    board = keyboard(((Choice("a", "menu"), Choice("b", url="https://a.vn")),))
    assert board is not None
    first, second = board.inline_keyboard[0]
    assert (first.callback_data, first.url, second.callback_data, second.url) == ("menu", None, None, "https://a.vn")
    assert keyboard(()) is None
