"""What an announcement may become, and by whose doing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Status = Literal["draft", "submitted", "scheduled", "canary", "sending", "paused", "done", "cancelled", "stopped"]
Step = Literal["submit", "send_back", "approve", "pause", "resume", "cancel", "resend_unknown"]

_STEPS: Mapping[tuple[Status, Step], Status] = {
    ("draft", "submit"): "submitted",
    ("draft", "cancel"): "cancelled",
    ("submitted", "send_back"): "draft",
    ("submitted", "approve"): "scheduled",
    ("submitted", "cancel"): "cancelled",
    ("scheduled", "cancel"): "cancelled",
    ("canary", "pause"): "paused",
    ("canary", "cancel"): "cancelled",
    ("sending", "pause"): "paused",
    ("sending", "cancel"): "cancelled",
    ("paused", "resume"): "sending",
    ("paused", "cancel"): "cancelled",
    ("done", "resend_unknown"): "sending",
}

CANARY = 200  # copies whose fate is awaited before the others go
_REFUSED = 0.02  # share of bad requests among them that stops it
_BLOCKED = 0.05  # share of people who have stopped the assistant


class NotPossible(ValueError):
    """The step cannot be taken from where the announcement stands."""


def after(status: Status, step: Step, canary_done: bool = True) -> Status:
    """Where ``step`` leads. Raises NotPossible."""
    if (status, step) not in _STEPS:
        raise NotPossible(f"{step} is not possible from {status} → look at it again")
    to = _STEPS[status, step]
    return "canary" if step == "resume" and not canary_done else to


@dataclass(frozen=True, slots=True)
class Counts:
    """Copies by fate; they always add up to the snapshot. ``queued``: on their way, part of what is pending."""

    pending: int = 0
    queued: int = 0
    sent: int = 0
    failed: int = 0
    blocked: int = 0
    skipped: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.settled + self.pending + self.queued

    @property
    def settled(self) -> int:
        return self.sent + self.failed + self.blocked + self.skipped + self.unknown

    @property
    def over(self) -> bool:
        return not self.pending and not self.queued


def canary_verdict(first: Counts) -> Literal["go", "wait", "bad_requests", "blocks"]:
    """Of the first copies: go on with the others, or stop and say why. One of each is always forgiven."""
    size = max(first.total - first.skipped, 1)
    if first.failed > max(1, _REFUSED * size):
        return "bad_requests"
    if first.blocked > max(1, _BLOCKED * size):
        return "blocks"
    return "go" if first.over else "wait"
