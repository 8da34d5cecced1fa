from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.chat import CHAT
from intents.features import VIEWS, extract, weights
from intents.lexicon import Lexicon
from intents.reading import Reader
from intents.text import MAX_SIGNS, canonical, clip, fold

READER = Reader.learn(["làm hồ sơ tạm trú"])


@given(st.text())
def test_canonical_is_idempotent(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.text())
def test_composed_and_decomposed_text_are_one(text: str) -> None:
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(unicodedata.normalize("NFC", text))


@given(st.text())
def test_folding_is_idempotent_and_leaves_no_mark(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert not any(unicodedata.combining(sign) for sign in fold(text))


@given(st.one_of(st.text(), st.text(alphabet=st.characters(categories=["Cs", "Cc", "Mn", "So", "Lo"]))))
def test_any_text_has_features(text: str) -> None:
    assert all(feature[0] in VIEWS for feature in READER.features(text).all())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("kỹ", "kĩ"),
        ("lý", "lí"),
        ("quý", "quí"),
        ("ĐĂNG KÝ", "đăng ký"),
        ("tạm   trú!!!", "tạm trú"),
        ("ơiiiii", "ơi"),
        ("tạm\u200btrú", "tạm trú"),
    ],
)
def test_two_spellings_of_one_thing_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("word", ["quá", "hoàn", "thuyền", "quốc", "nguyễn", "mây", "tay"])
def test_other_syllables_stay_as_they_are(word: str) -> None:
    assert canonical(word) == word


def test_folding_takes_d_with_stroke_for_d() -> None:
    assert fold("Đường đến ủy ban") == "Duong den uy ban"


def test_chat_forms_are_written_out_whole_words_only() -> None:
    assert Lexicon().expand(["dk", "tạm", "dkx"]) == ["đăng", "kí", "tạm", "dkx"]
    assert READER.words("Ko bít lm ntn") == ["không", "biết", "làm", "như", "thế", "nào"]


def test_every_chat_form_is_spelled_as_texts_are_compared() -> None:
    assert all(canonical(short) == short and canonical(full) == full for short, full in CHAT.items())


def test_a_long_text_keeps_its_start_and_its_end() -> None:
    text = "đầu " + "x" * 50_000 + " cuối"
    assert len(clip(text)) <= MAX_SIGNS + 1
    assert clip(text).startswith("đầu")
    assert clip(text).endswith("cuối")


def test_accented_views_only_where_the_person_typed_accents() -> None:
    assert not any(feature[0] in "alp" for feature in extract(["tam", "tru"]).all())
    assert {"atạm", "lạm", "ptạm trú"} <= extract(["tạm", "trú"]).all()


def test_accents_weigh_more_where_texts_are_few_and_their_letters_count_only_there() -> None:
    few, some, many = weights(0), weights(0.5), weights(1)
    assert few["a"] > some["a"] > many["a"]
    assert "l" in few and "l" not in many
    assert not any(feature[0] == "l" for feature in extract(["tạm", "trú"]).all("".join(many)))
