"""``python -m bot broadcast``: a draft from a file, the list, and holding what is under way."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.site import make_course, make_indicators, make_site

FILE = """
category: tin_moi
text: Từ mai, bộ phận một cửa làm việc cả sáng thứ bảy.
buttons: ["Học ngay | thu.bai_1"]
segment: {only: {audience: [worker]}}
"""
KINDS = """
urgent: {label: Tin khẩn, about: "Bão lũ."}
categories: {tin_moi: {label: Tin mới, about: "Tin tức."}}
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_site(tmp_path)
    make_course(tmp_path / "content")
    make_indicators(tmp_path / "content")
    (tmp_path / "content" / "vi" / "announcements.yaml").write_text(KINDS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["broadcast", *arguments])
    return result.exit_code, result.output


def draft(site: Path, text: str = FILE) -> tuple[int, str]:
    (site / "tin.yaml").write_text(text, encoding="utf-8")
    run("list")  # makes the database
    with sqlite3.connect(site / "site.db") as rows:
        rows.execute("INSERT OR IGNORE INTO person (id, channel, external, created_at) VALUES (7, 'telegram', '7', 0)")
    return run("draft", "tin.yaml", "--author", "7")


def test_a_file_becomes_a_draft_of_its_author_and_says_how_many_it_reaches(site: Path) -> None:
    assert draft(site) == (0, "announcement 1: 0 recipients today\n")
    code, listed = run("list", "--json")
    assert code == 0
    assert json.loads(listed) == [{"id": 1, "status": "draft", "category": "tin_moi", "total": None}]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("tin_moi", "khac"), "no kind of announcement"),
        (("thu.bai_1", "thu.bai_9"), "course.lesson"),
        (("audience", "audienz"), "audienz"),
        (("Từ mai, bộ phận một cửa làm việc cả sáng thứ bảy.", "Ồ"), "text"),
    ],
    ids=["kind", "button", "condition", "text"],
)
def test_what_cannot_be_sent_is_refused_with_what_helps(site: Path, change: tuple[str, str], said: str) -> None:
    code, output = draft(site, FILE.replace(*change))
    assert code == 2
    assert said in output


def test_a_cancelled_announcement_stays_cancelled(site: Path) -> None:
    draft(site)
    assert run("hold", "1", "cancel") == (0, "cancelled\n")
    code, output = run("hold", "1", "resume")
    assert (code, "not possible" in output) == (2, True)


def test_a_number_that_nobody_gave_is_an_error(site: Path) -> None:
    assert run("hold", "9", "pause")[0] == 2
