from __future__ import annotations

import dataclasses

from bot.i18n import Texts, load_texts
from bot.metrics import wording
from bot.metrics.formats import render, text
from bot.metrics.report import Cut, Metrics, Report
from bot.pictures.paper import Paper
from bot.storage.database import Database
from tests.metrics_formats.conftest import WARD, report_of
from tests.site import REPO


def line(written: str, label: str) -> str:
    return next(line for line in written.splitlines() if label in line)


def test_a_figure_says_all_it_takes_to_judge_it(report: Report, paper: Paper) -> None:
    written = render("text", report, paper).decode()
    for label, number in (
        ("Tử số", "4"),
        ("Mẫu số (số liệu năm 2026)", "200"),
        ("Tỷ lệ", "2 %"),
        ("Chỉ tiêu năm 2026", "70 %"),
        ("Còn thiếu", "136"),
        ("Trong Quý IV năm 2026", "3"),
        ("Trong Quý III năm 2026", "1"),
        ("Tăng, giảm", "+2"),
        ("Trong năm 2026", "4"),
        ("Số lượt hoàn thành", "4"),
        ("Lượt học có người hỗ trợ", "0"),
        ("Chưa rõ đối tượng", "1"),
    ):
        assert line(written, label).endswith(f" {number}"), label
    assert "Số liệu thử, ngày 01/01/2026" in written
    assert "Căn cứ: Quyết định thử" in written
    assert "Giới hạn: Chỉ để thử." in written


def test_no_line_is_wider_than_the_terminal(paper: Paper) -> None:
    assert max(map(len, text.written(paper).splitlines())) <= text.WIDTH


def test_every_ward_has_a_row_and_unknown_ones_come_last(paper: Paper) -> None:
    wards = next(table for table in paper.tables if table.title == "Theo phường, xã")
    assert len(wards.rows) == 37
    assert [cell.text for cell in wards.rows[0]] == ["Phường Thủ Dầu Một", "4", "6", "chậm 1/1"]
    assert wards.rows[-1][0].text == "Chưa rõ phường, xã"


def test_a_ward_without_its_own_denominator_has_neither_share_nor_target(report: Report, paper: Paper) -> None:
    figure = report.areas[-1].figures["cong_nhan"]
    assert (figure.denominator, figure.target, figure.missing) == (None, None, None)
    luot = next(row for row in report.areas if row.code == WARD).figures["luot"]
    assert luot.value == 6 and luot.missing is None


def test_who_is_behind_and_what_changed_is_said_first(paper: Paper) -> None:
    said = "\n".join(paper.summary)
    assert "Tăng so với Quý III năm 2026: Lượt học (+4); Công nhân đã học (+2)." in said
    assert "Chưa đạt chỉ tiêu: Công nhân đã học (còn thiếu 136 người); Lượt học (còn thiếu 44 người)." in said
    assert "Công nhân đã học: 1 phường, xã chưa đạt chỉ tiêu, xa nhất là Phường Thủ Dầu Một." in said


def test_topics_nobody_serves_are_one_row(paper: Paper) -> None:
    topics = next(table for table in paper.tables if table.tab == "Câu hỏi chưa trả lời")
    assert [[cell.text for cell in row] for row in topics.rows] == [
        ["Việc cutru.tam_tru", "1", "0", "0", "1"],
        ["Ngoài phạm vi", "2", "0", "0", "2"],
    ]


def test_those_who_began_and_did_not_finish_are_shown(paper: Paper) -> None:
    courses = next(table for table in paper.tables if table.title == "Khóa học")
    assert [cell.text for cell in courses.rows[0]] == ["Khóa thử", "6", "5", "1", "83,33 %", "4", "1"]


def test_made_up_people_are_announced_on_top_and_real_ones_are_not(
    report: Report, metrics: Metrics, paper: Paper, say: Texts
) -> None:
    made_up = wording.paper(dataclasses.replace(report, made_up=True), metrics.indicators, say)
    assert "DỮ LIỆU MINH HỌA" in text.written(made_up).splitlines()[1]
    assert "MINH HỌA" not in text.written(paper)


def test_a_period_that_is_not_over_says_up_to_which_day_before_it_compares(paper: Paper) -> None:
    assert paper.summary[0].startswith("Kỳ này chưa hết, số liệu mới đến ngày 24/11/2026")
    assert "chưa hết kỳ, số liệu đến ngày 24/11/2026" in text.written(paper)


async def test_a_period_that_is_over_does_not(filled: Database, metrics: Metrics, say: Texts) -> None:
    made = await report_of(filled, metrics, when="2026-Q3")
    assert "chưa hết kỳ" not in text.written(wording.paper(made, metrics.indicators, say))


async def test_a_target_of_the_whole_is_not_laid_on_a_part(filled: Database, metrics: Metrics, say: Texts) -> None:
    made = await report_of(filled, metrics, Cut("audience", "worker"))
    paper = wording.paper(made, metrics.indicators, say)
    assert paper.subtitle == "Quý IV năm 2026 · Công nhân, người lao động · xã Thử"
    assert all(figure.target == "" and figure.reached is None for figure in paper.figures)
    assert "Đặt cho toàn địa bàn" in text.written(paper)


async def test_a_ward_is_measured_by_its_own_denominator(filled: Database, metrics: Metrics, say: Texts) -> None:
    made = await report_of(filled, metrics, Cut("ward", WARD))
    figure = wording.paper(made, metrics.indicators, say).figures[0]
    assert figure.value == "10 % (4 người)"
    assert figure.target == "Chỉ tiêu 2026: 70 %, còn thiếu 24 người"


def test_a_share_that_is_not_nothing_does_not_look_so(say: Texts) -> None:
    from bot.metrics.saying import percent

    assert percent(0.003, say) == "0,003 %"
    assert percent(0.0001, say) == "dưới 0,001 %"
    assert percent(89.7449, say) == "89,74 %"
    assert percent(0, say) == "0 %"


def test_a_bar_is_full_only_when_all_is_reached_and_empty_only_when_nothing_is() -> None:
    assert [text.bar(share, 4) for share in (0, 0.001, 0.5, 0.999, 1, 3)] == [
        "░░░░", "█░░░", "██░░", "███░", "████", "████",
    ]  # fmt: skip


def test_the_report_can_be_read_in_english(report: Report, metrics: Metrics) -> None:
    written = text.written(wording.paper(report, metrics.indicators, load_texts(REPO / "content", "en")))
    assert "Behind target: Công nhân đã học (short by 136 người)" in written
    assert "2%" in line(written, "Share")


def test_a_paper_survives_its_way_through_json(paper: Paper) -> None:
    import json

    assert Paper.from_json(json.loads(json.dumps(paper.to_json()))) == paper
