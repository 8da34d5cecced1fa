from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.actions import MAX_BYTES, Action, decode, encode


def test_what_was_encoded_decodes_again() -> None:
    assert decode(encode("facet", "cutru.dangky_tamtru", "fee")) == Action("facet", ("cutru.dangky_tamtru", "fee"))


@pytest.mark.parametrize(
    "data", ["", "fly:1", "topic", "topic:a:b", "topic:đ", "TOPIC:a", "facet:a", "topic:" + "a" * 64, "right:1\n"]
)
def test_what_could_not_have_been_encoded_is_refused(data: str) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("argument", ["đ" * 33, "a" * 60, "a:b", ""])
def test_data_that_would_not_fit_or_decode_is_never_made(argument: str) -> None:
    with pytest.raises(ValueError, match="no button data"):
        encode("topic", argument)


@given(st.text())
def test_any_text_decodes_to_an_action_that_encodes_to_it_or_to_none(data: str) -> None:
    action = decode(data)
    assert action is None or encode(action.verb, *action.arguments) == data
    assert action is None or len(data.encode()) <= MAX_BYTES
