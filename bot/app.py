"""Wiring: which part gets which. The only module that sees everything."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.channels.console import CHANNEL as CONSOLE
from bot.channels.console import Console
from bot.channels.intake import Intake
from bot.clock import Clock, SystemClock
from bot.config import WEEKDAYS, Secrets, Settings
from bot.content.announcements import load_announcements
from bot.content.articles import Library, load_library
from bot.content.competences import load_competences
from bot.content.consent import load_consent
from bot.content.courses import Catalogue, load_catalogue
from bot.content.indicators import load_indicators
from bot.content.lexicon import load_words
from bot.content.links import load_official
from bot.content.menu import load_menu
from bot.content.outside import load_outside
from bot.content.places import Places, load_places
from bot.delivery.limiter import Limiter
from bot.delivery.sender import Sender, SenderSettings
from bot.dialogue.announcing import Announcing
from bot.dialogue.asking import Asking
from bot.dialogue.desk import Office
from bot.dialogue.digest import Weekly
from bot.dialogue.handing_back import HandingBack
from bot.dialogue.reminding import TICK, Reminding
from bot.dialogue.respond import Dialogue
from bot.dialogue.unit_letters import UnitLetters
from bot.dialogue.worker import Worker
from bot.documents import uncollected
from bot.handover.hours import Hours, Rules
from bot.i18n import Texts, load_texts
from bot.learning.quiet import Quiet
from bot.metrics.counting import measures
from bot.metrics.recording import catch_up
from bot.metrics.report import Metrics
from bot.review.queue import group_new
from bot.staff.authority import Authority
from bot.storage import inbox, outbox, questions, tickets
from bot.storage.database import Database
from intents import Matcher, Topic
from intents.matcher import cached
from intents.train import Progress

INBOX_KEPT = dt.timedelta(hours=48)  # twice as long as Telegram may deliver an update again
OUTBOX_KEPT = dt.timedelta(days=7)
TIDY_SECONDS = 3600.0
TELEGRAM = "telegram"  # the channel's name, known before its library is loaded
DRAIN_SECONDS = 8.0  # of the 10 a supervisor gives

log = structlog.get_logger("bot")


@dataclass(frozen=True)
class Core:
    """What every channel needs, ready to use."""

    settings: Settings
    library: Library
    texts: dict[str, Texts]
    dialogue: Dialogue
    office: Office
    metrics: Metrics


@uncollected()
def load_core(settings: Settings, progress: Progress = lambda stage, done: None) -> Core:
    """Content, interface texts and matcher. Raises DocumentError for content that cannot be used."""
    content = Path(settings.content)
    source = (
        content / settings.site.language if (content / settings.site.language / "articles").exists() else content / "vi"
    )
    library, catalogue = load_library(source), load_catalogue(source)
    texts = {language: load_texts(content, language) for language in ("vi", "en")}
    outside = load_outside(source)
    topics = [
        Topic(article.id, (article.title, article.label, *article.utterances), urgent=article.urgent)
        for article in library.articles.values()
    ]
    topics += [Topic(entry.topic, entry.utterances, urgent=entry.urgent, served=False) for entry in outside.values()]
    matcher = cached(Path(settings.model_cache), topics, progress, load_words(source))
    asking = Asking(
        settings.site,
        library,
        matcher,
        menu=load_menu(source),
        outside=outside,
        places=load_places(source),
        official=load_official(source),
        lessons=catalogue.about(),
        staffed=_rules(settings) is not None,
    )
    metrics = _metrics(settings, source, catalogue, library, asking.places)
    office = replace(_office(settings, source, metrics, matcher), outside=outside, official=asking.official)
    return Core(settings, library, texts, Dialogue(asking, texts), office, metrics)


def load_metrics(settings: Settings) -> Metrics:
    """The figures' definitions alone, without matcher. Raises DocumentError for content that cannot be used."""
    source = Path(settings.content) / "vi"
    return _metrics(settings, source, load_catalogue(source), load_library(source), load_places(source))


def _metrics(
    settings: Settings, source: Path, catalogue: Catalogue, library: Library, places: Places | None
) -> Metrics:
    indicators = load_indicators(source, Path(settings.metrics.denominators) if settings.metrics.denominators else None)
    competences = load_competences(source)
    codes = [code for area in competences.values() for code in area.competences]
    return Metrics(
        site=settings.site,
        indicators=indicators,
        measures=measures(catalogue, indicators, codes),
        catalogue=catalogue,
        library=library,
        competences=competences,
        places=places,
    )


def _office(settings: Settings, source: Path, metrics: Metrics, matcher: Matcher) -> Office:
    username = settings.channels.telegram.username
    quiet = settings.quiet
    return Office(
        site=settings.site,
        catalogue=metrics.catalogue,
        library=metrics.library,
        consent=load_consent(source),
        places=metrics.places,
        competences=metrics.competences,
        authority=_authority(settings),
        quiet=Quiet(ZoneInfo(settings.site.time_zone), quiet.start, quiet.end, quiet.days),
        chance=SystemRandom(),
        links=f"https://t.me/{username}?start={{}}" if username else "",
        assisted_a_day=settings.staff.assisted_a_day,
        invitation=dt.timedelta(days=settings.staff.invitation_days),
        measures=metrics.measures,
        metrics=metrics,
        pages=settings.web.url or "",
        announcements=load_announcements(source),
        paid=bool(settings.limits.paid_per_second),
        handover=_rules(settings),
        matcher=matcher,
    )


def _rules(settings: Settings) -> Rules | None:
    """When and how staff answer people; None where no hours are set."""
    own, quiet = settings.handover, settings.quiet
    week = {WEEKDAYS.index(day): spells for day, spells in own.hours.items() if spells}
    if not week:
        return None
    return Rules(
        Hours(ZoneInfo(settings.site.time_zone), week, quiet.days),
        wait=dt.timedelta(minutes=own.wait_minutes),
        answer=dt.timedelta(minutes=own.answer_minutes),
        silence=dt.timedelta(minutes=own.silence_minutes),
        messages=own.messages,
        words_days=own.words_days,
    )


def _authority(settings: Settings) -> Authority:
    return Authority(frozenset((TELEGRAM, str(admin)) for admin in settings.staff.admins))


async def open_database(settings: Settings, metrics: Metrics) -> Database:
    """The site's database, with the tallies counted as the content says now. Close it when done."""
    database = await Database.open(settings.storage.url, settings.storage.synchronous)
    try:
        async with database.write() as tx:
            if await catch_up(tx, metrics.measures, ZoneInfo(settings.site.time_zone)):
                log.info("figures were counted anew, since their definitions changed")
    except BaseException:
        await database.close()
        raise
    return database


async def open_console(core: Core, clock: Clock | None = None) -> tuple[Console, Database]:
    """A console on the site's own database. Close the database when done."""
    clock = clock or SystemClock()
    database = await open_database(core.settings, core.metrics)
    worker = Worker(database, core.dialogue, core.office, clock, {CONSOLE: lambda reply: [reply]})
    return Console(database, Intake(database, clock, worker.wake), worker, clock), database


async def serve_telegram(core: Core, secrets: Secrets, clock: Clock | None = None) -> None:
    """Until SIGTERM or SIGINT; then finish what was taken and return within ten seconds."""
    from bot.channels.telegram.channel import Telegram  # here: the console starts without Telegram's library
    from bot.channels.telegram.parse import CHANNEL
    from bot.channels.telegram.render import fit

    clock = clock or SystemClock()
    settings = core.settings
    limits = settings.limits
    database = await open_database(settings, core.metrics)
    try:
        worker: Worker
        intake = Intake(database, clock, lambda: worker.wake())
        telegram = Telegram(settings.channels.telegram, secrets, intake, clock, limits.open_requests + 40)
        quiet = core.office.quiet
        bulk = limits.paid_per_second or limits.bulk_per_second
        sender = Sender(
            database,
            telegram.transport,
            Limiter(max(limits.sends_per_second, limits.paid_per_second), bulk, limits.chat_interval),
            clock,
            SenderSettings(CHANNEL, limits.open_requests, limits.send_attempts),
            held=lambda letter: bool(letter.lane) and not letter.reply.get("urgent") and quiet.at(clock.now()),
        )
        worker = Worker(database, core.dialogue, core.office, clock, {CHANNEL: fit}, sender.wake)
        await telegram.initialize()
        try:
            await sender.recover()
            say = core.texts[settings.site.language]
            commands = {
                name: say(f"command.{name}")
                for name in ("start", "hoc", "tien_do", "thong_bao", "trogiup", "dulieu", "ngonngu")
            }
            most = round(limits.bulk_per_second * TICK)
            announcing = Announcing(
                database,
                quiet,
                core.texts,
                settings.site.language,
                clock,
                CHANNEL,
                bulk,
                sender.wake,
                paid=bool(limits.paid_per_second),
            )
            reminding = Reminding(database, core.office, core.texts, clock, CHANNEL, most, sender.wake)
            rules = core.office.handover
            weekly = Weekly(database, core.office, core.texts, clock, CHANNEL, sender.wake)
            units = UnitLetters(database, core.office, core.metrics, core.texts, clock, CHANNEL, sender.wake)
            clocks = [reminding.run(), announcing.run(), weekly.run(), units.run()]
            clocks.append(_pages(settings, secrets, database, core.metrics, clock))
            if rules:
                clocks.append(HandingBack(database, core.office, rules, core.dialogue.say, clock, sender.wake).run())
            await _until_stopped(
                receive=telegram.run(commands, lambda: _answers(database)),
                work=worker.run(),
                send=sender.run(),
                tidy=_tidy(database, clock, settings),
                clocks=clocks,
                finish_work=worker.step,
                drain=sender.drain,
            )
        finally:
            await telegram.shutdown()
    finally:
        await database.close()
        log.info("stopped")


async def _until_stopped(
    receive: Awaitable[None],
    work: Awaitable[None],
    send: Awaitable[None],
    tidy: Awaitable[None],
    clocks: Sequence[Awaitable[None]],
    finish_work: Callable[[], Awaitable[int]],
    drain: Callable[[], Awaitable[None]],
) -> None:
    """Run all; on a signal stop receiving, finish the inbox, let open sends end, in that order."""
    stopping = _stop_signal()
    receiving, working, sending, tidying, *ticking = (
        asyncio.ensure_future(each) for each in (receive, work, send, tidy, *clocks)
    )
    log.info("ready")
    try:
        done, _ = await asyncio.wait(
            [receiving, working, sending, tidying, *ticking, stopping], return_when=asyncio.FIRST_COMPLETED
        )
        log.info("stopping")
        for part in done - {stopping}:
            await part  # a part that ended by itself ended on an error: raise it
    finally:
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await _cancel(receiving, tidying, *ticking, stopping)
                await _cancel(working)
                while await finish_work():
                    pass
                await drain()
                await asyncio.wait([sending])
        except TimeoutError:
            log.warning("not everything could be sent before the stop; it is kept for the next start")
        finally:
            await _cancel(receiving, working, sending, tidying, *ticking, stopping)


def _stop_signal() -> asyncio.Task[Any]:
    """Done once the process is asked to stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    return asyncio.create_task(stop.wait())


async def _pages(settings: Settings, secrets: Secrets, database: Database, metrics: Metrics, clock: Clock) -> None:
    """Serve the pages for ever; where none are wanted, wait for as long."""
    if settings.web.url is None:
        await asyncio.Event().wait()
    from bot.web.app import open_front, serve  # here: without pages no web server is loaded

    say = load_texts(Path(settings.content), settings.site.language)
    authority = _authority(settings)
    await serve(open_front(settings.web, secrets, database, metrics, say, clock, authority, SystemRandom()))


async def serve_web(settings: Settings, secrets: Secrets, metrics: Metrics, clock: Clock | None = None) -> None:
    """The pages alone, until SIGTERM or SIGINT."""
    database = await open_database(settings, metrics)
    try:
        stopping = _stop_signal()
        serving = asyncio.create_task(_pages(settings, secrets, database, metrics, clock or SystemClock()))
        log.info("ready", url=settings.web.url)
        done, _ = await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        for part in done - {stopping}:
            await part
        await _cancel(serving, stopping)
    finally:
        await database.close()
        log.info("stopped")


async def _cancel(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task


async def _answers(database: Database) -> bool:
    """Whether the database can be read."""
    try:
        async with asyncio.timeout(2), database.read() as tx:
            await inbox.last_update_id(tx, "")
    except Exception:
        log.exception("the database does not answer")
        return False
    return True


async def _tidy(database: Database, clock: Clock, settings: Settings) -> None:
    """Once an hour, forget what has been kept long enough, and group the questions that nobody could answer."""
    while True:
        now = clock.now()
        try:
            async with database.write() as tx:
                await inbox.prune(tx, now - INBOX_KEPT)
                await outbox.prune(tx, now - OUTBOX_KEPT)
                await questions.forget_words(tx, now - dt.timedelta(days=settings.limits.question_days))
                await tickets.forget_words(tx, now - dt.timedelta(days=settings.handover.words_days))
            await database.scrub()
            more = 1
            while more:  # each batch in a transaction of its own: nobody's message waits for all of them
                async with database.write() as tx:
                    more = await group_new(tx, now)
        except Exception:
            log.exception("the database could not be tidied")
        await clock.sleep(TIDY_SECONDS)
