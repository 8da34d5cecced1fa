"""One step of a conversation: what an event meets, and what comes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.dialogue.replies import Reply
from bot.dialogue.state import State
from intents import Decision


@dataclass(frozen=True, slots=True)
class Asked:
    """Words were understood as ``decision``; they are kept redacted, with this event's id."""

    words: str
    decision: Decision
    content_version: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The person said whether the answer to ``question`` was right."""

    question: int
    right: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The person chose ``topic`` (None: none of them) among those offered for ``question``."""

    question: int
    topic: str | None


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The person blocked (True) or unblocked (False) the assistant."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """The person is gone, with everything that was theirs."""


Record = Asked | Verdict | Chosen | LanguageChosen | Stopped | Erased


@dataclass(frozen=True, slots=True)
class Errand:
    """What can be answered from the person's own records only: a name of ``desk.ERRANDS`` and its arguments.

    ``text``: words typed for it. ``message``: the message whose button was pressed. ``file``: see ``Event.file``.
    """

    name: str
    arguments: tuple[str, ...] = ()
    text: str = ""
    message: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply for another chat than the one the event came from."""

    channel: str
    chat: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Turn:
    """``errand``: more is to come of the event, which the desk finds out within the same transaction.

    ``letters``: what other people get by it, after the replies.
    """

    replies: tuple[Reply, ...]
    state: State
    records: tuple[Record, ...] = ()
    errand: Errand | None = None
    letters: tuple[Letter, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What an event meets: its own id, the chat's state, the person's language, and today's date at the site.

    ``line``: words go to a person and not to the bot, since the chat is the "person" or the "staff" side of a talk.
    """

    id: int
    state: State
    language: str | None
    today: dt.date
    line: str = ""
