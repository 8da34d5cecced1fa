"""What new content would change: logged questions through two matchers, and how both do on reviewed ones. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.review.patch import utterance
from bot.storage.review import Decision
from intents import Decision as Understood
from intents import Matcher

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Change:
    """One wording, asked ``count`` times, whose decision would be another."""

    words: str
    count: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A question that an editor decided on, and whether each matcher is right about it."""

    words: str
    wanted: str
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """``wordings``: different ones that were looked at; ``questions``: how often they were asked."""

    wordings: int
    questions: int
    changes: tuple[Change, ...]
    reviewed: tuple[Judged, ...]

    @property
    def before(self) -> float | None:
        """Share of the reviewed set that is right; None: nothing was reviewed."""
        return sum(each.before for each in self.reviewed) / len(self.reviewed) if self.reviewed else None

    @property
    def after(self) -> float | None:
        return sum(each.after for each in self.reviewed) / len(self.reviewed) if self.reviewed else None

    @property
    def worse(self) -> bool:
        return (self.after or 0.0) < (self.before or 0.0)

    def to_json(self) -> dict[str, Any]:
        return {
            "wordings": self.wordings,
            "questions": self.questions,
            "changed": [
                {"words": c.words, "count": c.count, "before": c.before, "after": c.after} for c in self.changes
            ],
            "reviewed": {
                "n": len(self.reviewed),
                "before": _rounded(self.before),
                "after": _rounded(self.after),
                "lost": [{"words": j.words, "wanted": j.wanted} for j in self.reviewed if j.before and not j.after],
                "won": [{"words": j.words, "wanted": j.wanted} for j in self.reviewed if j.after and not j.before],
                "still_wrong": [
                    {"words": j.words, "wanted": j.wanted} for j in self.reviewed if not (j.before or j.after)
                ],
            },
        }


def replay(
    old: Matcher,
    new: Matcher,
    logged: Sequence[tuple[str, int]],
    reviewed: Iterable[Decision],
    progress: Progress = lambda done: None,
) -> Replay:
    """``logged``: (words, how often); each is taken as one request, without what was said before it."""
    changes = []
    for number, (words, count) in enumerate(logged):
        before, after = _named(old.match(words)), _named(new.match(words))
        if before != after:
            changes.append(Change(words, count, before, after))
        progress((number + 1) / len(logged))
    judged = [_judged(old, new, each) for each in reviewed if each.decision in ("topic", "outside")]
    return Replay(len(logged), sum(count for _, count in logged), tuple(changes), tuple(judged))


def as_text(found: Replay) -> str:
    """For a terminal: the changes, most frequent first, then the reviewed set."""
    shown = found.to_json()["reviewed"]
    lines = [f"{found.questions} questions in {found.wordings} wordings; {len(found.changes)} would change"]
    for change in found.changes:
        lines += ["", f"{change.count:>6} × {change.words}", f"       - {change.before}", f"       + {change.after}"]
    lines.append("")
    if found.before is None or found.after is None:
        return "\n".join([*lines, "nothing was reviewed yet: no accuracy to compare"])
    lines.append(f"reviewed: {len(found.reviewed)} questions, right {found.before:.1%} → {found.after:.1%}")
    for name in ("lost", "won", "still_wrong"):
        lines += [f"  {name.replace('_', ' '):<12} {each['wanted']:<32} {each['words']}" for each in shown[name]]
    return "\n".join(lines)


def _named(decision: Understood) -> str:
    """A decision as far as the person would notice: which choices are offered does not count, nor how sure it is."""
    if decision.outside:
        return f"says it is outside: {decision.outside}"
    match decision.kind:
        case "answer":
            return f"answers {decision.topic}"
        case "clarify":
            return "asks back"
        case "abstain":
            return "does not know"


def _judged(old: Matcher, new: Matcher, decided: Decision) -> Judged:
    words = utterance(decided.words or "")
    wanted = decided.topic if decided.decision == "topic" and decided.topic else "outside"
    return Judged(words, wanted, _right(old.match(words), wanted), _right(new.match(words), wanted))


def _right(decision: Understood, wanted: str) -> bool:
    """The right topic ranks first; what lies outside is not answered."""
    if wanted == "outside":
        return decision.kind != "answer"
    return not decision.outside and bool(decision.candidates) and decision.candidates[0].topic == wanted


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
