from __future__ import annotations

import csv
import io
import json

from bot.i18n import Texts
from bot.metrics import wording
from bot.metrics.formats import render
from bot.metrics.report import Metrics, Report
from bot.pictures.paper import Paper
from bot.storage.database import Database
from tests.metrics_formats.conftest import WARD, hostile, report_of


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_json_holds_exact_numbers_under_names_of_their_own(report: Report, paper: Paper) -> None:
    found = json.loads(render("json", report, paper))
    figure = found["figures"][0]
    assert (figure["id"], figure["value"], figure["new"], figure["change"]) == ("cong_nhan", 4, 3, 2)
    assert figure["denominator"]["value"] == 200 and figure["denominator"]["source"] == "Số liệu thử"
    assert (figure["share"], figure["missing"], figure["unknown"]) == (2.0, 136, 1)
    assert found["period"] == {"name": "2026-Q4", "first": "2026-10", "last": "2026-12"}
    ward = next(ward for ward in found["wards"] if ward["code"] == WARD)
    assert ward["figures"]["cong_nhan"]["missing"] == 24
    assert found["wards"][-1]["code"] is None


async def test_json_names_the_set_it_was_limited_to(filled: Database, metrics: Metrics, say: Texts) -> None:
    made = await report_of(filled, metrics, set="THU")
    assert json.loads(render("json", made, wording.paper(made, metrics.indicators, say)))["set"] == "THU"


def test_csv_has_one_number_a_line_with_a_decimal_point(report: Report, paper: Paper) -> None:
    found = rows(render("csv", report, paper))
    assert found[0] == ["table", "row", "column", "value"]
    assert ["Chỉ số", "Công nhân đã học khóa thử", "Tỷ lệ", "0.02"] in found
    assert ["Khóa học", "Khóa thử", "Học xong", "5"] in found


async def test_csv_begins_no_cell_of_text_like_a_formula(filled: Database, metrics: Metrics, say: Texts) -> None:
    bad = hostile(metrics)
    made = await report_of(filled, bad)
    found = rows(render("csv", made, wording.paper(made, bad.indicators, say)))
    texts = [cell for row in found for cell in row[:3]]
    assert "'=1+1" in texts and "'+cmd|' /C calc'!A0" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]
    assert "'@SUM(A1)" in [row[3] for row in found]
