from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.places import Places, load_places
from bot.documents import DocumentError
from tests.site import REPO


@pytest.fixture(scope="module")
def places() -> Places:
    loaded = load_places(REPO / "content" / "vi")
    assert loaded is not None
    return loaded


def leads_to(places: Places, text: str) -> set[str]:
    return {unit.name for old in places.find(text).old for unit in old.into}


def test_the_site_has_36_units_made_of_91_old_ones_of_which_16_were_split(places: Places) -> None:
    assert len(places.units) == 36
    assert sum(unit.name.startswith("Phường") for unit in places.units.values()) == 24
    assert len(places.old) == 91
    assert sum(len(old.into) > 1 for old in places.old) == 16


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("phường Phú Cường nay là gì", "Phường Thủ Dầu Một"),
        ("phu cuong gio thuoc phuong nao", "Phường Thủ Dầu Một"),
        ("Hoà Phú", "Phường Bình Dương"),
        ("tt phước vĩnh", "Xã Phú Giáo"),
        ("cây trường", "Xã Trừ Văn Thố"),
        ("PHƯỜNG TÂN AN", "Phường Phú An"),
    ],
)
def test_an_old_name_leads_to_the_new_unit_with_or_without_accents(places: Places, text: str, new: str) -> None:
    assert leads_to(places, text) == {new}


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("tân hiệp", {"Phường Tân Hiệp", "Xã Phước Thành"}),
        ("xã tân hiệp", {"Xã Phước Thành"}),
        ("tan hiep phu giao", {"Xã Phước Thành"}),
        ("phường tân định", {"Phường Hòa Lợi"}),
        ("tân định bắc tân uyên", {"Xã Bắc Tân Uyên"}),
    ],
)
def test_a_name_used_twice_is_told_apart_by_its_kind_or_district(places: Places, text: str, new: set[str]) -> None:
    assert leads_to(places, text) == new


def test_a_split_unit_leads_to_all_its_parts(places: Places) -> None:
    assert leads_to(places, "Bình Chuẩn") == {"Phường Thuận Giao", "Phường An Phú"}


def test_accents_decide_where_they_were_typed(places: Places) -> None:
    assert not places.find("bình an toàn").old or leads_to(places, "bình an") == {"Phường Đông Hòa"}
    assert leads_to(places, "phú hòa") == {"Phường Phú Lợi"}
    assert places.find("phụ hoạ").guessed


@pytest.mark.parametrize("text", ["phú cươmg", "ph cường", "uyen hug"])
def test_a_misspelled_name_is_guessed_and_marked_so(places: Places, text: str) -> None:
    found = places.find(text)
    assert found.guessed
    assert found.old


def test_other_words_beside_the_name_are_noticed(places: Places) -> None:
    assert places.find("phường Phú Cường giờ là phường gì").alone
    assert not places.find("làm căn cước ở phường Phú Cường").alone


def test_a_district_lists_its_units_of_today(places: Places) -> None:
    (name,) = places.find("huyện bàu bàng").districts
    assert {unit.name for unit in places.of_district(name)} == {
        "Phường Bến Cát",
        "Xã Trừ Văn Thố",
        "Xã Bàu Bàng",
        "Phường Chánh Phú Hòa",
        "Phường Long Nguyên",
    }


def test_every_old_unit_is_found_by_its_own_name_with_and_without_accents(places: Places) -> None:
    from intents.text import fold

    for old in places.old:
        assert old in places.find(f"{old.name}, {old.district}").old
        assert old in places.find(fold(old.name)).old


@given(st.text(max_size=60))
def test_any_text_can_be_looked_up(text: str) -> None:
    loaded = load_places(REPO / "content" / "vi")
    assert loaded is not None
    loaded.find(text)


def test_an_unknown_code_is_reported_with_its_remedy(tmp_path: Path) -> None:
    text = (REPO / "content" / "vi" / "places.yaml").read_text(encoding="utf-8")
    (tmp_path / "places.yaml").write_text(text.replace('Phường Phú Cường: ["25747"]', 'Phường Phú Cường: ["99999"]'))
    with pytest.raises(DocumentError, match="99999 → add them under units"):
        load_places(tmp_path)
