from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.cli.session import PROBLEMS, UNUSABLE, open_settings, or_stop, stop
from bot.clock import SystemClock
from bot.config import Settings
from bot.content.articles import load_library
from bot.content.outside import load_outside
from bot.review.queue import KEPT, group_new, spokesman
from bot.storage import audit, review
from bot.storage.audit import Entry
from bot.storage.database import Database
from bot.storage.review import Decision, Group

T = TypeVar("T")


@click.group(name="review")
def review_() -> None:
    """Questions nobody could answer: what waits, what editors decided, and how it becomes content."""


@review_.command(name="list")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Groups shown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(config: Path, limit: int, as_json: bool) -> None:
    """The groups that wait for an editor, the most frequent first, and the decisions that wait for export."""
    settings, _ = open_settings(config)
    now = SystemClock().now()

    async def do(database: Database) -> tuple[list[Group], int, list[Decision]]:
        await _group_all(database)
        async with database.read() as tx:
            groups, left = await review.queue(tx, now - KEPT, limit)
            worded = [await review.group(tx, group.key, now - KEPT) for group in groups]
            return [group for group in worded if group], left, await review.decisions(tx, waiting=True)

    groups, left, waiting = _session(settings, do)
    click.echo(_list_json(groups, left, waiting) if as_json else _list_text(groups, left, waiting))


@review_.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write the patch to this file.")
@click.option("--apply", is_flag=True, help="Insert the utterances into the content files.")
@click.option("--content", type=click.Path(path_type=Path), help="Content folder to compare with and insert into.")
@click.pass_obj
def export(config: Path, out: Path | None, apply: bool, content: Path | None) -> None:
    """The decisions that wait as a patch: which topic learns which utterances. Printed, written or applied.

    Only --apply marks decisions as exported. Exit code 1 when one was refused; the others are done all the same.
    """
    from bot.review.patch import as_yaml, changed_files, patch  # here: only this verb needs them

    settings, _ = open_settings(config)
    if out and apply:
        stop("--out and --apply go one at a time → write the patch to read it, apply it once it is right")
    root = (content or Path(settings.content)) / "vi"
    library, outside = or_stop(lambda: load_library(root)), or_stop(lambda: load_outside(root))

    async def waiting(database: Database) -> list[Decision]:
        async with database.read() as tx:
            return await review.decisions(tx, waiting=True)

    plan = patch(_session(settings, waiting), library, outside)
    if out:
        out.write_text(as_yaml(plan), encoding="utf-8")
    elif apply:
        done = [decision for found in plan.topics.values() for decision in found]
        files = or_stop(lambda: changed_files(plan, root))
        for path, text in files.items():
            _replace(path, text)
            click.echo(f"{path}: changed")
        _session(settings, lambda database: _mark(database, [*done, *plan.known]))
        click.echo(f"{len(done)} utterances inserted, {len(plan.known)} stood there already", err=True)
        if plan.by_hand:
            click.echo(f"{len(plan.by_hand)} need content written by hand: see them without --apply", err=True)
    else:
        click.echo(as_yaml(plan), nl=False)
    for decision, why in plan.refused:
        click.echo(f"refused: {decision.words!r} for {decision.topic}: {why}", err=True)
    sys.exit(PROBLEMS if plan.refused else 0)


async def _group_all(database: Database) -> None:
    """Give every waiting question its group; each batch in a transaction of its own, so that nobody waits for all."""
    now, more = SystemClock().now(), 1
    while more:
        async with database.write() as tx:
            more = await group_new(tx, now)


async def _mark(database: Database, done: list[Decision]) -> None:
    if not done:
        return
    now = SystemClock().now()
    async with database.write() as tx:
        await review.exported(tx, [decision.key for decision in done], now)
        for decision in done:
            await audit.record(
                tx, Entry(now, None, "export review", f"question {decision.key}", after={"topic": decision.topic})
            )


def _replace(path: Path, text: str) -> None:
    """All of the file or nothing, with the rights it had."""
    new = path.with_name(path.name + ".new")
    try:
        new.write_bytes(text.encode())
        new.chmod(path.stat().st_mode & 0o7777)
        os.replace(new, path)
    except OSError as error:
        new.unlink(missing_ok=True)
        click.echo(f"{path}: cannot be written: {error.strerror} → fix its rights, then run this again", err=True)
        sys.exit(UNUSABLE)


def _list_json(groups: list[Group], left: int, waiting: list[Decision]) -> str:
    found: dict[str, Any] = {
        "left": left,
        "open": [
            {
                "key": group.key,
                "words": spokesman(group.wordings),
                "wordings": group.wordings,
                "count": group.count,
                "last": group.last.isoformat(),
                "abstained": group.abstained,
                "asked_back": group.asked_back,
                "disliked": group.disliked,
            }
            for group in groups
        ],
        "decided": [
            {
                "key": each.key,
                "words": each.words,
                "decision": each.decision,
                "topic": each.topic,
                "editor": each.editor_id,
                "at": each.decided_at.isoformat(),
            }
            for each in waiting
        ],
    }
    return json.dumps(found, ensure_ascii=False)


def _list_text(groups: list[Group], left: int, waiting: list[Decision]) -> str:
    lines = [f"{left} groups wait for an editor"]
    lines += [f"{group.count:>6}  {group.last:%Y-%m-%d}  {spokesman(group.wordings)}" for group in groups]
    taught = [each for each in waiting if each.words]
    lines += ["", f"{len(taught)} decisions wait for export"]
    lines += [f"  {each.decision:<10} {each.topic or '-':<32} {each.words}" for each in taught]
    return "\n".join(lines)


def _session(settings: Settings, do: Callable[[Database], Awaitable[T]]) -> T:
    async def session() -> T:
        database = await Database.open(settings.storage.url, settings.storage.synchronous)
        try:
            return await do(database)
        finally:
            await database.close()

    return or_stop(lambda: asyncio.run(session()))
