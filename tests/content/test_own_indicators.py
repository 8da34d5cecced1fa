"""The site's own indicators: what they count, whatever they are called, and what the documentation says of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.content.courses import load_catalogue
from bot.content.indicator_check import check_indicators
from bot.content.indicators import Indicator, Indicators, load_indicators
from bot.content.places import load_places
from tests.site import REPO

VI = REPO / "content" / "vi"


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
