"""``python -m bot``: run the assistant, talk to it, check its content. One verb a file."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.broadcast import broadcast_
from bot.cli.chat import chat
from bot.cli.check import check
from bot.cli.demo import demo
from bot.cli.metrics import metrics_
from bot.cli.replay import replay
from bot.cli.report import report
from bot.cli.review import review_
from bot.cli.run import run
from bot.cli.staff import staff_
from bot.cli.web import web


@click.group(help=__doc__)
@click.option(
    "--config", type=click.Path(path_type=Path), default="config.yaml", show_default=True, help="The settings file."
)
@click.pass_context
def main(context: click.Context, config: Path) -> None:
    context.obj = config


for verb in (run, chat, check, staff_, report, metrics_, demo, broadcast_, review_, replay, web):
    main.add_command(verb)
