from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from random import SystemRandom

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cli.session import open_settings, or_stop, stop, write
from bot.clock import SystemClock
from bot.content.places import load_places
from bot.dialogue.desk.signing_in import TOKEN as SIGN_IN
from bot.learning.codes import new_code
from bot.staff import appointing
from bot.staff.authority import ROLES, Authority, Role
from bot.storage import audit, staff, web
from bot.storage.audit import Entry
from bot.storage.web import Who


@click.group(name="staff")
def staff_() -> None:
    """Who is staff: invite, list, revoke; and the record of what they did."""


@staff_.command()
@click.argument("role", type=click.Choice(ROLES))
@click.option("--ward", default="", help="Only for the figures of this ward: its code.")
@click.pass_obj
def invite(config: Path, role: Role, ward: str) -> None:
    """Print the payload of a single-use invitation to ROLE: open it as a start link, or send "/start …" to the bot."""
    settings, _ = open_settings(config)
    places = or_stop(lambda: load_places(Path(settings.content) / "vi"))
    if ward and (role != "analyst" or places is None or ward not in places.units):
        stop(f"{ward!r} with {role} → --ward takes the code of a ward under units in places.yaml, with analyst only")
    token, now = new_code(SystemRandom(), appointing.TOKEN), SystemClock().now()

    async def do(tx: AsyncConnection) -> None:
        lasts = dt.timedelta(days=settings.staff.invitation_days)
        await appointing.invite(tx, token, role, None, now, lasts, ward)

    write(settings, do)
    name = settings.channels.telegram.username
    click.echo(f"https://t.me/{name}?start=moi-{token}" if name else f"/start moi-{token}")


@staff_.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(config: Path, as_json: bool) -> None:
    """Everyone with a role, with the last signs of their Telegram id; administrators in the settings are not listed."""
    settings, _ = open_settings(config)
    found: list[staff.Granted] = []

    async def do(tx: AsyncConnection) -> None:
        found.extend(await staff.everyone(tx))

    write(settings, do)
    rows = [
        {"person": g.person_id, "ending": g.ending, "role": g.role, "since": g.granted_at.isoformat()} for g in found
    ]
    lines = (f"{r['person']:>8}  …{r['ending']:<4}  {r['role']:<12} {r['since']}" for r in rows)
    click.echo(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(lines))


@staff_.command()
@click.argument("person", type=int)
@click.argument("role", type=click.Choice(ROLES))
@click.pass_obj
def revoke(config: Path, person: int, role: str) -> None:
    """Take ROLE away from PERSON (a number from the list). It counts for their very next message."""
    settings, _ = open_settings(config)
    done: list[bool] = []

    async def do(tx: AsyncConnection) -> None:
        done.append(await appointing.revoke(tx, person, role, None, SystemClock().now()))

    write(settings, do)
    if not done[0]:
        stop(f"person {person} does not have the role {role} → see `python -m bot staff list`")


@staff_.command(name="audit")
@click.pass_obj
def audit_(config: Path) -> None:
    """Print the whole audit record, one JSON object a line, oldest first."""
    settings, _ = open_settings(config)

    async def do(tx: AsyncConnection) -> None:
        async for entry in audit.read(tx):
            row = dataclasses.asdict(entry) | {"at": entry.at.isoformat()}
            click.echo(json.dumps(row, ensure_ascii=False))

    write(settings, do)


@staff_.command(name="sign-in")
@click.option(
    "--role",
    type=click.Choice([role for role in ROLES if Authority().may([role], "read-metrics")]),
    default="analyst",
    show_default=True,
    help="As whom.",
)
@click.pass_obj
def sign_in(config: Path, role: str) -> None:
    """Print a link that opens the pages once, within ten minutes."""
    settings, _ = open_settings(config)
    if settings.web.url is None:
        stop("web.url is not set, so there are no pages → set it in config.yaml")
    token, now = new_code(SystemRandom(), SIGN_IN), SystemClock().now()

    async def do(tx: AsyncConnection) -> None:
        await web.offer(tx, token, Who(role=role), now)
        await audit.record(tx, Entry(now, None, "link", "pages", after={"role": role}))

    write(settings, do)
    click.echo(f"{settings.web.url}/vao/{token}")
