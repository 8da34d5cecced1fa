from __future__ import annotations

import random
import string
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import Matcher, Topic
from intents.matcher import CLARIFY, TIE, cached
from intents.model import BadModel
from intents.text import fold
from tests.site import TOPICS

BUILT = Matcher.build([Topic(topic, said) for topic, said in TOPICS.items()])


@pytest.mark.parametrize(
    "text",
    ["mất căn cước làm lại sao", "mat can cuoc lam lai sao", "MẤT CĂN CƯỚC LÀM LẠI SAO", "mất căn cước lm lại sao ạ"],
)
def test_the_same_question_is_understood_in_every_spelling(text: str) -> None:
    assert BUILT.match(text).candidates[0].topic == "cancuoc.mat"
    assert BUILT.match(unicodedata.normalize("NFD", text)) == BUILT.match(text)


def test_an_utterance_is_answered_with_its_topic_and_without_accents_too() -> None:
    for topic, said in TOPICS.items():
        for utterance in said:
            assert BUILT.match(utterance).candidates[0].topic == topic
            assert BUILT.match(fold(utterance)).candidates[0].topic == topic


def test_what_shares_nothing_with_any_topic_is_not_answered() -> None:
    for text in ("qwrt plkj", "hom nay bong da ai thang"):
        assert BUILT.match(text).kind == "abstain" or BUILT.match(text).kind == "clarify"
    for text in ("12345", "🙂", "", "???"):
        assert BUILT.match(text).kind == "abstain"


@given(st.text())
def test_any_text_has_a_decision_whose_probabilities_are_in_order_and_sum_to_at_most_one(text: str) -> None:
    decision = BUILT.match(text)
    shares = [candidate.probability for candidate in decision.candidates]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) <= 1 + 1e-6
    assert decision.kind == "abstain" or sorted(shares, reverse=True) == shares
    assert len(shares) <= 3
    assert (decision.topic != "") == (decision.kind == "answer")
    assert decision.kind == "abstain" or decision.probability >= CLARIFY


def test_building_twice_gives_the_same_matcher() -> None:
    again = Matcher.build([Topic(topic, said) for topic, said in TOPICS.items()])
    assert again.match("ở trọ phải làm gì") == BUILT.match("ở trọ phải làm gì")


def test_a_topic_that_is_not_served_is_never_answered_nor_offered() -> None:
    topics = [Topic(topic, said, served=topic != "cancuoc.mat") for topic, said in TOPICS.items()]
    decision = Matcher.build(topics).match("mất căn cước làm lại sao")
    assert (decision.kind, decision.outside) == ("abstain", "cancuoc.mat")
    assert "cancuoc.mat" not in [candidate.topic for candidate in decision.candidates]


def test_an_urgent_topic_wins_a_tie() -> None:
    def build(urgent: bool) -> Matcher:
        one, other = ("chuyển tiền", "lộn số"), ("chuyển tiền", "kẻ gian")
        rest = Topic("c.khac", ("trời mưa", "đi chợ"))
        return Matcher.build([Topic("a.nham", one, urgent=not urgent), Topic("b.lua", other, urgent=urgent), rest])

    text = "chuyển tiền"
    scores = dict(build(True).explain(text).scores)
    assert abs(scores["a.nham"] - scores["b.lua"]) <= TIE
    assert build(True).match(text).candidates[0].topic == "b.lua"
    assert build(False).match(text).candidates[0].topic == "a.nham"


@pytest.mark.parametrize(
    ("topics", "says"), [([], "two topics"), ([Topic("a", ("x",)), Topic("b", ())], "b has no utterance")]
)
def test_unusable_topics_are_refused_with_a_remedy(topics: list[Topic], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Matcher.build(topics)


def test_a_saved_matcher_decides_as_before(tmp_path: Path) -> None:
    BUILT.save(tmp_path / "m.model")
    loaded = Matcher.load(tmp_path / "m.model")
    for text in ("mất căn cước", "o tro", "zzz", ""):
        assert loaded.match(text) == BUILT.match(text)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"not a model at all"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "m.model").write_bytes(damage)
    with pytest.raises(BadModel):
        Matcher.load(tmp_path / "m.model")


def test_a_file_damaged_anywhere_is_refused_or_still_decides(tmp_path: Path) -> None:
    BUILT.save(tmp_path / "m.model")
    whole = (tmp_path / "m.model").read_bytes()
    chance = random.Random(7)
    for _ in range(20):
        cut = whole[: chance.randrange(len(whole))]
        (tmp_path / "m.model").write_bytes(cut)
        with pytest.raises(BadModel):
            Matcher.load(tmp_path / "m.model")


def test_the_cache_builds_once_and_again_when_a_topic_changes(tmp_path: Path) -> None:
    builds: list[str] = []

    def progress(stage: str, done: float) -> None:
        if done >= 1:
            builds.append(stage)

    topics = [Topic(topic, said) for topic, said in TOPICS.items()]
    for _ in range(2):
        cached(tmp_path, topics, progress)
    assert len(builds) == 1
    cached(tmp_path, [*topics, Topic("x.y", ("câu mới",))], progress)
    assert len(builds) == 2
    assert len(list(tmp_path.glob("*.model"))) == 1, "the old one is removed"


def test_a_damaged_cache_is_built_anew(tmp_path: Path) -> None:
    topics = [Topic(topic, said) for topic, said in TOPICS.items()]
    cached(tmp_path, topics)
    for file in tmp_path.glob("*.model"):
        file.write_bytes(b"broken")
    assert cached(tmp_path, topics).match("mất căn cước").candidates[0].topic == "cancuoc.mat"


def test_why_shows_words_scores_and_thresholds() -> None:
    explanation = BUILT.explain("mất cccd lm lại sao")
    assert explanation.words == ("mất", "căn", "cước", "làm", "lại", "sao")
    assert explanation.scores[0][0] == "cancuoc.mat"
    assert explanation.evidence[0][0] == "cancuoc.mat"
    assert 0 < explanation.clarify_from < explanation.answer_from < 1


def test_a_flood_of_letters_is_cut_to_what_matters() -> None:
    noise = "".join(random.Random(1).choices(string.ascii_letters + " ", k=50_000))
    assert BUILT.match(noise + " mất căn cước thì làm lại sao").candidates[0].topic == "cancuoc.mat"
