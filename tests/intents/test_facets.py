from __future__ import annotations

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.lexicon import load_words
from intents.facets import facet, subjectless
from intents.reading import Reader
from tests.site import REPO

READER = Reader.learn([], load_words(REPO / "content" / "vi"))


def asked(text: str) -> str:
    return facet(READER.lexicon.expand(READER.words(text)))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("làm lại căn cước hết bao nhiêu tiền", "fee"),
        ("dk ket hon can giay gi", "documents"),
        ("mấy bữa có kết quả vậy", "time"),
        ("khai sinh cho con thì ra đâu", "place"),
        ("đăng ký tạm trú bấm chỗ nào trên vneid", "steps"),
        ("nop tren mang duoc ko", "online"),
        ("trễ hạn có bị phạt không", "legal"),
        ("máy cứ báo lỗi hoài", ""),
        ("toàn trình nghĩa là sao", ""),
    ],
)
def test_set_phrases_tell_which_part_of_the_answer_is_asked(text: str, part: str) -> None:
    assert asked(text) == part


def test_of_two_parts_the_one_asked_last_counts() -> None:
    assert asked("làm hộ chiếu mang theo gì và mất mấy ngày") == "time"


def test_questions_by_another_author_are_read_right_at_least_nine_times_in_ten() -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with (REPO / "tests" / "data" / "facets.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            total[row["facet"]] += 1
            right[row["facet"]] += (asked(row["text"]) or "none") == row["facet"]
    assert total.total() > 1500
    assert {name: share for name in total if (share := right[name] / total[name]) < 0.85} == {}
    assert right.total() / total.total() > 0.9


@pytest.mark.parametrize("text", ["phí bao nhiêu", "còn online thì sao", "cái đó làm ở đâu", "mấy ngày có vậy"])
def test_a_question_about_a_part_alone_has_no_subject(text: str) -> None:
    assert subjectless(READER.words(text))


def test_a_question_with_a_subject_stands_by_itself() -> None:
    assert not subjectless(READER.words("phí làm căn cước bao nhiêu"))


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    asked(text)
