from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from bot.content.articles import load_library
from bot.documents import DocumentError
from tests.site import TOPICS, article, make_content, write_article

GOOD: dict[str, Any] = article("thu.mot", ("câu hỏi một",))


def message(root: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        load_library(root)
    return str(caught.value)


def test_an_article_s_id_is_its_place(tmp_path: Path) -> None:
    write_article(tmp_path, "thu.mot", GOOD)
    assert list(load_library(tmp_path).articles) == ["thu.mot"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"related": ["thu.khong_co"]}, "'thu.khong_co' is no article → name a topic that exists"),
        ({"related": ["thu.mot"]}, "is related to itself"),
        ({"review_by": "2026-10-01"}, "review_by must come after reviewed"),
        ({"facets": {"fee": {"text": "x", "source": "la"}}}, "cites 'la', which is not under sources"),
        ({"facets": {"fee": {"source": "cong"}}}, "says nothing"),
        ({"facets": {"price": {"text": "x", "source": "cong"}}}, "facets.price"),
        ({"facets": {"fee": {"text": "x", "source": "cong", "after": "y"}}}, "valid_until and after go together"),
        ({"audience": ["everyone"]}, "[audience.0]"),
        ({"label": "x" * 37}, "[label]"),
        ({"utterances": []}, "[utterances]"),
        ({"competences": ["2.3"]}, 'write "<area>.<number>@<level>"'),
        ({"sources": {}, "facets": {}}, "has no source"),
        ({"id": "thu.hai"}, "comes from the file's place"),
    ],
)
def test_a_mistake_is_reported_with_the_file_and_the_remedy(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    path = write_article(tmp_path, "thu.mot", GOOD | change)
    text = message(tmp_path)
    assert str(path) in text
    assert says in text
    assert " → " in text


def test_the_mistakes_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    write_article(tmp_path, "thu.mot", GOOD | {"label": ""})
    write_article(tmp_path, "thu.hai", GOOD | {"owner": 3})
    text = message(tmp_path)
    assert "mot.yaml" in text
    assert "hai.yaml" in text


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    assert "holds no article" in message(tmp_path)


def test_the_version_changes_with_any_article(tmp_path: Path) -> None:
    write_article(tmp_path, "thu.mot", GOOD)
    before = load_library(tmp_path).version
    write_article(tmp_path, "thu.mot", GOOD | {"title": "Khác"})
    assert load_library(tmp_path).version != before


def test_articles_past_their_review_date_are_listed_longest_overdue_first(tmp_path: Path) -> None:
    library = load_library(make_content(tmp_path) / "vi")
    assert library.overdue(dt.date(2027, 11, 1)) == []
    assert len(library.overdue(dt.date(2027, 11, 2))) == len(TOPICS)
