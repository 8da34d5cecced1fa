from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import click

from bot.app import load_metrics
from bot.cli.evidence import evidence
from bot.cli.session import PROBLEMS, open_settings, or_stop, stop
from bot.clock import SystemClock
from bot.config import Settings
from bot.metrics import recording
from bot.metrics.recording import Found
from bot.metrics.report import Metrics
from bot.storage import audit, completions
from bot.storage.audit import Entry
from bot.storage.database import Database
from bot.storage.tallies import Key

REBUILD = "rebuild figures"
K = TypeVar("K", bound=tuple[str, ...])

LISTED = 50  # differences; all of them with --json


@click.group(name="metrics")
def metrics_() -> None:
    """The figures: recount them, put them right, export the rows behind them."""


@metrics_.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def verify(config: Path, as_json: bool) -> None:
    """Recount every figure from the rows behind it and list what differs; exit code 1 when anything does.

    Reads the database as it is at one moment, while the assistant goes on writing.
    """
    settings, _ = open_settings(config)
    metrics = or_stop(lambda: load_metrics(settings))

    async def work() -> Found:
        database = await Database.open(settings.storage.url, settings.storage.synchronous)
        try:
            return (await _verify(database, settings, metrics))[0]
        finally:
            await database.close()

    found = or_stop(lambda: asyncio.run(work()))
    click.echo(_as_json(found) if as_json else _as_text(found))
    sys.exit(0 if found.clean else PROBLEMS)


@metrics_.command()
@click.pass_obj
def rebuild(config: Path) -> None:
    """Recount every figure and put right what differs; the record of staff actions says so.

    The recount reads one moment and blocks nobody; only writing the corrections does, for a second or two. What is
    completed meanwhile stays counted.
    """
    settings, _ = open_settings(config)
    metrics = or_stop(lambda: load_metrics(settings))

    async def work() -> Found:
        database = await Database.open(settings.storage.url, settings.storage.synchronous)
        try:
            found, rebuilt = await _verify(database, settings, metrics)
            async with database.write() as tx:
                if await audit.count(tx, REBUILD) != rebuilt:
                    stop("the figures were rebuilt meanwhile by someone else → see `python -m bot metrics verify`")
                await recording.correct(tx, metrics.measures, found)
                after = {"tallies": len(found.tallies), "questions": len(found.asked)}
                await audit.record(tx, Entry(SystemClock().now(), None, REBUILD, "all", after=after))
            return found
        finally:
            await database.close()

    found = or_stop(lambda: asyncio.run(work()))
    click.echo(f"{len(found.tallies)} figures and {len(found.asked)} counts of questions were put right")


async def _verify(database: Database, settings: Settings, metrics: Metrics) -> tuple[Found, int]:
    """What differs, and how often the figures had been rebuilt at that moment."""
    zone = ZoneInfo(settings.site.time_zone)
    async with database.read() as tx:
        rebuilt, total = await audit.count(tx, REBUILD), await completions.count(tx)
        with click.progressbar(length=total, label="completions", show_pos=True, file=sys.stderr) as bar:
            return await recording.verify(tx, metrics.measures, zone, bar.update), rebuilt


def _as_text(found: Found) -> str:
    lines = []
    if found.redefined:
        lines.append("the figures were counted by other definitions → start the assistant, or `metrics rebuild`")
    differences = [(" ".join(each or "-" for each in key), *values) for key, values in sorted(found.tallies.items())]
    differences += [(" ".join(("asked", *key)), *values) for key, values in sorted(found.asked.items())]
    lines += [f"{name}: kept {kept}, counted {counted}" for name, kept, counted in differences[:LISTED]]
    if len(differences) > LISTED:
        lines.append(f"and {len(differences) - LISTED} more → --json lists all of them")
    remedy = " → `python -m bot metrics rebuild` puts them right" if differences else ""
    return "\n".join([*lines, f"{found.completions} completions: {len(differences)} differences{remedy}"])


def _as_json(found: Found) -> str:
    def listed(names: tuple[str, ...], differences: Mapping[K, tuple[int, int]]) -> list[dict[str, object]]:
        return [
            {**dict(zip(names, key, strict=True)), "kept": kept, "counted": counted}
            for key, (kept, counted) in sorted(differences.items())
        ]

    return json.dumps(
        {
            "completions": found.completions,
            "redefined": found.redefined,
            "differences": listed(Key._fields, found.tallies),
            "questions": listed(("month", "topic", "outcome"), found.asked),
        },
        ensure_ascii=False,
    )


metrics_.add_command(evidence)
