from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import click
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app import load_metrics
from bot.broadcasting import draft
from bot.broadcasting.states import Counts, NotPossible, after
from bot.cli.session import open_settings, or_stop, stop, write
from bot.clock import SystemClock
from bot.content.announcements import URGENT, load_announcements
from bot.content.links import load_official
from bot.content.models import Frozen
from bot.documents import load
from bot.storage import audit, broadcasts, deliveries, segments
from bot.storage.audit import Entry
from bot.storage.broadcasts import Broadcast
from bot.storage.segments import Segment

CHANNEL = "telegram"


class _File(Frozen):
    """An announcement as a file. ``buttons``: as in the chat, ``label | https://…`` or ``label | lesson``."""

    category: str
    text: str
    buttons: Annotated[tuple[str, ...], Field(max_length=draft.BUTTONS)] = ()
    segment: Segment = Segment()


@click.group(name="broadcast")
def broadcast_() -> None:
    """Announcements: write one from a file, see whom it reaches, watch it, hold it; people approve it in the chat."""


@broadcast_.command(name="draft")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--author", type=int, required=True, help="The member of staff who tests and submits it: their number.")
@click.pass_obj
def draft_(config: Path, file: Path, author: int) -> None:
    """Keep FILE (YAML: category, text, buttons, segment) as a draft of AUTHOR, who goes on with it under /soan."""
    settings, _ = open_settings(config)
    content = Path(settings.content) / "vi"
    found = or_stop(lambda: load(file, _File))
    kinds = or_stop(lambda: load_announcements(content))
    catalogue = or_stop(lambda: load_metrics(settings)).catalogue
    if kinds is None or found.category not in kinds.categories:
        names = ", ".join(kinds.categories) if kinds else ""
        stop(f"{file}: {found.category!r} is no kind of announcement → use one of {names}; {URGENT} only in the chat")
    if problem := draft.text_problem(found.text, with_file=False):
        limit = f"5 to {draft.LONGEST} signs"
        stop(f"{file}: text: {problem.partition('.')[2].replace('_', ' ')} → write {limit}")
    buttons = [draft.read_button(line, catalogue) for line in found.buttons]
    if None in buttons:
        line = found.buttons[buttons.index(None)]
        stop(f"{file}: buttons: {line!r} is none → write 'label | https://…' or 'label | course.lesson'")
    good = [button for button in buttons if button]
    for host in draft.doubtful(found.text, good, or_stop(lambda: load_official(content))):
        click.echo(f"not known to be official: {host}", err=True)
    values = {
        "kind": "announcement",
        "category": found.category,
        "text": found.text.strip(),
        "buttons": good,
        "segment": found.segment.to_json(),
    }

    async def do(tx: AsyncConnection) -> None:
        now = SystemClock().now()
        number = await broadcasts.create(tx, author, values, now)
        entry = Entry(now, None, "write-announcement", f"announcement {number}", after={"author": author})
        await audit.record(tx, entry)
        audience = segments.Audience(found.segment, CHANNEL, found.category, False, settings.site.language, now)
        click.echo(f"announcement {number}: {await segments.count(tx, audience)} recipients today")

    write(settings, do)


@broadcast_.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(config: Path, as_json: bool) -> None:
    """The newest announcements, how they stand and what became of their copies."""
    settings, _ = open_settings(config)
    rows: list[dict[str, object]] = []

    async def do(tx: AsyncConnection) -> None:
        for each in await broadcasts.newest(tx, 50):
            counts = await deliveries.counts(tx, each.id)
            rows.append(
                {"id": each.id, "status": each.status, "category": each.category, "total": each.total, **counts}
            )

    write(settings, do)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        fates = ", ".join(f"{name} {n}" for name, n in row.items() if name in Counts.__slots__)
        click.echo(f"{row['id']:>6}  {row['status']:<10} {row['category']:<16} {fates}")


@broadcast_.command()
@click.argument("number", type=int)
@click.argument("step", type=click.Choice(["pause", "resume", "cancel"]))
@click.pass_obj
def hold(config: Path, number: int, step: str) -> None:
    """Pause, resume or cancel announcement NUMBER. It acts within two seconds."""
    settings, _ = open_settings(config)

    async def do(tx: AsyncConnection) -> None:
        found: Broadcast | None = await broadcasts.load(tx, number)
        if found is None:
            stop(f"there is no announcement {number} → see `python -m bot broadcast list`")
        try:
            to = after(found.status, step, found.canary_done)  # type: ignore[arg-type]  # both are of their kinds
        except NotPossible as error:
            stop(str(error))
        now = SystemClock().now()
        if step != "resume":
            await deliveries.withdraw(tx, number)
        done = {"finished_at": now} if step == "cancel" else {}
        await broadcasts.change(tx, number, found.status, status=to, **done)
        entry = Entry(
            now, None, f"{step}-announcement", f"announcement {number}", {"status": found.status}, {"status": to}
        )
        await audit.record(tx, entry)
        click.echo(to)

    write(settings, do)
