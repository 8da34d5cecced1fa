"""Who looks at the pages, and how far they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.metrics.report import EVERYBODY, Cut
from bot.staff.authority import Authority, Role
from bot.storage.web import Holder, Who
from bot.web.front import Refused


@dataclass(frozen=True, slots=True)
class Viewer:
    """``unit``: the only ward whose figures they may see; empty: all. ``session``: the cookie's token."""

    who: Who
    roles: frozenset[Role]
    unit: str = ""
    session: str = field(default="", repr=False)

    def cut(self, wanted: Cut | None) -> Cut:
        """Whom the figures are about; None: not asked for. The one place that holds the limit. Raises Refused."""
        if not self.unit:
            return wanted or EVERYBODY
        own = Cut("ward", self.unit)
        if wanted is not None and wanted != own:
            raise Refused(403, "web.error.unit")
        return own


def viewer(holder: Holder, authority: Authority, session: str, today: Callable[[str], str]) -> Viewer:
    """``today``: the code that a ward goes by now. A right held without a limit outweighs the same one with it."""
    names = [name for name, _ in holder.granted]
    roles = authority.roles(holder.channel, holder.external, names)
    limits = [unit for name, unit in holder.granted if authority.may(authority.roles("", "", [name]), "read-metrics")]
    by_settings = authority.may(authority.roles(holder.channel, holder.external, []), "read-metrics")
    unlimited = by_settings or "" in limits
    return Viewer(holder.who, roles, "" if unlimited or not limits else today(min(limits)), session)
