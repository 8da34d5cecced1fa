"""What the pages show, and that they are sound HTML with the headers that keep them safe."""

from __future__ import annotations

import html5lib
import pytest

from bot.metrics.report import DEMO
from bot.storage import certificates, people
from tests.web.conftest import OTHER, WARD, Site

STAFF = (
    "/bang",
    "/bang?period=2026&set=THU&sort=-luot",
    "/bang?whom=audience:worker",
    "/bang?whom=group:",
    f"/bang/phuong/{WARD}",
    "/bang/chi-so/cong_nhan",
    "/bang/chi-so/luot?sort=name",
    "/bang/chi-so/nang_luc",
)
OPEN = ("/kiem-tra", "/kiem-tra/CDFH-JKMN-PQ", "/vao/sai", "/gi-do", "/")


async def filled(site: Site) -> None:
    for ward in (WARD, WARD, OTHER, None):
        await site.learns(ward=ward)
    await site.learns(day="2026-07-01")
    await site.learns(audience=None)
    await site.sign_in(role="analyst")


@pytest.mark.parametrize("path", [*STAFF, *OPEN])
async def test_every_page_is_valid_html_in_vietnamese_without_scripts_or_inline_styles(
    public_site: Site, path: str
) -> None:
    await filled(public_site)
    text = (await public_site.client.get(path)).text
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert document.get("lang") == "vi"
    assert len(document.findall(".//h1")) == 1
    assert not document.findall(".//script")
    ids = [each.get("id") for each in document.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert not [each for each in document.iter() if {"style", "onclick"} & set(each.attrib)]


@pytest.mark.parametrize("path", [*STAFF[:1], *OPEN, "/metrics", "/api/v1/indicators"])
async def test_every_answer_carries_the_headers_that_keep_it_safe(public_site: Site, path: str) -> None:
    await filled(public_site)
    headers = (await public_site.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


async def test_a_page_that_fails_says_so_plainly_with_the_same_headers(site: Site) -> None:
    await site.sign_in(role="analyst")
    async with site.front.database.write() as tx:
        await tx.exec_driver_sql("DROP TABLE tally")
    answer = await site.client.get("/bang")
    assert answer.status_code == 500
    assert "tally" not in answer.text and "Trang bị lỗi" in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_headline_figures_stand_against_their_targets(site: Site) -> None:
    await filled(site)
    text = (await site.client.get("/bang")).text
    assert "2,5 %" in text.replace("\u00a0", " ")  # 5 workers of 200
    assert "5 trên 200 người" in text
    assert "Còn thiếu 135 người" in text
    assert "Chưa đạt" in text


async def test_wards_are_sorted_by_the_column_that_was_chosen(site: Site) -> None:
    await filled(site)

    async def order(sort: str) -> bool:
        text = (await site.client.get(f"/bang?sort={sort}")).text
        table = text[text.index("<tbody", text.index('class="wide"')) :]
        return table.index("Thủ Dầu Một") < table.index("Phường Phú Lợi")

    assert await order("luot")
    assert not await order("-luot")
    assert not await order("name")
    assert await order("-name")


async def test_the_unknown_ward_is_shown_last_without_a_share_of_everybody(site: Site) -> None:
    await filled(site)
    text = (await site.client.get("/bang")).text
    last = text[text.index("<tbody", text.index('class="wide"')) :].split("</tbody>")[0].split("<tr>")[-1]
    assert "Chưa rõ phường, xã" in last
    assert "%" not in last


async def test_an_indicator_s_page_says_numerator_denominator_source_date_limits_and_basis(site: Site) -> None:
    await filled(site)
    text = (await site.client.get("/bang/chi-so/cong_nhan")).text
    for part in ("Số liệu thử", "01/01/2026", "Chỉ để thử.", "Quyết định thử", "Sở Thử", "5 người", "Khóa thử"):
        assert part in text, part
    assert "Chưa rõ đối tượng hoặc độ tuổi nên chưa tính: 1 người." in text


async def test_a_former_code_of_a_ward_leads_nowhere_else(site: Site) -> None:
    await filled(site)
    for path in ("/bang/phuong/99999", "/bang/phuong/x", "/bang/chi-so/khong_co", "/bang?whom=ward:99999"):
        assert (await site.client.get(path)).status_code == 404, path
    for path in ("/bang?period=0001-01", "/bang?period=x", "/bang?set=x", "/bang?whom=x", "/bang?whom=age:7"):
        assert (await site.client.get(path)).status_code == 400, path


async def test_what_is_typed_into_an_address_is_escaped(site: Site) -> None:
    await filled(site)
    assert "<b>x" not in (await site.client.get("/bang?sort=<b>x")).text
    assert "<b>x" not in (await site.client.get("/kiem-tra?code=<b>x")).text
    assert "<b>x" not in (await site.client.get("/gi/<b>x")).text


async def test_made_up_people_are_announced_on_every_page_with_figures(public_site: Site) -> None:
    await filled(public_site)
    paths = ("/", "/bang", f"/bang/phuong/{WARD}", "/bang/chi-so/luot")
    for path in paths:
        assert "DỮ LIỆU MINH HỌA" not in (await public_site.client.get(path)).text
    async with public_site.front.database.write() as tx:
        await people.ensure(tx, {(DEMO, "1")}, public_site.front.clock.now())
    for path in paths:
        assert "DỮ LIỆU MINH HỌA" in (await public_site.client.get(path)).text


async def test_without_the_setting_nothing_is_public(site: Site) -> None:
    answer = await site.client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bang")


async def test_the_public_page_does_not_say_small_numbers_or_what_they_follow_from(public_site: Site) -> None:
    for _ in range(4):
        await public_site.learns()
    small = (await public_site.client.get("/")).text
    assert small.count('class="big">dưới 5') == 2
    assert "trên 200" not in small and "Trong kỳ" not in small and "Còn thiếu" not in small
    await public_site.learns()
    grown = (await public_site.client.get("/")).text
    assert 'class="big">dưới 5' not in grown and "5 trên 200 người" in grown
    assert "/bang" not in grown


async def test_a_certificate_is_confirmed_by_course_and_day_alone(site: Site) -> None:
    person = await site.staff()
    async with site.front.database.write() as tx:
        await certificates.issue(tx, "CDFHJKMNPQ", "thu", "2026-11-03", person, site.front.clock.now())
    form = await site.client.get("/kiem-tra?code=cdfh-jkmn-pq")
    assert form.headers["location"] == "/kiem-tra/CDFHJKMNPQ"
    page = await site.client.get(form.headers["location"])
    assert page.status_code == 200
    assert "Khóa thử" in page.text and "03/11/2026" in page.text
    assert (await site.client.get("/kiem-tra/CDFHJKMNPR")).status_code == 404


async def test_guessing_certificates_is_slowed_down(site: Site) -> None:
    statuses = [(await site.client.get("/kiem-tra/CDFHJKMNPQ")).status_code for _ in range(22)]
    assert statuses.count(429) == 2


async def test_files_have_addresses_of_their_own_version_and_are_kept_by_browsers(site: Site) -> None:
    text = (await site.client.get("/kiem-tra")).text
    style = text.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = await site.client.get(style)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert (await site.client.get("/static/x/style.css")).status_code == 404
    assert (await site.client.get(style.replace("style.css", "..%2fapp.py"))).status_code == 404
