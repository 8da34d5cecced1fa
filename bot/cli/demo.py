from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.app import load_metrics
from bot.cli.session import open_settings, or_stop, stop
from bot.clock import SystemClock
from bot.content.consent import load_consent
from bot.metrics.demo import Made, NotEmpty, fill
from bot.metrics.population import MONTHS
from bot.storage.database import Database


@click.command()
@click.option("--people", type=click.IntRange(1), default=100_000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=7, show_default=True, help="Another number makes other people.")
@click.option(
    "--completions-per-person", type=click.FloatRange(0, 60), default=5.0, show_default=True, help="On average, about."
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=f"Last day of their {MONTHS} months; else today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def demo(
    config: Path, people: int, seed: int, completions_per_person: float, until: dt.datetime | None, as_json: bool
) -> None:
    """Fill an empty database with made-up people, to try reports on: they learn, drop out, help others and ask.

    They come through a channel of their own, by which every report says that they are made up. A database that holds
    anybody is refused (exit code 2). All of them are written, or none.
    """
    settings, _ = open_settings(config)
    metrics = or_stop(lambda: load_metrics(settings))
    consent = or_stop(lambda: load_consent(Path(settings.content) / "vi"))
    zone = ZoneInfo(settings.site.time_zone)
    last = until.date() if until else SystemClock().now().astimezone(zone).date()
    version = consent.version if consent else 1

    async def work() -> Made:
        database = await Database.open(settings.storage.url, settings.storage.synchronous)
        try:
            async with database.write() as tx:
                return await fill(tx, metrics, zone, version, people, seed, last, completions_per_person, bar.update)
        finally:
            await database.close()

    with click.progressbar(length=people, label="people", show_pos=True, file=sys.stderr) as bar:
        try:
            made = or_stop(lambda: asyncio.run(work()))
        except NotEmpty as error:
            stop(str(error))
    click.echo(json.dumps(asdict(made)) if as_json else ", ".join(f"{n} {name}" for name, n in asdict(made).items()))
