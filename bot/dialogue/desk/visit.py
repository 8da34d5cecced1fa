"""What an errand works with: the office that is the same for all, and one person's visit to it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config import Site
from bot.content.announcements import Announcements
from bot.content.articles import Library
from bot.content.competences import Area
from bot.content.consent import Consent
from bot.content.courses import Catalogue
from bot.content.links import Official
from bot.content.outside import Outside
from bot.content.places import Places
from bot.dialogue.answers import Rows
from bot.dialogue.replies import Choice, File, Reply
from bot.dialogue.state import State
from bot.dialogue.turns import Turn
from bot.handover.hours import Rules
from bot.i18n import Texts
from bot.learning.quiet import Quiet
from bot.metrics.counting import Measures
from bot.metrics.report import Metrics
from bot.staff.authority import Authority, Capability, Role
from bot.storage import profiles
from bot.storage.people import Person
from intents import Matcher


@dataclass(frozen=True)
class Office:
    """``chance``: draws questions and codes. ``links``: where a start link leads, with the payload put in.

    ``paid``: announcements go beyond the channel's free limit, for its price.
    ``handover``: when and how staff answer people; None: they do not.
    ``pages``: the address of the figures on the web; empty: there are none.
    """

    site: Site
    catalogue: Catalogue
    library: Library
    consent: Consent | None = None
    places: Places | None = None
    competences: Mapping[str, Area] = field(default_factory=dict)
    authority: Authority = field(default_factory=Authority)
    quiet: Quiet = field(default_factory=lambda: Quiet(ZoneInfo("Asia/Ho_Chi_Minh")))
    chance: Random = field(default_factory=Random)
    links: str = ""
    assisted_a_day: int = 20
    invitation: dt.timedelta = dt.timedelta(days=3)
    measures: Measures = field(default_factory=lambda: Measures(()))
    announcements: Announcements | None = None
    official: Official | None = None
    paid: bool = False
    handover: Rules | None = None
    matcher: Matcher | None = None
    outside: Mapping[str, Outside] = field(default_factory=dict)
    metrics: Metrics | None = None
    pages: str = ""

    def link(self, payload: str) -> str:
        """The start link with ``payload``; the command that does the same where no bot name is set."""
        return self.links.format(payload) if self.links else f"/start {payload}"


@dataclass(frozen=True)
class Visit:
    """One event of one person, inside the transaction that all its effects share.

    ``say``: in the person's own language; ``texts``: in somebody else's.
    """

    office: Office
    tx: AsyncConnection
    person: Person
    state: State
    say: Texts
    texts: Callable[[str | None], Texts]
    now: dt.datetime
    today: dt.date
    roles: frozenset[Role] = frozenset()
    message: str = ""
    text: str = ""
    file: str = ""

    @property
    def day(self) -> str:
        return self.today.isoformat()

    @property
    def typed(self) -> str:
        """What was typed, composed (NFC) and with single spaces."""
        return " ".join(unicodedata.normalize("NFC", self.text).split())

    def may(self, capability: Capability) -> bool:
        return self.office.authority.may(self.roles, capability)

    async def agreed(self) -> bool:
        """Whether the person agreed to the consent as it reads now."""
        consent = self.office.consent
        given = await profiles.agreed(self.tx, self.person.id) if consent else None
        return bool(consent and given and given[0] >= consent.version)

    def turn(self, text: str, rows: Rows = (), *, file: File | None = None, state: State | None = None) -> Turn:
        """One reply. It takes the place of the message whose button was pressed, unless a file comes with it."""
        reply = Reply(text, rows, "" if file else self.message, file=file)
        return Turn((reply,), state or replace(self.state, expects="", then=""))

    def ask(self, text: str, expects: str, then: str, rows: Rows = ()) -> Turn:
        """A question whose answer is typed; ``then``: the button whose errand goes on after it."""
        return self.turn(text, rows, state=replace(self.state, expects=expects, then=then))


def column(*choices: Choice | None) -> Rows:
    """One choice a row; None is left out."""
    return tuple((choice,) for choice in choices if choice)
