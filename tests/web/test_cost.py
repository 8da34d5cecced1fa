"""What a page reads does not grow with what it does not show."""

from __future__ import annotations

from bot.metrics.period import parse
from bot.metrics.report import Cut, Metrics, make
from bot.storage import tallies
from tests.web.conftest import OTHER, WARD, Site


async def test_a_ward_s_figures_are_read_without_those_of_the_others(site: Site, metrics: Metrics) -> None:
    for ward in (WARD, WARD, OTHER):
        await site.learns(ward=ward)
    async with site.front.database.read() as tx:
        found = await tallies.sums(tx, "ward", "2026-10", "2026-12", values=[WARD])
        report = await make(tx, metrics, parse("2026-Q4"), site.front.today(), Cut("ward", WARD))
    assert {each.value for each in found} == {WARD}
    figure = report.figure("cong_nhan")
    assert figure is not None and figure.value == 2
    assert report.trend["any"][-2:] == (2, 0)  # November, December
