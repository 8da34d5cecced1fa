from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.links import Judged, Official, addresses, load_official
from tests.site import REPO


def official() -> Official:
    loaded = load_official(REPO / "content" / "vi")
    assert loaded is not None
    return loaded


OFFICIAL = official()


def judge(text: str) -> Judged:
    (judged,) = OFFICIAL.judge(text)
    return judged


@pytest.mark.parametrize(
    "text",
    [
        "https://dichvucong.gov.vn/p/home?x=1",
        "dichvucong.gov.vn.",
        "vào trang WWW.DichVuCong.gov.vn nộp được không",
        "thuedientu.gdt.gov.vn",
        "https://binhduong.gov.vn",
        "vietcombank.com.vn",
    ],
)
def test_an_address_of_the_kept_list_or_under_gov_vn_is_official(text: str) -> None:
    assert judge(text).verdict == "official"


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("vneid-gov.com", "VNeID"),
        ("https://vneld.com", "VNeID"),
        ("dichvucong.com", "Dịch vụ công"),
        ("https://dichvucong.gov.vn.xyz.top/a", "Dịch vụ công"),
        ("dichvucong-gov.vn", "Dịch vụ công"),
        ("https://vneid.gov.vn@evil.com/x", "VNeID"),
        ("https://vn\u0435id.gov.vn", "VNeID"),  # a Cyrillic е
        ("vietc0mbank.com.vn", "Vietcombank"),
        ("vietcombank-uudai.top", "Vietcombank"),
        ("hxxps://csgt-phatnguoi.info/x", "Bộ Công an"),
        ("phuongbinhhoa-gov.com", "cơ quan nhà nước"),
        ("faceb00k.com", "facebook.com"),
        ("https://xn--vneid-xf6c.com", "VNeID"),
    ],
)
def test_an_address_that_only_looks_official_is_a_look_alike_of_its_owner(text: str, of: str) -> None:
    judged = judge(text)
    assert judged.verdict == "lookalike"
    assert of in judged.of


@pytest.mark.parametrize("text", ["shopee.vn", "https://phuong-abc.com/x", "http://1.2.3.4/a", "viettelpost.vn"])
def test_an_address_of_a_stranger_is_unknown(text: str) -> None:
    assert judge(text).verdict == "unknown"


def test_a_shortener_hides_where_it_leads() -> None:
    assert judge("bit.ly/abc").verdict == "hidden"


def test_a_site_where_anyone_publishes_is_no_proof() -> None:
    assert judge("https://www.facebook.com/congan").verdict == "open"
    assert judge("https://play.google.com/store/apps/details?id=x").store


def test_an_app_file_is_noticed() -> None:
    assert judge("https://abc.top/vneid.apk").package


@pytest.mark.parametrize("text", ["v.v", "a@gmail.com", "3.2.1", "ngày 1.7.2025", "TP.HCM", "xong.Tôi đi"])
def test_words_numbers_and_mail_addresses_are_no_links(text: str) -> None:
    assert addresses(text) == []


def test_several_links_are_judged_in_order_and_once() -> None:
    hosts = [judged.host for judged in OFFICIAL.judge("dichvucong.gov.vn rồi vneid.com, dichvucong.gov.vn/x")]
    assert hosts == ["dichvucong.gov.vn", "vneid.com"]


@given(st.text(max_size=80))
def test_any_text_can_be_judged(text: str) -> None:
    list(OFFICIAL.judge(text))
    list(OFFICIAL.judge("http://" + text))
