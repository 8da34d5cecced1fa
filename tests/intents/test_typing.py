from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.reading import WIDE, Reader
from intents.typing import decode, is_syllable
from intents.wrappers import unwrap

RAW = {
    "đường": ("dduowngf", "d9u7o7ng2", "dduongwf"),
    "tiếng": ("tieengs", "tie61ng", "tie6ng1", "tienges"),
    "nghiệp": ("nghieepj", "nghie65p"),
    "đổi": ("ddooir", "d9o63i"),
    "trước": ("truowcs", "tru7o71c"),
    "hòa": ("hoaf", "hoa2"),
    "quý": ("quys", "quy1"),
    "giấy": ("giaays", "gia61y"),
    "thủy": ("thuyr", "thuy3"),
    "ướt": ("uwowts", "u7o71t"),
    "khoẻ": (),
}


@pytest.mark.parametrize(("word", "raw"), [(word, raw) for word, raws in RAW.items() for raw in raws])
def test_raw_typing_is_read_as_the_word_it_spells(word: str, raw: str) -> None:
    assert decode(raw) == word


@pytest.mark.parametrize(
    "token", ["con", "facebook", "2024", "vneid", "http", "xyz", "", "đường", "a1b2c3d4e5f6", "zalo"]
)
def test_what_spells_no_syllable_is_left_alone(token: str) -> None:
    assert decode(token) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", max_size=12))
def test_whatever_is_decoded_is_a_syllable(token: str) -> None:
    word = decode(token)
    assert word is None or is_syllable(word)


def test_a_word_of_the_utterances_is_never_taken_for_raw_typing() -> None:
    assert Reader.learn(["gửi form đi"]).words("gui form") == ["gui", "form"]
    assert Reader.learn(["gửi đi"]).words("gui ddoon") == ["gui", "đôn"]


def test_a_small_vocabulary_takes_what_may_be_a_syllable_for_a_word_and_a_wide_one_for_a_slip() -> None:
    few = Reader.learn(["đăng kí giấy"])
    wide = Reader.learn(["đăng kí giấy", *(f"tu{number}" for number in range(WIDE))])
    assert few.words("dang ki giat") == ["dang", "ki", "giat"]
    assert wide.words("dang ki giat") == ["dang", "ki", "giay"]
    assert few.words("dang ki giayy") == ["dang", "ki", "giay"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("alo cho em hỏi làm tạm trú sao ạ", "làm tạm trú sao"),
        ("da thua anh chi cho chau hoi lam tam tru", "lam tam tru"),
        ("chào ad, mất thẻ giúp em với", "mất thẻ"),
        ("xin chào", "xin chào"),
        ("alo", "alo"),
        ("làm khai sinh cho con", "làm khai sinh cho con"),
        ("thủ tục nhận con", "thủ tục nhận con"),
    ],
)
def test_what_wraps_a_request_is_taken_off_and_a_mere_greeting_stays(text: str, left: str) -> None:
    assert " ".join(unwrap(text.replace(",", "").split())) == left
