from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intents import Candidate, Decision
from intents.requests import cuts, split


def understand(text: str) -> Decision:
    """Sure of texts that name one of two things, unsure of all others."""
    named = [topic for topic in ("khai tử", "thường trú") if topic in text]
    if len(named) != 1:
        return Decision("clarify", (Candidate("x", 0.3),))
    return Decision("answer", (Candidate(named[0], 0.93),))


def test_two_requests_are_cut_where_both_halves_are_sure() -> None:
    assert split("khai tử với xóa thường trú mất bao lâu", understand) == ("khai tử", "xóa thường trú mất bao lâu")


def test_one_request_stays_whole() -> None:
    text = "ba tôi mất, giờ khai tử ở đâu"
    assert split(text, understand) == (text,)


def test_two_halves_on_the_same_topic_are_one_request() -> None:
    text = "khai tử cần gì, khai tử ở đâu"
    assert split(text, understand) == (text,)


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    for before, after, _ in cuts(text):
        assert before in text
        assert after in text
    assert split(text, understand)
