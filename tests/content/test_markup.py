from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.content.markup import Span, escape, parse, plain, to_text


def test_lines_of_a_paragraph_are_one_line() -> None:
    assert to_text(parse("một\nhai\n\nba")) == "một hai\n\nba"


def test_lists_are_numbered_anew_and_stand_close_together() -> None:
    assert to_text(parse("Làm:\n\n1. mở\n1. gửi\n\n- a\n- b")) == "Làm:\n\n1. mở\n2. gửi\n\n• a\n• b"


def test_inline_styles_become_spans() -> None:
    (block,) = parse("bấm **Gửi**, _rồi_ gõ `otp`")
    assert block.spans == (
        Span("bấm "),
        Span("Gửi", "strong"),
        Span(", "),
        Span("rồi", "emphasis"),
        Span(" gõ "),
        Span("otp", "code"),
    )


def test_an_underscore_inside_a_word_is_no_style() -> None:
    assert plain("tài_khoản_mới") == "tài_khoản_mới"


def test_only_web_and_phone_addresses_are_links() -> None:
    assert [span.url for span in parse("[gọi](tel:1022) [cổng](https://dichvucong.gov.vn)")[0].spans if span.url] == [
        "tel:1022",
        "https://dichvucong.gov.vn",
    ]
    assert not any(span.url for span in parse("[x](javascript:alert(1))")[0].spans)


def test_a_link_in_plain_text_shows_its_address() -> None:
    assert to_text(parse("[Cổng](https://dichvucong.gov.vn/)")) == "Cổng (dichvucong.gov.vn)"


@given(st.text())
def test_any_text_parses(text: str) -> None:
    parse(text)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert plain(f"a {escape(text)} z") == f"a {text} z".strip() or not text.strip()
