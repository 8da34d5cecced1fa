"""The account of an announcement: in words, as a picture and as a spreadsheet. It always adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from bot.broadcasting.states import Counts
from bot.dialogue.replies import File, Reply
from bot.i18n import Texts
from bot.storage.broadcasts import Broadcast

BAR = 20  # signs of the progress bar
OWN_REASONS = ("gone", "in_flight", "erased")  # others are the channel's own words
FATES = ("sent", "blocked", "failed", "skipped", "unknown", "pending", "queued")


def progress_text(counts: Counts, passed: dt.timedelta, rate: int, id: int, say: Texts) -> str:
    """A bar, the rate so far, how long it will take, and every copy by its fate."""
    share = counts.settled / counts.total if counts.total else 1.0
    full = int(share * BAR)
    left = (counts.pending + counts.queued) / max(rate, 1)
    return say(
        "announce.progress",
        id=id,
        bar="▰" * full + "▱" * (BAR - full),
        percent=say.number(int(share * 100)),
        rate=say.number(round(counts.sent / max(passed.total_seconds(), 1.0), 1)),
        minutes=say.number(-(-left // 60)),
        **_numbers(counts, say),
    )


def closing(
    broadcast: Broadcast,
    key: str,
    counts: Counts,
    reasons: Sequence[tuple[str, str, int]],
    opened: int,
    say: Texts,
    today: dt.date,
) -> tuple[Reply, ...]:
    """What author and approver get at the end: the picture with the words under it, then the spreadsheet."""
    text = say(f"announce.{key}", id=broadcast.id, opened=say.number(opened), **_numbers(counts, say))
    title = say("announce.account", id=broadcast.id)
    picture = File("progress", f"thong-bao-{broadcast.id}.png", _picture(title, counts, opened, say, today))
    rows: list[tuple[str, str, int]] = [(say("announce.fate.sent"), "", counts.sent)]
    rows += [
        (say(f"announce.fate.{fate}"), say(f"announce.reason.{why}") if why in OWN_REASONS else why, n)
        for fate, why, n in reasons
    ]
    rows.append((say("announce.fate.pending"), "", counts.pending + counts.queued))
    head = [say("announce.head.fate"), say("announce.head.reason"), say("announce.head.number")]
    data = {"title": title, "head": head, "rows": rows, "total": say("announce.head.total")}
    sheet = File("account", f"thong-bao-{broadcast.id}.xlsx", data)
    return Reply(text, file=picture), Reply(title, file=sheet)


def _picture(title: str, counts: Counts, opened: int, say: Texts, today: dt.date) -> dict[str, object]:
    whole = max(counts.total, 1)
    numbers = {fate: n for fate in FATES if (n := getattr(counts, fate)) or fate == "sent"} | {"opened": opened}
    bars = [
        {"label": say(f"announce.fate.{fate}"), "share": n / whole, "note": say.number(n)}
        for fate, n in numbers.items()
    ]
    subtitle = say("announce.total", total=say.number(counts.total))
    return {"title": title, "subtitle": subtitle, "areas": [{"title": say("announce.head.fate"), "bars": bars}],
            "footer": say("announce.counted", date=say.date(today))}  # fmt: skip


def _numbers(counts: Counts, say: Texts) -> dict[str, str]:
    return {name: say.number(n) for name, n in asdict(counts).items()} | {"total": say.number(counts.total)}
