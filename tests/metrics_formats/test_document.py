from __future__ import annotations

import dataclasses
import io

import pytest
from pypdf import PdfReader

from bot.i18n import Texts
from bot.metrics import wording
from bot.metrics.formats import render
from bot.metrics.report import Metrics, Report
from bot.pictures import document
from bot.pictures.paper import Paper


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


@pytest.fixture
def read(report: Report, paper: Paper) -> list[str]:
    return pages(render("pdf", report, paper))


def test_the_first_page_says_what_leads(read: list[str]) -> None:
    for text in ("Báo cáo kỹ năng số", "Quý IV năm 2026", "Công nhân đã học", "2 % (4 người)", "còn thiếu 136 người"):
        assert text in read[0], text


def test_every_part_of_the_report_is_printed(read: list[str], paper: Paper) -> None:
    whole = " ".join(read)
    for table in paper.tables:
        assert table.title in whole, table.title
    for text in ("Cách đếm", "Giới hạn", "Quyết định thử", "Phường Thủ Dầu Một", "Chưa rõ phường, xã", "Ngoài phạm vi"):
        assert text in whole, text


def test_pages_are_numbered(read: list[str]) -> None:
    assert len(read) > 2
    for number, page in enumerate(read, 1):
        assert f"Trang {number}/{len(read)}" in page


def test_pages_are_a4(report: Report, paper: Paper) -> None:
    box = PdfReader(io.BytesIO(render("pdf", report, paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_a_table_that_runs_on_repeats_its_head(read: list[str]) -> None:
    with_wards = [page for page in read if "Xã Long Hòa" in page or "Phường Bến Cát" in page]
    assert len(with_wards) > 1
    assert all("Phường, xã" in page for page in with_wards)


def test_made_up_people_are_announced_on_top(report: Report, metrics: Metrics, say: Texts) -> None:
    made_up = wording.paper(dataclasses.replace(report, made_up=True), metrics.indicators, say)
    assert pages(document.as_pdf(made_up))[0].startswith("DỮ LIỆU MINH HỌA")


def test_a_text_longer_than_a_page_runs_on(paper: Paper) -> None:
    long = dataclasses.replace(paper, notes=("rất dài " * 3000,))
    assert " ".join(pages(document.as_pdf(long))).count("rất dài") == 3000
