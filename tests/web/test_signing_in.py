"""One-time links, sessions, and who may see what."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from pathlib import Path

import httpx
import pytest

from bot.staff.authority import ROLES
from bot.storage import staff
from bot.storage.web import LINK as LIFE
from bot.storage.web import SESSION, Who
from bot.web.front import Front
from tests.clock import VirtualClock
from tests.web.conftest import LINK, OTHER, WARD, Site, opened


async def test_looking_at_a_link_does_not_use_it_up_and_pressing_the_button_does(site: Site) -> None:
    link = await site.link(Who(role="analyst"))
    for _ in range(3):
        looked = await site.client.get(link)
        assert looked.status_code == 200
        assert "set-cookie" not in looked.headers
    pressed = await site.client.post(link)
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/bang")
    assert (await site.client.get("/bang")).status_code == 200


async def test_a_used_link_does_not_open_a_second_time(site: Site) -> None:
    await site.sign_in(role="analyst")
    async with httpx.AsyncClient(base_url=site.client.base_url) as other:
        again = await other.post(f"/vao/{LINK}")
        assert again.status_code == 410
        assert "đã dùng rồi" in again.text
        assert (await other.get("/bang")).status_code == 401
    assert (await site.audit())[-1][1] == "refused"


async def test_a_link_older_than_ten_minutes_opens_nothing(site: Site, clock: VirtualClock) -> None:
    link = await site.link(Who(role="analyst"))
    clock.move(LIFE.total_seconds() + 1)
    assert (await site.client.get(link)).status_code == 410
    assert (await site.client.post(link)).status_code == 410
    assert (await site.client.get("/bang")).status_code == 401


@pytest.mark.parametrize("token", ["sai", LINK.lower(), LINK[:-1], "%00", "x" * 2000, "đ"])
async def test_a_link_nobody_gave_opens_nothing_and_leaves_no_record(site: Site, token: str) -> None:
    await site.link(Who(role="analyst"))
    assert (await site.client.post(f"/vao/{token}")).status_code == 410
    assert await site.audit() == []


async def test_tries_are_limited_by_address(site: Site, clock: VirtualClock) -> None:
    statuses = [(await site.client.post("/vao/sai")).status_code for _ in range(21)]
    assert statuses == [410] * 20 + [429]
    clock.move(60)
    assert (await site.client.post("/vao/sai")).status_code == 410


async def test_a_form_on_somebody_else_s_page_is_refused(site: Site) -> None:
    link = await site.link(Who(role="analyst"))
    assert (await site.client.post(link, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert (await site.client.post(link)).status_code == 303


async def test_tokens_are_kept_as_hashes_alone(site: Site, tmp_path: Path) -> None:
    cookie = (await site.sign_in(role="analyst")).cookies["phien"]
    dump = "\n".join(sqlite3.connect(tmp_path / "test.db").iterdump())
    assert LINK not in dump
    assert cookie not in dump


async def test_the_cookie_is_strict_and_kept_from_scripts(site: Site) -> None:
    cookie = (await site.sign_in(role="analyst")).headers["set-cookie"]
    assert cookie.startswith("phien=")
    assert {"HttpOnly", "SameSite=strict", "Path=/", f"Max-Age={int(SESSION.total_seconds())}"} <= set(
        cookie.split("; ")
    )


async def test_over_https_the_cookie_is_secure_and_bound_to_the_host(front: Front) -> None:
    settings = front.settings.model_copy(update={"url": "https://so-lieu.example.vn"})
    async with opened(dataclasses.replace(front, settings=settings)) as site:
        answer = await site.sign_in(role="analyst")
        assert answer.headers["set-cookie"].startswith("__Host-phien=")
        assert "Secure" in answer.headers["set-cookie"].split("; ")
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_session_ends_after_eight_hours(site: Site, clock: VirtualClock) -> None:
    await site.sign_in(role="analyst")
    clock.move(SESSION.total_seconds() - 1)
    assert (await site.client.get("/bang")).status_code == 200
    clock.move(2)
    assert (await site.client.get("/bang")).status_code == 401


@pytest.mark.parametrize("cookie", ["", "sai", LINK, "\x7f", "x" * 3000])
async def test_a_wrong_cookie_opens_nothing(site: Site, cookie: str) -> None:
    await site.link(Who(role="analyst"))
    answer = await site.client.get("/bang", headers={"Cookie": f"phien={cookie}"})
    assert answer.status_code == 401


async def test_who_loses_the_role_is_out_at_once_and_that_is_kept_once(site: Site) -> None:
    person = await site.staff()
    await site.sign_in(person)
    assert (await site.client.get("/bang")).status_code == 200
    async with site.front.database.write() as tx:
        await staff.revoke(tx, person, "analyst")
    assert (await site.client.get("/bang")).status_code == 403
    assert (await site.client.get("/bang")).status_code == 401  # the session has ended
    assert await site.audit() == [(person, "sign-in", "pages"), (person, "refused", "page /bang")]


async def test_an_erased_person_is_out_at_once(site: Site) -> None:
    person = await site.staff()
    await site.sign_in(person)
    async with site.front.database.write() as tx:
        await tx.exec_driver_sql("DELETE FROM person WHERE id = ?", (person,))
    assert (await site.client.get("/bang")).status_code == 401


@pytest.mark.parametrize("role", [*ROLES, ""])
async def test_only_roles_that_read_figures_get_in(site: Site, role: str) -> None:
    await site.sign_in(await site.staff(role))
    assert (await site.client.get("/bang")).status_code == (200 if role in ("admin", "analyst") else 403)


async def test_an_administrator_of_the_settings_gets_in(site: Site) -> None:
    await site.sign_in(await site.staff("", external="900"))
    assert (await site.client.get("/bang")).status_code == 200


async def test_signing_out_needs_the_session_s_own_form_and_ends_it(site: Site) -> None:
    await site.sign_in(role="analyst")
    page = (await site.client.get("/bang")).text
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found
    assert (await site.client.post("/ra", data={"csrf": "0" * 64})).status_code == 403
    assert (await site.client.get("/ra")).status_code == 405
    cookie = {"Cookie": f"phien={site.client.cookies['phien']}"}
    assert (await site.client.post("/ra", data={"csrf": found[1]})).status_code == 200
    assert (await site.client.get("/bang", headers=cookie)).status_code == 401
    actions = [action for _, action, _ in await site.audit()]
    assert actions == ["sign-in", "refused", "sign-out"]


async def test_a_role_for_one_ward_sees_that_ward_alone(site: Site) -> None:
    await site.learns(ward=WARD)
    for _ in range(3):
        await site.learns(ward=OTHER)
    person = await site.staff(unit=WARD)
    await site.sign_in(person)
    own = (await site.client.get("/bang")).text
    assert "Phường Thủ Dầu Một" in own
    assert "1 trên 40 người" in own
    assert "Phường Phú Lợi" not in own
    for path in (f"/bang/phuong/{OTHER}", f"/bang?whom=ward:{OTHER}", "/bang?whom=audience:worker", "/bang?whom=ward:"):
        assert (await site.client.get(path)).status_code == 403, path
        assert (await site.client.get(path.replace("/bang?", "/bang/chi-so/luot?"))).status_code == 403
    assert (await site.client.get(f"/bang/phuong/{WARD}")).status_code == 200
    assert "Phường Phú Lợi" not in (await site.client.get("/bang/chi-so/luot")).text
    assert (person, "refused", f"page /bang/phuong/{OTHER}") in await site.audit()
