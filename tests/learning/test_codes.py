from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.codes import ALPHABET, new_code, read_code, spelled
from tests.learning.made import chances

codes = st.builds(new_code, chances, st.integers(4, 16))


def is_foreign(sign: str) -> bool:
    """Whether ``sign`` stands in no code, however it is written."""
    return not set(sign.upper()) <= {*ALPHABET, *" -."}


@pytest.mark.parametrize("like", ["0O", "1IL", "8B", "5S"])
def test_of_signs_that_look_alike_one_at_most_is_used(like: str) -> None:
    assert len(set(like) & set(ALPHABET)) <= 1


def test_no_word_can_arise() -> None:
    assert not set("AEIOU") & set(ALPHABET)


@given(chances, st.integers(0, 16))
def test_a_new_code_has_its_length_and_only_signs_of_the_alphabet(chance: Random, length: int) -> None:
    code = new_code(chance, length)
    assert len(code) == length
    assert set(code) <= set(ALPHABET)


def test_a_thousand_codes_differ_and_use_every_sign() -> None:
    chance = Random(1)
    made = {new_code(chance, 10) for _ in range(1000)}
    assert len(made) == 1000
    assert set("".join(made)) == set(ALPHABET)


@pytest.mark.parametrize(
    ("code", "printed"), [("2345", "2345"), ("23456789CD", "2345-6789-CD"), ("CDFGHJKM", "CDFG-HJKM")]
)
def test_a_code_is_printed_in_groups_of_four(code: str, printed: str) -> None:
    assert spelled(code) == printed


@given(codes)
def test_a_printed_code_is_read_back(code: str) -> None:
    assert read_code(spelled(code)) == code


@given(codes)
def test_a_code_may_be_typed_in_small_letters_and_with_spaces(code: str) -> None:
    assert read_code(spelled(code).lower()) == code
    assert read_code(f" {' '.join(code)}\n") == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " - . ",
        "xin chào",
        "2340",  # no zero
        "2341",
        "CODE",
        "234",  # too short
        "23456789CDFGHJKMN",  # too long
        "2345\n6789",
        "２３４５",  # full-width
        "٢٣٤٥",  # Arabic
        "2345_6789",
    ],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) == ""


@given(codes, st.characters(codec="utf-8").filter(is_foreign), st.integers(1, 3))
def test_a_single_foreign_sign_makes_it_no_code(code: str, sign: str, at: int) -> None:
    assert read_code(code[:at] + sign + code[at:]) == ""


@given(st.text(max_size=30))
def test_any_text_can_be_read_and_gives_a_code_or_nothing(typed: str) -> None:
    code = read_code(typed)
    assert set(code) <= set(ALPHABET)
    assert read_code(code) == code
