"""What the weekly letters say: the week in figures, and the content that is due. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.content.markup import escape
from bot.dialogue.replies import File, Reply
from bot.i18n import Texts
from bot.review.freshness import Due
from bot.review.queue import spokesman
from bot.storage.review import Group
from bot.storage.weekly import Figures

LISTED = 25  # pieces of content named in one letter: it fits into one message


def digest_letter(
    name: str, first: dt.date, this: Figures, before: Figures, groups: Sequence[Group], say: Texts
) -> Reply:
    """A picture, with the numbers in words under it."""
    last = first + dt.timedelta(days=6)
    n, percent = say.number, _percent
    title = say("digest.title", first=say.date(first), last=say.date(last))
    tiles = [
        (say("digest.questions"), n(this.questions), say("digest.before", value=n(before.questions))),
        (
            say("digest.answered"),
            percent(this.answered_share, say),
            say("digest.before", value=percent(before.answered_share, say)),
        ),
        (
            say("digest.feedback"),
            f"{n(this.liked)} / {n(this.disliked)}",
            say("digest.before", value=f"{n(before.liked)} / {n(before.disliked)}"),
        ),
        (say("digest.learners"), n(this.new_learners), say("digest.before", value=n(before.new_learners))),
        (say("digest.lessons"), n(this.lessons), say("digest.courses", count=n(this.courses))),
        (
            say("digest.blocked"),
            percent(this.stopped_share, say),
            say("digest.of_active", count=n(this.stopped), active=n(this.active)),
        ),
    ]
    parts = [
        (say("digest.part_answered"), this.answered),
        (say("digest.part_asked_back"), this.asked_back),
        (say("digest.part_outside"), this.outside),
        (say("digest.part_unanswered"), this.unanswered),
    ]
    data = {
        "title": name,
        "subtitle": title,
        "tiles": [{"label": label, "figure": figure, "note": note} for label, figure, note in tiles],
        "parts_title": say("digest.parts"),
        "parts": [{"label": label, "count": count, "figure": n(count)} for label, count in parts],
        "rows_title": say("digest.top"),
        "rows": [{"text": spokesman(group.wordings), "figure": n(group.count)} for group in groups],
        "none": say("digest.none"),
        "footer": say("digest.footer"),
    }
    lines = [f"- {label}: **{figure}** ({note})" for label, figure, note in tiles]
    lines += [f"- {label}: **{n(count)}**" for label, count in parts]
    text = f"**{title}**\n\n" + "\n".join(lines) + "\n\n" + say("digest.open")
    return Reply(text, file=File("digest", f"tuan-{first.isoformat()}.png", data))


def freshness_letter(
    found: Mapping[str, Sequence[Due]], owners: Mapping[str, str], today: dt.date, say: Texts
) -> Reply:
    """What is due, by owner; the longest lists are cut, with how much is left out."""
    left = sum(map(len, found.values()))
    parts = [say("fresh.title", count=say.number(left))]
    room = LISTED
    for owner, those in found.items():
        shown = those[:room]
        room -= len(shown)
        left -= len(shown)
        if shown:
            parts.append(
                "\n".join([f"**{escape(owners.get(owner, owner))}**", *(_item(each, today, say) for each in shown)])
            )
    if left:
        parts.append(say("fresh.more", count=say.number(left)))
    return Reply("\n\n".join([*parts, say("fresh.what_to_do")]))


def _item(each: Due, today: dt.date, say: Texts) -> str:
    kinds = {"article": "fresh.article", "lesson": "fresh.lesson", "course": "fresh.course"}
    key = "fresh.late" if each.review_by < today else "fresh.soon"
    return "- " + say(key, kind=say(kinds[each.kind]), title=each.title, date=say.date(each.review_by))


def _percent(share: float | None, say: Texts) -> str:
    return "–" if share is None else say("digest.percent", value=say.number(round(share * 100, 1)))
