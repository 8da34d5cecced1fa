from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo

import click

from bot.cli.session import open_settings, or_stop, stop
from bot.clock import SystemClock
from bot.config import Settings
from bot.content.models import Audience
from bot.metrics import areas
from bot.metrics.formats import BINARY, FORMATS, Format, render
from bot.metrics.period import Period, parse, quarter_of
from bot.metrics.report import EVERYBODY, Cut, Metrics, Report, make
from bot.storage.groups import Kind


@click.command()
@click.option("--period", help="A month (2026-11), a quarter (2026-Q4) or a year (2026); default: this quarter.")
@click.option("--area", help="Only a ward or commune: its code or name, old names included.")
@click.option("--audience", type=click.Choice(get_args(Audience)), help="Only people who said they are this.")
@click.option("--group", type=click.Choice(get_args(Kind)), help="Only people who learn in this kind of group.")
@click.option("--set", "set_", help="Only the indicators of this official set, such as DTI-405.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_obj
def report(
    config: Path,
    period: str | None,
    area: str | None,
    audience: str | None,
    group: str | None,
    set_: str | None,
    format_: str,
    out: Path | None,
) -> None:
    """Skill figures of a period with numerator, denominator, source, target and limits."""
    if format_ in BINARY and out is None:
        stop(f"{format_} is no text for a terminal → add --out FILE.{format_}")
    if sum(map(bool, (area, audience, group))) > 1:
        stop("figures are kept along one dimension at a time → give only one of --area, --audience and --group")
    settings, _ = open_settings(config)
    today = SystemClock().now().astimezone(ZoneInfo(settings.site.time_zone)).date()
    wanted = _period(period, today)
    from bot.app import load_metrics  # here: what can be refused at once is

    metrics = or_stop(lambda: load_metrics(settings))
    if set_ and set_ not in metrics.indicators.sets:
        stop(f"{set_!r} is no set of indicators → one of {', '.join(metrics.indicators.sets) or 'none'}")
    cut = _cut(metrics, area, audience, group)
    made = or_stop(lambda: asyncio.run(_made(settings, metrics, wanted, today, cut, set_ or "")))
    _put(_rendered(settings, metrics, made, cast(Format, format_)), out)


def _period(text: str | None, today: dt.date) -> Period:
    try:
        return parse(text) if text else quarter_of(today)
    except ValueError as error:
        stop(str(error))


def _cut(metrics: Metrics, area: str | None, audience: str | None, group: str | None) -> Cut:
    if area:
        return Cut("ward", _ward(metrics, area))
    return Cut("audience", audience) if audience else Cut("group", group) if group else EVERYBODY


def _ward(metrics: Metrics, area: str) -> str:
    """The code of a ward of today."""
    if metrics.places is None:
        stop("the content names no wards → add places.yaml or leave out --area")
    units, sure = areas.find(metrics.places, area)
    if sure:
        return units[0].code
    if units:
        near = ", ".join(f"{unit.code} {unit.name}" for unit in units)
        stop(f"{area!r} is not clearly one ward → choose by code among {near}")
    stop(f"{area!r} is no ward or commune of this site → write its code or its name of today or before")


async def _made(settings: Settings, metrics: Metrics, period: Period, today: dt.date, cut: Cut, set_: str) -> Report:
    from bot.app import open_database

    database = await open_database(settings, metrics)
    try:
        async with database.read() as tx:
            return await make(tx, metrics, period, today, cut, set_)
    finally:
        await database.close()


def _rendered(settings: Settings, metrics: Metrics, made: Report, format: Format) -> bytes:
    from bot.i18n import load_texts
    from bot.metrics.wording import paper

    say = or_stop(lambda: load_texts(Path(settings.content), settings.site.language))
    return render(format, made, paper(made, metrics.indicators, say))


def _put(rendered: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(rendered)
        return
    try:
        out.write_bytes(rendered)
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror} → choose another file with --out")
    click.echo(f"{out}: {len(rendered):,} bytes", err=True)
