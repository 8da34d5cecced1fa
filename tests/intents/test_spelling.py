from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.spelling import Speller

KNOWN = {
    "khai": 50,
    "sinh": 60,
    "khi": 90,
    "chinh": 20,
    "chi": 80,
    "tam": 70,
    "tru": 40,
    "phi": 30,
    "thu": 60,
    "tuc": 40,
    "ki": 50,
    "lam": 60,
    "lai": 55,
}
SPELLER = Speller(KNOWN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khia", ["khai"]),  # swapped
        ("sinhh", ["sinh"]),  # struck twice
        ("chih", ["chinh"]),  # forgotten
        ("phy", ["phi"]),  # the same sound
        ("tjuc", ["tuc"]),  # a mark's letter left over
        ("tamtru", ["tam", "tru"]),  # stuck
        ("lamlai", ["lam", "lai"]),
    ],
)
def test_a_slip_becomes_the_likeliest_known_word(typed: str, meant: list[str]) -> None:
    assert SPELLER.repair(typed) == meant


@pytest.mark.parametrize("word", ["khai", "ab", "0912345678", "xyzxyzxyz", "", "k2s"])
def test_what_is_known_too_short_no_word_or_far_from_all_stays(word: str) -> None:
    assert SPELLER.repair(word) == [word]


@given(st.sampled_from(sorted(KNOWN)), st.data())
def test_a_known_word_is_never_changed_and_a_slip_ends_on_known_words(word: str, data: st.DataObject) -> None:
    assert SPELLER.repair(word) == [word]
    at = data.draw(st.integers(0, len(word) - 1))
    slipped = word[:at] + data.draw(st.sampled_from("abcdefghiklmnopqrstuvxy")) + word[at + 1 :]
    if len(word) >= 3:
        assert set(SPELLER.repair(slipped)) <= set(KNOWN)


@given(st.text(max_size=40))
def test_any_text_can_be_repaired(word: str) -> None:
    SPELLER.repair(word)
