"""Structured logs. Every line, ours or a library's, passes one redaction step before it is written."""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.redaction import redact

QUIET = ("telegram", "aiohttp", "aiosqlite", "alembic", "sqlalchemy", "uvicorn", "asyncio", "httpx", "fontTools")
UNTOUCHED = frozenset({"timestamp", "level"})  # made by the logger itself


def configure(level: str = "info", form: Literal["console", "json"] = "console", stream: TextIO | None = None) -> None:
    """Send all logs to ``stream`` (stderr by default). Call once, at start."""
    output = stream or sys.stderr
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=output.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:3], structlog.stdlib.ExtraAdder(), *shared[3:]],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_event, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    sys.excepthook = _log_uncaught


def redact_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The one redaction step. Keys and values both; numbers too, since a number may be someone's id."""
    return {
        key if key in UNTOUCHED else redact(key): value if key in UNTOUCHED else _clean(value)
        for key, value in event.items()
    }


def _clean(value: object) -> object:
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        text = redact(str(value))
        return value if text == str(value) else text
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    if isinstance(value, logging.LogRecord):
        return value
    return redact(str(value))


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("bot").critical("the process stops on an error", exc_info=(kind, error, trace))
