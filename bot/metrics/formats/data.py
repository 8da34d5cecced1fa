"""A report as JSON for machines: exact numbers under names that do not change with the language."""

from __future__ import annotations

import json
from typing import Any

from bot.metrics.figures import Figure
from bot.metrics.report import Report


def written(report: Report) -> str:
    return json.dumps(plain(report), ensure_ascii=False, indent=2) + "\n"


def plain(report: Report) -> dict[str, Any]:
    """Shares in per cent; what is not known is null."""
    return {
        "site": report.site.name,
        "made_up": report.made_up,
        "made_on": report.made_on.isoformat(),
        "period": {"name": report.period.name, "first": report.period.first, "last": report.period.last},
        "before": report.period.before.name,
        "covers": {"dimension": report.cut.dimension, "value": report.cut.value, "area": report.area},
        "set": report.set or None,
        "figures": [_about(figure) | _numbers(figure) for figure in report.figures],
        "wards": [
            {
                "code": row.code or None,
                "name": row.name or None,
                "figures": {id: _numbers(figure) for id, figure in row.figures.items()},
            }
            for row in report.areas
        ],
        "courses": [
            {"id": row.id, "title": row.title, "begun": row.begun, "finished": row.finished, "open": row.open,
             "new": row.new, "assisted": row.assisted}
            for row in report.courses
        ],
        "competences": [
            {"code": row.code, "name": row.name, "reached": {str(level): n for level, n in row.reached.items()}}
            for row in report.competences
        ],
        "people": {
            dimension: [{"value": share.value or None, "persons": share.persons, "new": share.new} for share in shares]
            for dimension, shares in report.shares.items()
        },
        "topics": [
            {"topic": row.topic or None, "title": row.title or None, "asked": row.asked, "answered": row.answered,
             "asked_back": row.asked_back, "unanswered": row.unanswered}
            for row in report.topics
        ],
        "trend": {"months": list(report.months), "new_persons": {id: list(n) for id, n in report.trend.items()}},
    }  # fmt: skip


def _about(figure: Figure) -> dict[str, Any]:
    of = figure.indicator
    return {
        "id": of.id,
        "name": of.name,
        "label": of.label,
        "unit": of.unit,
        "counts": of.counts,
        "sets": list(of.sets),
        "headline": of.headline,
        "direction": of.direction,
        "definition": of.definition,
        "owner": of.owner,
        "limits": of.limits,
        "unread": of.unread or None,
        "basis": [source.model_dump(mode="json") for source in of.basis],
        "references": [reference.model_dump(mode="json") for reference in of.references],
    }


def _numbers(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "new": figure.new,
        "before": figure.before,
        "change": figure.new - figure.before,
        "year": figure.year,
        "turns": figure.turns,
        "assisted": figure.assisted,
        "unknown": figure.unknown,
        "denominator": figure.denominator.model_dump(mode="json") if figure.denominator else None,
        "share": figure.share,
        "target": figure.target.model_dump(mode="json") if figure.target else None,
        "reached": figure.reached,
        "missing": figure.missing,
    }
