from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import TextIO

import click

from bot.app import load_metrics
from bot.cli.session import open_settings, or_stop, stop
from bot.clock import SystemClock
from bot.config import EVIDENCE_KEY, Settings
from bot.i18n import Texts, load_texts
from bot.metrics.evidence import ENCODING, KEY_LENGTH, Written, wards_of, write, write_public
from bot.metrics.period import Period, parse
from bot.metrics.report import Metrics
from bot.storage import audit
from bot.storage import evidence as rows
from bot.storage.audit import Entry
from bot.storage.database import Database


@click.command()
@click.option("--period", required=True, help="A month (2026-11), a quarter (2026-Q4) or a year (2026).")
@click.option("--area", help="Only the ward with this code of today.")
@click.option("--public", is_flag=True, help="Nobody's person, score or day; small groups hidden.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The CSV to write.")
@click.pass_obj
def evidence(config: Path, period: str, area: str | None, public: bool, out: Path) -> None:
    """Write the completions behind the figures of a period as CSV, one a line; the record of staff actions says so.

    People stand under a pseudonym made with the secret EVIDENCE_KEY: the same secret gives the same pseudonyms.
    """
    settings, secrets = open_settings(config)
    key = (secrets.evidence_key or "").encode()
    if not public and len(key) < KEY_LENGTH:
        stop(f"{EVIDENCE_KEY} is missing or shorter than {KEY_LENGTH} signs → put a long random one in the environment")
    metrics = or_stop(lambda: load_metrics(settings))
    say = or_stop(lambda: load_texts(Path(settings.content), settings.site.language))
    try:
        span = parse(period)
        wards_of(metrics, area)
    except ValueError as error:
        stop(str(error))
    except LookupError:
        stop(f"{area!r} is not the code of a ward of today → see units in places.yaml")
    if not out.parent.is_dir():
        stop(f"there is no folder {out.parent} → make it, or name another file")

    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    whole = Path(name)
    try:
        with os.fdopen(handle, "w", encoding=ENCODING, newline="") as file:
            written = or_stop(lambda: asyncio.run(_export(settings, metrics, say, span, area, public, key, file, out)))
        whole.replace(out)
    finally:
        whole.unlink(missing_ok=True)
    click.echo(f"{out}: {written.rows} rows, {written.blanked} with traits hidden, {written.suppressed} left out")


async def _export(
    settings: Settings, metrics: Metrics, say: Texts, period: Period, area: str | None, public: bool, key: bytes,
    file: TextIO, out: Path,
) -> Written:  # fmt: skip
    """All rows of one moment, and the record of who took them; nothing stands at ``out`` before it is recorded."""
    database = await Database.open(settings.storage.url, settings.storage.synchronous)
    try:
        async with database.read() as tx:
            total = await rows.count(tx, period.first, period.last, wards_of(metrics, area))
            length = 2 * total if public else total  # read twice: to know the crowds, then to write
            with click.progressbar(length=length, label="rows", show_pos=True, file=sys.stderr) as bar:
                if public:
                    written = await write_public(tx, metrics, say, period, area, file, bar.update)
                else:
                    written = await write(tx, metrics, say, period, area, key, file, bar.update)
        file.flush()
        after = {"file": out.name, "public": public, "rows": written.rows, "left_out": written.suppressed}
        subject = f"{period.name} {area or 'everywhere'}"
        async with database.write() as tx:
            await audit.record(tx, Entry(SystemClock().now(), None, "export evidence", subject, after=after))
        return written
    finally:
        await database.close()
