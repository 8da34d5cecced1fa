from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from bot.content.courses import load_catalogue
from bot.content.lessons import Lesson, Question
from bot.content.models import Source
from bot.content.quiz_check import BANK, findings, near_duplicates
from tests.site import REPO

SUBJECTS = ("mật khẩu", "mã OTP", "ảnh thẻ", "đường link", "tệp lạ", "cuộc gọi", "ví tiền", "wifi quán", "tin nhắn")


def single(number: int, **change: Any) -> Question:
    options = [
        {"text": "Hỏi lại người thân trước", "why": "Hỏi lại thì chắc hơn."},
        {"text": "Làm theo ngay cho xong", "why": "Vội là dễ bị lừa."},
        {"text": "Chuyển cho bạn bè xem", "why": "Bạn bè cũng có thể bị lừa."},
    ]
    options[number % 3] |= {"right": True}
    fields = {"id": f"q{number}", "kind": "single", "ask": f"Gặp {SUBJECTS[number]} thì làm gì?", "options": options}
    return Question.model_validate(fields | change)


def lesson(*questions: Question) -> Lesson:
    cards = [{"title": f"Thẻ {n}", "text": "Một ý ngắn gọn, dễ hiểu, dễ làm theo."} for n in range(3)]
    return Lesson.model_validate(
        {
            "id": "khoa.bai",
            "title": "Một bài thử",
            "label": "Bài thử",
            "minutes": 3,
            "competences": ["4.1@1"],
            "reviewed": dt.date(2026, 11, 1),
            "review_by": dt.date(2027, 11, 1),
            "cards": cards,
            "source": "s",
            "sources": {"s": Source(title="Nguồn thử")},
            "questions": list(questions) or [single(n) for n in range(BANK)],
        }
    )


def said(*questions: Question) -> str:
    return "\n".join(message for _, message, _ in findings(lesson(*questions)))


def options(*texts: str, right: int) -> list[dict[str, Any]]:
    return [{"text": text, "right": number == right, "why": "Vì là vậy đó."} for number, text in enumerate(texts)]


def test_a_balanced_lesson_has_no_finding() -> None:
    assert said() == ""


def test_too_few_questions_are_found() -> None:
    assert "has 1 questions" in said(single(0))


def test_a_right_option_that_is_the_longest_gives_itself_away() -> None:
    long = options("Gọi lại tổng đài in trên thẻ rồi hỏi cho rõ ràng", "Bấm thử", "Bỏ qua", right=0)
    assert "gives it away" in said(*(single(n) for n in range(1, BANK)), single(0, options=long))


def test_a_lazy_option_is_found() -> None:
    lazy = options("Tất cả đều đúng", "Bấm thử xem sao", "Bỏ qua luôn đi", right=1)
    assert "is a lazy option" in said(*(single(n) for n in range(1, BANK)), single(0, options=lazy))


def test_options_that_hardly_differ_are_found() -> None:
    like = options("Gọi tổng đài ngân hàng", "Gọi tổng đài ngân hàng.", "Bấm thử xem sao", right=2)
    assert "hardly differs" in said(*(single(n) for n in range(1, BANK)), single(0, options=like))


def test_a_right_option_always_at_the_same_place_is_found() -> None:
    same = [
        single(n, options=options("Hỏi lại người thân", "Làm theo ngay", "Chuyển cho bạn bè", right=0))
        for n in range(BANK)
    ]
    assert "stands at the same place" in said(*same)


def test_true_or_false_that_is_always_true_is_found() -> None:
    true = [
        single(n, kind="truefalse", options=options("Đúng", "Sai", right=0)) if n < 4 else single(n)
        for n in range(BANK)
    ]
    assert "nearly all truefalse questions have the same answer" in said(*true)


def test_the_same_question_in_two_lessons_is_found() -> None:
    other = lesson().model_copy(update={"id": "khoa.khac"})
    assert next(near_duplicates([lesson(), other])) == ("khoa.khac", 0, "khoa.bai/q0")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"options": options("Một", "Hai", "Ba", right=9)}, "one of them right"),
        ({"kind": "multiple"}, "2 or more right"),
        ({"kind": "order"}, "none marked right"),
        ({"kind": "truefalse"}, "'Đúng' and 'Sai'"),
        (
            {"kind": "judge", "options": options("Lừa đảo", "Thật", right=0)},
            "message stands in questions of kind judge",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        single(0, **change)


def test_the_site_s_eight_courses_load_with_their_numbers() -> None:
    catalogue = load_catalogue(REPO / "content" / "vi")
    lessons = list(catalogue.lessons())
    assert len(catalogue.courses) == 8
    assert len(lessons) >= 45
    assert sum(len(each.questions) for each in lessons) >= 400
