from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.courses import load_catalogue
from bot.content.denominators import read_denominators
from bot.content.indicator_check import check_indicators
from bot.content.indicators import Indicator, Indicators, load_indicators
from bot.content.places import load_places
from bot.documents import DocumentError
from tests.site import REPO

VI = REPO / "content" / "vi"
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


# The site's own


@pytest.fixture(scope="module")
def own() -> Indicators:
    return load_indicators(VI)


def one(own: Indicators, counts: str, **numerator: Any) -> Indicator:
    """The only indicator that counts just so, whatever it is called."""
    plain = {"kind": "course", "courses": None, "audience": (), "age": (), "competences": ""} | numerator
    fit = [
        each
        for each in own.all
        if each.counts == counts
        and all(value is None or set(getattr(each.numerator, name)) == set(value) for name, value in plain.items())
    ]
    assert len(fit) == 1, [each.id for each in fit]
    return fit[0]


WORKING_AGE = ("15_24", "25_34", "35_44", "45_54", "55_59")


def test_the_site_s_own_indicators_pass_the_check(own: Indicators) -> None:
    places = load_places(VI)
    assert places is not None
    courses = load_catalogue(VI).courses
    assert check_indicators(VI / "indicators.yaml", VI / "denominators.csv", own, courses, places.units) == []


def test_workers_are_counted_as_persons_and_as_turns(own: Indicators) -> None:
    persons = one(own, "persons", audience=("worker",))
    turns = one(own, "turns", audience=("worker",))
    assert persons.numerator == turns.numerator
    assert "mot_gio" in persons.numerator.courses


def test_basic_digital_skills_are_those_of_working_age(own: Indicators) -> None:
    skills = one(own, "persons", courses=("ky_nang_so", "mot_gio"), age=WORKING_AGE)
    assert skills.denominator


def test_able_to_use_online_services_aims_at_70_and_90_per_cent(own: Indicators) -> None:
    able = one(own, "persons", courses=("dvc_truc_tuyen", "mot_gio"), age=WORKING_AGE)
    assert {target.year: target.value for target in able.targets} == {2025: 70, 2030: 90}
    assert able.denominator == one(own, "persons", courses=("ky_nang_so", "mot_gio"), age=WORKING_AGE).denominator


@pytest.mark.parametrize(
    ("course", "audience"),
    [("can_bo_cong_chuc", ("official", "it_specialist")), ("cong_nghe_so", ("it_specialist",))],
)
def test_officials_and_specialists_aim_at_all_of_them(own: Indicators, course: str, audience: tuple[str, ...]) -> None:
    trained = one(own, "persons", courses=(course,), audience=audience)
    assert [(target.year, target.value) for target in trained.targets] == [(2025, 100)]
    assert trained.denominator


def test_each_competence_is_counted(own: Indicators) -> None:
    assert one(own, "persons", competences="each").numerator.courses == ()


@pytest.mark.parametrize("audience", ["student", "teacher", "business"])
def test_students_teachers_and_businesses_are_reached(own: Indicators, audience: str) -> None:
    assert one(own, "persons", audience=(audience,)).numerator.courses


def test_community_teams_have_members_and_help_people_without_an_account(own: Indicators) -> None:
    assert one(own, "teams").unit == "tổ"
    assert one(own, "members").unit == "người"
    assert one(own, "assisted", kind="lesson").unit == "lượt"


def test_questions_are_counted(own: Indicators) -> None:
    assert "chưa trả lời được" in one(own, "questions").definition


def test_information_safety_is_counted_as_persons_and_as_turns_with_help(own: Indicators) -> None:
    assert one(own, "persons", courses=("an_toan",)).headline
    assert "hỗ trợ" in one(own, "turns", courses=("an_toan",), kind="lesson").definition


def test_every_figure_says_its_basis_its_limits_and_who_reports_it(own: Indicators) -> None:
    official = {name: each.source.title for name, each in own.sets.items()}
    for each in own.all:
        assert each.owner and len(each.limits) > 40, each.id
        assert {official[name] for name in each.sets} <= {source.title for source in each.basis}, each.id


def test_a_definition_names_every_course_it_counts(own: Indicators) -> None:
    courses = load_catalogue(VI).courses
    for each in own.all:
        for course in each.numerator.courses:
            assert courses[course].about.title in each.definition, (each.id, course)


def test_what_lacks_a_total_says_so_and_the_total_says_whom_to_ask(own: Indicators) -> None:
    wanted = own.wanted()
    assert wanted
    for each in own.all:
        if each.denominator in wanted:
            assert "Chưa có" in each.unread, each.id


def test_a_leader_reads_six_to_eight_first_and_all_of_them_are_persons(own: Indicators) -> None:
    headline = [each for each in own.all if each.headline]
    assert 6 <= len(headline) <= 8
    assert {each.counts for each in headline} == {"persons"}


def test_the_sets_are_the_official_ones_and_one_was_replaced(own: Indicators) -> None:
    assert set(own.sets) == {"DTI-922", "DTI-405", "DA-146", "PCKNS-757", "KH-01", "local"}
    assert {name: each.replaced_by for name, each in own.sets.items() if each.replaced_by} == {"DTI-922": "DTI-405"}
    assert [name for name, each in own.sets.items() if not each.unread] == ["local"]


def test_the_figures_of_2022_stand_beside_with_year_and_source(own: Indicators) -> None:
    published = {
        reference.value: (reference.year, reference.source.title) for each in own.all for reference in each.references
    }
    paper = "Báo Bình Dương"
    assert (
        published.items()
        >= {
            "812.422 người": (2022, paper),
            "504 sinh viên": (2022, paper),
            "89,74 %": (2022, paper),
            "22/63": (2021, paper),
        }.items()
    )


# The documentation


def table(own: Indicators) -> str:
    """What docs/metrics.md says about each indicator, read from the content."""
    lines = ["| id | label | counts | courses | of | sets | divided by | target |", "|" + "---|" * 8]
    for each in own.all:
        who = [*each.numerator.audience]
        if ages := each.numerator.age:
            who.append(f"{ages[0].split('_')[0]}-{ages[-1].split('_')[1]}")
        lessons = " (lessons)" if each.numerator.kind == "lesson" else ""
        cells = [
            f"`{each.id}`",
            each.label + (" ★" if each.headline else ""),
            each.counts,
            (", ".join(each.numerator.courses) or ("each competence" if each.numerator.competences else "")) + lessons,
            ", ".join(who),
            ", ".join(each.sets),
            each.denominator or "",
            ", ".join(f"{target.value:g} % {target.year}" for target in each.targets),
        ]
        lines.append("| " + " | ".join(cell.strip() or "-" for cell in cells) + " |")
    return "\n".join(lines)


def test_the_documentation_s_table_is_the_content(own: Indicators) -> None:
    text = (REPO / "docs" / "metrics.md").read_text(encoding="utf-8")
    written = re.search(r"^\| id \| label.*?(?=\n\n)", text, re.MULTILINE | re.DOTALL)
    assert written, f"put the table into docs/metrics.md:\n{table(own)}"
    assert written[0] == table(own), f"put this into docs/metrics.md:\n{table(own)}"


def test_the_documentation_names_every_total_and_every_set(own: Indicators) -> None:
    text = (REPO / "docs" / "metrics.md").read_text(encoding="utf-8")
    for name in [*own.totals, *own.sets]:
        assert f"`{name}`" in text, name
