from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import main as bot_cli
from bot.content.denominators import read_denominators
from bot.content.indicator_check import check_indicators
from bot.content.indicators import Indicators, load_indicators
from bot.documents import DocumentError
from tests.site import make_course, make_site

HEADING = "key,area,year,value,source,date,note\n"
ROW = "cong_nhan,,2026,200,Số liệu thử,2026-01-01,\n"
THU: dict[str, Any] = {
    "id": "cong_nhan",
    "name": "Công nhân đã học khóa thử",
    "label": "Công nhân đã học",
    "definition": "Số người đã hoàn thành khóa học thử, mỗi người một lần.",
    "sets": ["THU"],
    "basis": [{"title": "Quyết định thử năm 2026"}],
    "counts": "persons",
    "numerator": {"courses": ["thu"]},
    "unit": "người",
    "owner": "Sở Thử",
    "limits": "Chỉ để thử.",
}
SETS: dict[str, Any] = {
    "THU": {"title": "Bộ chỉ số thử", "version": "1", "source": {"title": "Quyết định thử"}},
}


def load(folder: Path, *changes: dict[str, Any], rows: str = ROW, **more: Any) -> Indicators:
    """One indicator for each of ``changes``; None takes a field away."""
    each = [{key: value for key, value in (THU | change).items() if value is not None} for change in changes or ({},)]
    file = {"sets": SETS, "indicators": each} | more
    text = yaml.safe_dump(file, allow_unicode=True, sort_keys=False)
    (folder / "indicators.yaml").write_text(text, encoding="utf-8")
    (folder / "denominators.csv").write_text(HEADING + rows, encoding="utf-8")
    return load_indicators(folder)


def refused(folder: Path, *changes: dict[str, Any], **more: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        load(folder, *changes, **more)
    return str(caught.value).replace(str(folder), "")


def unreadable(folder: Path, text: str) -> str:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_denominators(path)
    return str(caught.value).replace(str(folder), "")


def found(folder: Path, *changes: dict[str, Any], **more: Any) -> str:
    loaded = load(folder, *changes, rows="", **more)
    return "\n".join(
        str(problem).replace(str(folder), "")
        for problem in check_indicators(
            folder / "indicators.yaml", folder / "denominators.csv", loaded, ["thu"], ["25747"]
        )
    )


# The loader


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sets": ["LA"]}, "/indicators.yaml:12: [indicators.0.sets] 'LA' is no set → name it under sets first"),
        ({"limits": None}, "/indicators.yaml:8: [indicators.0.limits] Field required → add it"),
        ({"basis": []}, "/indicators.yaml:14: [indicators.0.basis] Tuple should have at least 1 item"),
        (
            {"denominator": "ai_biet"},
            "[indicators.0.denominator] 'ai_biet' has neither a row in denominators.csv nor a place under totals "
            "→ add its value with source and date, or say under totals whom to ask for it",
        ),
        (
            {"numerator": {"courses": ["thu"], "competences": "each"}},
            "/indicators.yaml:17: [indicators.0.numerator] counts courses and competences at once "
            "→ make two indicators of it",
        ),
        ({"counts": "questions"}, "[indicators.0] numerator says nothing about questions → remove it"),
        (
            {"counts": "assisted", "numerator": {"audience": ["worker"]}},
            "[indicators.0] nobody knows audience or age of assisted people → remove both from numerator",
        ),
        (
            {"counts": "turns", "numerator": {"competences": "each"}},
            "[indicators.0] competences are not counted by turns → write counts: persons",
        ),
    ],
)
def test_a_mistake_is_named_with_file_line_field_and_remedy(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    assert says in refused(tmp_path, change)


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    assert "[indicators.1.id] 'cong_nhan' stands twice → give one of them another id" in refused(tmp_path, {}, {})


def test_a_file_without_any_indicator_is_a_mistake(tmp_path: Path) -> None:
    assert "[indicators] lists no indicator → write one, or remove the file" in refused(tmp_path, indicators=[])


def test_a_set_is_replaced_by_a_set_that_is_there(tmp_path: Path) -> None:
    gone = {"THU": SETS["THU"] | {"replaced_by": "MOI"}}
    assert "[sets.THU.replaced_by] 'MOI' is no set → name it under sets first" in refused(tmp_path, sets=gone)


def test_a_site_without_indicators_has_none(tmp_path: Path) -> None:
    assert load_indicators(tmp_path).all == ()


def test_a_target_is_the_next_one_and_the_last_when_all_are_past(tmp_path: Path) -> None:
    targets = [{"year": 2030, "value": 90}, {"year": 2025, "value": 70}]
    (indicator,) = load(tmp_path, {"targets": targets}).all
    reached = {year: target.value for year in (2024, 2025, 2026, 2031) if (target := indicator.target(year))}
    assert reached == {2024: 70, 2025: 70, 2026: 90, 2031: 90}


# Denominators


def test_the_newest_value_is_taken_that_is_not_of_a_later_year(tmp_path: Path) -> None:
    rows = "".join(ROW.replace("2026,200", f"{year},{value}") for year, value in ((2025, 100), (2028, 300)))
    loaded = load(tmp_path, rows=rows)
    by_year = {
        year: row.value if (row := loaded.denominator("cong_nhan", "", year)) else None
        for year in (2024, 2025, 2027, 2028)
    }
    assert by_year == {2024: None, 2025: 100, 2027: 100, 2028: 300}


def test_the_whole_is_not_taken_for_a_ward(tmp_path: Path) -> None:
    assert load(tmp_path).denominator("cong_nhan", "25747", 2026) is None


def test_a_total_without_a_value_names_whom_to_ask(tmp_path: Path) -> None:
    totals = {
        "cong_nhan": {"title": "Công nhân", "ask": "Hỏi Sở Thử."},
        "dan": {"title": "Người dân", "ask": "Hỏi Sở Thử."},
    }
    loaded = load(tmp_path, {"denominator": "dan"}, totals=totals)
    assert list(loaded.wanted()) == ["dan"]
    assert loaded.denominator("dan", "", 2026) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEADING + ROW + ROW, "/own.csv:3: [key] cong_nhan of 2026 stands on line 2 too → keep one of the two"),
        (HEADING + ROW.replace("200", "1.200.000"), "/own.csv:2: [value] Input should be a valid integer"),
        (HEADING + ROW.replace("200", "1.200.000"), "(found '1.200.000') → write digits alone, as in 1200000"),
        (HEADING + ROW.replace("200", "0"), "/own.csv:2: [value] Input should be greater than 0"),
        (HEADING + ROW.replace("2026-01-01", "1/1/2026"), "→ write the day of the source as in 2026-06-30"),
        (HEADING + ROW.replace(",,2026", ",747,2026"), "/own.csv:2: [area]"),
        (HEADING + ROW.replace("Số liệu thử", ""), "/own.csv:2: [source]"),
        (
            HEADING + ROW.replace("200", "1,2"),
            "/own.csv:2: has more cells than the heading → put a cell that holds a comma in quotes",
        ),
        (HEADING.replace("value,", "") + ROW, "/own.csv:1: [value] is missing in the heading → begin the file with"),
        (HEADING.replace("note", "ghi_chu") + ROW, "/own.csv:1: [ghi_chu] is no column → remove it or fix its name"),
        ("", "/own.csv:1: [key] is missing in the heading"),
    ],
)
def test_a_wrong_row_is_refused_with_line_column_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    assert says in unreadable(tmp_path, text)


def test_the_line_is_right_after_a_cell_of_several_lines(tmp_path: Path) -> None:
    long = ROW.replace("Số liệu thử", '"Số liệu\nthử"').replace("cong_nhan", "khac")
    assert "/own.csv:4: [value]" in unreadable(tmp_path, HEADING + long + ROW.replace("200", "nhiều"))


def test_a_file_saved_by_a_spreadsheet_with_semicolons_and_a_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text((HEADING + ROW).replace(",", ";"), encoding="utf-8-sig")
    (row,) = read_denominators(path)
    assert (row.key, row.value, row.line) == ("cong_nhan", 200, 2)


def test_a_site_s_own_file_takes_the_place_of_the_content_s_and_must_be_there(tmp_path: Path) -> None:
    load(tmp_path)
    own = tmp_path / "own.csv"
    with pytest.raises(DocumentError, match=r"cannot be read.*→ create the file"):
        load_indicators(tmp_path, own)
    own.write_text(HEADING + ROW.replace("200", "250"), encoding="utf-8")
    assert [row.value for row in load_indicators(tmp_path, own).denominators] == [250]


# What `bot check` finds


def test_a_good_indicator_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"numerator": {"courses": ["la"]}}, "[indicators.0.numerator.courses.0] 'la' is no course → use one of thu"),
        ({"owner": "AiĐó"}, "[indicators.0.owner] 'AiĐó' is no agency → write the full name of who reports it"),
        ({"basis": [{"title": "Quyết định 1/QĐ-X"}]}, "[indicators.0.basis.0] 'Quyết định 1/QĐ-X' has no date"),
        ({"targets": [{"year": 2026, "value": 70}]}, "[indicators.0.targets.0] does not say who set this target"),
        ({"counts": "assisted"}, "assisted people pass lessons, never courses → write kind: lesson"),
        ({"limits": "Một câu " + "rất " * 25 + "dài."}, "[indicators.0.limits] a sentence has over 25 words"),
        ({"limits": "Không gồm UBND."}, "the abbreviation 'UBND' is not explained → write it in full"),
    ],
)
def test_what_an_auditor_would_send_back_is_a_problem(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    assert says in found(tmp_path, change)


def test_a_per_cent_over_100_is_a_problem(tmp_path: Path) -> None:
    totals = {"dan": {"title": "Người dân", "ask": "Hỏi Sở Thử."}}
    target = {"year": 2026, "value": 812422, "source": {"title": "Kế hoạch thử"}}
    said = found(tmp_path, {"denominator": "dan", "targets": [target]}, totals=totals)
    assert "[indicators.0.targets.0] is over 100 per cent" in said


def test_a_set_that_nothing_feeds_is_a_problem(tmp_path: Path) -> None:
    assert "[sets.CU] no indicator feeds this set" in found(tmp_path, sets=SETS | {"CU": SETS["THU"]})


def test_two_indicators_of_one_label_are_a_problem(tmp_path: Path) -> None:
    assert "[indicators.1.label] 'Công nhân đã học' stands twice" in found(tmp_path, {}, {"id": "hai"})


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW.replace("cong_nhan", "khac"), "/denominators.csv:2: [key] nothing is divided by 'khac'"),
        (ROW.replace(",,2026", ",99999,2026"), "/denominators.csv:2: [area] '99999' is no ward"),
    ],
)
def test_a_row_that_is_never_used_is_a_problem(tmp_path: Path, row: str, says: str) -> None:
    loaded = load(tmp_path, {"denominator": "cong_nhan"}, rows=ROW.replace("2026,200", "2025,100") + row)
    problems = check_indicators(tmp_path / "indicators.yaml", tmp_path / "denominators.csv", loaded, ["thu"], ["25747"])
    assert [says.replace(":2:", ":3:") in str(problem) for problem in problems] == [True]


def test_a_course_id_too_long_to_be_counted_by_is_a_problem(tmp_path: Path) -> None:
    long = "k" * 58
    problems = check_indicators(tmp_path / "indicators.yaml", tmp_path, load(tmp_path), ["thu", long], [])
    assert f"{long}/course.yaml:1: its id is too long to be counted by" in "\n".join(map(str, problems))


def test_check_ends_with_exit_code_1_and_names_what_is_wrong_with_an_indicator(tmp_path: Path) -> None:
    config = make_site(tmp_path, content=str(tmp_path / "content"))
    make_course(tmp_path / "content")
    totals = {"dan": {"title": "Người dân", "ask": "Hỏi Sở Thử."}}
    load(tmp_path / "content" / "vi", {"numerator": {"courses": ["la"]}, "denominator": "dan"}, rows="", totals=totals)
    done = CliRunner().invoke(bot_cli, ["--config", str(config), "check"])
    assert done.exit_code == 1
    assert "'la' is no course → use one of thu" in done.output
    assert "no value yet for dan (Người dân): Hỏi Sở Thử." in done.output
