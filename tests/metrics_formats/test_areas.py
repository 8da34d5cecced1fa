from __future__ import annotations

import pytest

from bot.content.places import Places, load_places
from bot.metrics.areas import find
from tests.site import REPO


@pytest.fixture(scope="module")
def places() -> Places:
    found = load_places(REPO / "content" / "vi")
    assert found
    return found


@pytest.mark.parametrize("text", ["25747", "Phường Thủ Dầu Một", "thu dau mot", "phuong Thủ Dầu Một"])
def test_a_ward_is_found_by_code_and_by_name(places: Places, text: str) -> None:
    units, sure = find(places, text)
    assert ([unit.code for unit in units], sure) == (["25747"], True)


def test_a_name_of_today_means_the_ward_of_today(places: Places) -> None:
    units, sure = find(places, "Phường Lái Thiêu")
    assert ([unit.name for unit in units], sure) == (["Phường Lái Thiêu"], True)


def test_a_misspelled_name_is_offered_and_never_taken_for_sure(places: Places) -> None:
    units, sure = find(places, "Tân Đông Hiêpp")
    assert ([unit.name for unit in units], sure) == (["Phường Tân Đông Hiệp"], False)


def test_a_name_among_other_words_is_not_taken_for_sure(places: Places) -> None:
    assert not find(places, "các phường quanh Lái Thiêu với Dĩ An")[1]


def test_what_is_no_ward_finds_none(places: Places) -> None:
    assert find(places, "Nam Cực") == ((), False)
