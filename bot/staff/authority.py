"""Authorisation in one place: roles give capabilities, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["admin", "editor", "analyst", "group_owner", "community", "agent"]
Capability = Literal[
    "manage-staff",  # invite and revoke
    "read-audit",
    "review-content",
    "read-metrics",
    "write-broadcasts",
    "approve-broadcasts",  # of others, never one's own
    "send-emergency",  # write or approve what goes at any hour to everybody
    "create-groups",
    "assist-learning",  # let someone without a phone learn on one's own, flagged as assisted
    "answer-people",  # take the tickets of people who asked for a human, and answer them
]

ROLES: tuple[Role, ...] = get_args(Role)

_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    "admin": frozenset(get_args(Capability)),
    "editor": frozenset({"review-content", "create-groups", "write-broadcasts", "answer-people"}),
    "analyst": frozenset({"read-metrics", "create-groups"}),
    "group_owner": frozenset({"create-groups"}),
    "community": frozenset({"assist-learning", "create-groups"}),
    "agent": frozenset({"answer-people"}),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """``admins``: (channel, external id) of those whom the settings make administrators."""

    admins: frozenset[tuple[str, str]] = frozenset()

    def roles(self, channel: str, external: str, granted: Iterable[str]) -> frozenset[Role]:
        """What someone is: by the settings, and by what was granted to them; unknown roles count for nothing."""
        own = set(ROLES) & set(granted)
        return frozenset(own | {"admin"} if (channel, external) in self.admins else own)

    def may(self, roles: Iterable[Role], capability: Capability) -> bool:
        return any(capability in _CAPABILITIES[role] for role in roles)

    def roles_with(self, capability: Capability) -> tuple[Role, ...]:
        """The roles that give ``capability``."""
        return tuple(role for role in ROLES if capability in _CAPABILITIES[role])
