"""Measure a matcher on labelled questions."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intents.matcher import Decision, Matcher
from intents.topics import Example


@dataclass(frozen=True, slots=True)
class Judged:
    example: Example
    decision: Decision

    @property
    def first(self) -> str:
        return "" if self.decision.outside or not self.decision.candidates else self.decision.candidates[0].topic

    @property
    def right(self) -> bool:
        return self.first in self.example.labels

    @property
    def offered_right(self) -> bool:
        return any(candidate.topic in self.example.labels for candidate in self.decision.candidates)


def evaluate(matcher: Matcher, examples: Sequence[Example], build_s: float = 0.0) -> dict[str, Any]:
    """Figures over ``examples``; rows whose labels are all unknown are skipped."""
    known = set(matcher.topics)
    usable = [e for e in examples if not e.labels or known & set(e.labels)]
    judged, times = [], []
    for example in usable:
        start = time.perf_counter_ns()
        decision = matcher.match(example.text)
        times.append((time.perf_counter_ns() - start) / 1000)
        judged.append(Judged(example, decision))
    inside = [j for j in judged if j.example.labels]
    outside = [j for j in judged if not j.example.labels]
    answered = [j for j in inside if j.decision.kind == "answer"]
    clarified = [j for j in inside if j.decision.kind == "clarify"]
    return {
        "n": len(judged),
        "n_in_scope": len(inside),
        "skipped": len(examples) - len(usable),
        "skipped_labels": sorted({label for e in examples if e not in usable for label in e.labels}),
        "accuracy": _share(j.right for j in inside),
        "accuracy_at_3": _share(j.offered_right for j in inside),
        "answered": _share(j.decision.kind == "answer" for j in inside),
        "accuracy_answered": _share(j.right for j in answered),
        "clarified": _share(j.decision.kind == "clarify" for j in inside),
        "clarified_has_right": _share(j.offered_right for j in clarified),
        "false_answers": _share(j.decision.kind == "answer" for j in outside),
        "oos_auroc": _auroc([_confidence(j) for j in inside], [_confidence(j) for j in outside]),
        "latency_us": {f"p{q}": round(float(np.percentile(times, q)), 1) if times else None for q in (50, 99)},
        "build_s": round(build_s, 3),
        "by_style": {style: _summary(rows) for style, rows in sorted(_by_style(inside).items())},
        "by_intent": {topic: _summary(rows) for topic, rows in sorted(_by_intent(inside).items())},
        "confusions": _confusions(inside),
    }


def as_text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = []
    for key, value in figures.items():
        if key in ("by_style", "by_intent"):
            lines.append(f"\n{key:<32}{'n':>5}{'accuracy':>10}{'answered':>10}")
            rows = (
                value.items() if key == "by_style" else sorted(value.items(), key=lambda row: row[1]["accuracy"])[:15]
            )
            lines += [f"  {name:<30}{r['n']:>5}{r['accuracy']:>10.3f}{r['answered']:>10.3f}" for name, r in rows]
        elif key == "confusions":
            lines.append("\nconfusions (wanted → ranked first)")
            lines += [f"  {c['n']:>3}  {c['wanted']} → {c['got']}" for c in value[:15]]
        elif key == "latency_us":
            lines.append(f"{key:<22} p50 {value['p50']}  p99 {value['p99']}")
        elif isinstance(value, list):
            lines.append(f"{key:<22} {', '.join(value) or '-'}")
        else:
            lines.append(f"{key:<22} {value}")
    return "\n".join(lines)


def _confidence(judged: Judged) -> float:
    return 0.0 if judged.decision.outside else judged.decision.probability


def _share(flags: Any) -> float | None:
    values = [bool(flag) for flag in flags]
    return round(sum(values) / len(values), 4) if values else None


def _auroc(inside: list[float], outside: list[float]) -> float | None:
    """The chance that a question in scope scores above one out of scope (Mann-Whitney)."""
    if not inside or not outside:
        return None
    a, b = np.array(inside)[:, None], np.array(outside)[None, :]
    return round(float(((a > b) + 0.5 * (a == b)).mean()), 4)


def _summary(rows: list[Judged]) -> dict[str, Any]:
    return {
        "n": len(rows),
        "accuracy": _share(j.right for j in rows),
        "answered": _share(j.decision.kind == "answer" for j in rows),
    }


def _by_style(rows: list[Judged]) -> dict[str, list[Judged]]:
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        for style in row.example.styles:
            grouped[style].append(row)
    return grouped


def _by_intent(rows: list[Judged]) -> dict[str, list[Judged]]:
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        grouped[row.example.labels[0]].append(row)
    return grouped


def _confusions(rows: list[Judged]) -> list[dict[str, Any]]:
    pairs = Counter((row.example.labels[0], row.first or "-") for row in rows if not row.right)
    return [{"wanted": wanted, "got": got, "n": n} for (wanted, got), n in pairs.most_common()]
