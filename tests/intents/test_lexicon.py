from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.lexicon import load_words
from bot.documents import DocumentError
from intents.lexicon import Lexicon, load_lexicon, parse_lexicon
from intents.text import tokens
from tests.site import REPO

SITE = load_words(REPO / "content" / "vi")


def expanded(text: str) -> str:
    return " ".join(SITE.expand(tokens(text)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quên mk vneid", "quên mật khẩu vneid"),
        ("mk ở trọ", "mình ở trọ"),
        ("lỡ ck nhầm tiền", "lỡ chuyển khoản nhầm tiền"),
        ("ck em đi vắng", "chồng em đi vắng"),
        ("làm hết bn tiền", "làm hết bao nhiêu tiền"),
        ("bn ơi", "bạn ơi"),
        ("đủ đk chưa", "đủ điều kiện chưa"),
        ("đk kh onl", "đăng kí kết hôn online"),
        ("xuất hđ vat", "xuất hóa đơn vat"),
        ("kí hđ thuê nhà", "kí hợp đồng thuê nhà"),
        ("cty nợ bhxh", "công ti nợ bảo hiểm xã hội"),
    ],
)
def test_a_short_form_means_what_stands_around_it(typed: str, meant: str) -> None:
    assert expanded(typed).replace("giá trị gia tăng", "vat") == meant


def test_a_local_or_old_word_names_the_common_thing() -> None:
    assert list(SITE.name(tokens("mướn nhà"))) == list(SITE.name(tokens("thuê nhà")))
    assert list(SITE.name(tokens("so ho khau"))) == list(SITE.name(tokens("thường trú")))


def test_a_single_word_without_accents_is_not_taken_for_a_local_one() -> None:
    assert list(SITE.name(["be"])) == ["be"]  # bé, bẻ, bể …


def test_words_outside_the_lexicon_stay_as_they_are() -> None:
    assert Lexicon().expand(["vneid"]) == ["vneid"]
    assert list(Lexicon().name(["sổ", "đỏ"])) == ["so", "do"]


def test_a_lexicon_survives_being_kept_in_a_model_file() -> None:
    again = Lexicon.from_json(SITE.to_json())
    assert (again.short, again.ambiguous, again.concepts) == (SITE.short, SITE.ambiguous, SITE.concepts)


def test_without_a_file_the_languages_own_chat_forms_are_known(tmp_path: Path) -> None:
    assert load_lexicon(tmp_path / "lexicon.yaml").expand(["ko", "dc"]) == ["không", "được"]


def test_a_broken_lexicon_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "lexicon.yaml").write_text("ambiguous:\n  mk:\n    - {near: [quên]}\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"lexicon\.yaml:3: \[ambiguous\.mk\.0\.means\]"):
        load_words(tmp_path)
    with pytest.raises(ValueError, match="is no lexicon"):
        parse_lexicon({"ambiguous": {"mk": [{"near": ["quên"]}]}})


@given(st.lists(st.text(min_size=1, max_size=8), max_size=12))
def test_any_words_can_be_expanded_and_named(words: list[str]) -> None:
    list(SITE.name(SITE.expand(words)))
