from __future__ import annotations

from intents import Topic
from intents.lexicon import Lexicon
from intents.overmatch import as_text, overmatch

CLEAR = [
    Topic("mua", tuple(f"mua {thing} ở chợ" for thing in ("cá", "rau", "gạo", "thịt", "trứng", "muối"))),
    Topic("choi", tuple(f"chơi {thing} ngoài sân" for thing in ("bóng", "cờ", "diều", "nhạc", "bi", "trống"))),
]


def test_utterances_that_say_what_they_mean_stay_with_their_topic() -> None:
    figures = overmatch(CLEAR, Lexicon(), folds=3)
    assert figures["elsewhere"] == 0
    assert figures["pairs"] == []


def test_an_utterance_on_the_wrong_side_is_listed_with_the_topic_that_claims_it() -> None:
    blurred = [CLEAR[0], Topic("choi", (*CLEAR[1].utterances, "mua bánh ở chợ"))]
    figures = overmatch(blurred, Lexicon(), folds=3)
    assert figures["pairs"] == [{"wanted": "choi", "got": "mua", "n": 1, "examples": ["mua bánh ở chợ"]}]
    assert "choi → mua" in as_text(figures)
