from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.content.articles import Library, load_library
from bot.content.check import check_articles, dead_topics, leaked_questions
from bot.content.coverage import as_table, coverage
from tests.site import article, write_article

LONG = "Bạn " + "rất " * 30 + "cần làm việc này."


def library(folder: Path, **change: Any) -> Library:
    write_article(folder, "thu.mot", article("thu.mot", ("quên mật khẩu ứng dụng thì làm sao",)) | change)
    return load_library(folder)


def found(folder: Path, **change: Any) -> str:
    return "\n".join(str(problem) for problem in check_articles(library(folder, **change), {"to"}))


def test_a_good_article_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"owner": "ai_do"}, "'ai_do' is no owner of this site → use one of to"),
        ({"summary": LONG}, "has over 25 words"),
        ({"summary": "Một. Hai. Ba. Bốn."}, "has 4 sentences"),
        ({"summary": "Bạn đến UBND phường."}, "the abbreviation 'UBND' is not explained"),
        ({"facets": {"steps": {"items": ["Làm."] * 9, "source": "cong"}}}, "has 9 steps"),
        ({"utterances": ["Hỏi gì đó?", "hỏi gì  đó"]}, "stands in thu.mot too"),
    ],
)
def test_what_is_hard_to_read_or_to_learn_from_is_a_problem(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    assert says in found(tmp_path, **change)


def test_an_explained_abbreviation_and_a_legal_number_are_fine(tmp_path: Path) -> None:
    text = "Đến Ủy ban nhân dân (UBND) phường. UBND làm theo Nghị định 69/2024/NĐ-CP."
    assert found(tmp_path, summary=text) == ""


@pytest.mark.parametrize("question", ["Quên mật khẩu ứng dụng thì làm sao?", "quên mật khẩu ứng dụng thì làm saoo"])
def test_an_utterance_that_is_nearly_a_test_question_is_refused(tmp_path: Path, question: str) -> None:
    (problem,) = leaked_questions(library(tmp_path).path("thu.mot"), [question], Path("dev.tsv"))
    assert "is nearly a question of dev.tsv → remove it" in str(problem)


def test_an_utterance_of_its_own_is_not_refused(tmp_path: Path) -> None:
    assert (
        list(
            leaked_questions(
                library(tmp_path).path("thu.mot"), ["mất điện thoại thì khóa ứng dụng sao"], Path("dev.tsv")
            )
        )
        == []
    )


def test_a_topic_without_an_article_is_reported_where_it_is_named(tmp_path: Path) -> None:
    menu = tmp_path / "menu.yaml"
    menu.write_text("topics:\n  - thu.mot\n  - thu.khong_co\n", encoding="utf-8")
    (problem,) = dead_topics(menu, library(tmp_path))
    assert f"{menu}:3: [topics.1] 'thu.khong_co' is no article" in str(problem)


def test_the_coverage_table_marks_each_facet_an_article_answers(tmp_path: Path) -> None:
    rows = coverage(library(tmp_path).articles.values())
    assert rows["thu.mot"]["fee"] == 1
    assert rows["thu.mot"]["legal"] == 0
    head, line, total = as_table(rows)
    assert [name for name, mark in zip(head.split(), line.split()[1:], strict=True) if mark == "●"] == ["steps", "fee"]
    assert total.split()[-1] == "1"
