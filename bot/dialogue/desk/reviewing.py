"""The editor's queue: one group of unanswered questions at a time, and what each belongs to.

Whoever decides sees redacted words only; every decision is audited, and can be taken back until it is exported.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.content.markup import escape
from bot.dialogue.actions import decode, encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk.staffing import record, refused
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice
from bot.dialogue.turns import Turn
from bot.review.queue import KEPT, group_new, spokesman
from bot.storage import review
from bot.storage.review import Decision, Group
from intents.matcher import Explanation
from intents.text import fold

WORDINGS = 3  # of a group, shown
TELLING = 3  # words that pulled to a topic, shown
OUTSIDE = 3  # entries of what lies outside, offered

_NAMES = {
    "outside": "reviewq.is_outside",
    "new_topic": "reviewq.is_new_topic",
    "ignore": "reviewq.is_ignore",
}


async def queue(visit: Visit) -> Turn:
    """The group asked most often among those that wait."""
    if not visit.may("review-content"):
        return await refused(visit, "review questions")
    return await _next(visit)


async def judge(visit: Visit, key: str, what: str) -> Turn:
    """Decide: ``what`` is a topic, an entry of what lies outside, or "outside", "new" or "ignore"."""
    if not visit.may("review-content"):
        return await refused(visit, f"review question {key} {what}"[:80])
    group = await review.group(visit.tx, key, visit.now - KEPT)
    decided = _decision(visit, group, what) if group else None
    if decided is None:
        return await _next(visit, visit.say("reviewq.gone"))
    if not await review.decide(visit.tx, decided):
        return await _next(visit, visit.say("reviewq.decided"))
    after = {"decision": decided.decision, "topic": decided.topic}
    await record(visit, "review question", f"question {key}", after=after)
    return await _next(visit, visit.say("reviewq.kept", what=_named(visit, decided)), undo=key)


async def unjudge(visit: Visit, key: str) -> Turn:
    """Take a decision back, and show the group again."""
    if not visit.may("review-content"):
        return await refused(visit, f"take back review {key}"[:80])
    before = await review.decision(visit.tx, key)
    if before is None or not await review.take_back(visit.tx, key):
        return await _next(visit, visit.say("reviewq.exported"))
    was = {"decision": before.decision, "topic": before.topic}
    await record(visit, "take back review", f"question {key}", before=was)
    group = await review.group(visit.tx, key, visit.now - KEPT)
    return await (_shown(visit, group, visit.say("reviewq.taken_back")) if group else _next(visit))


async def seek(visit: Visit, key: str) -> Turn:
    """Another topic than those shown: its name is typed."""
    if not visit.may("review-content"):
        return await refused(visit, f"review question {key}"[:80])
    back = Choice(visit.say("reviewq.back"), encode("unanswered"))
    return visit.ask(visit.say("reviewq.type"), "wanted", encode("seek", key), column(back))


async def typed_topic(visit: Visit) -> Turn:
    """What was typed finds up to three topics; a topic's own id finds itself first."""
    then = decode(visit.state.then)
    if not visit.may("review-content") or then is None or then.verb != "seek" or not visit.office.matcher:
        return await refused(visit, "review questions")
    (key,) = then.arguments
    found = [candidate.topic for candidate in visit.office.matcher.match(visit.typed).candidates]
    topics = list(dict.fromkeys([visit.typed.lower(), *found]))
    rows = _topics(visit, key, topics)
    text = visit.say("reviewq.found" if rows else "reviewq.not_found")
    back = Choice(visit.say("reviewq.back"), encode("unanswered"))
    return visit.ask(text, "wanted", encode("seek", key), (*rows, (back,)))


async def beyond(visit: Visit, key: str) -> Turn:
    """It lies outside: which entry says so, the nearest ones first; or none of them."""
    if not visit.may("review-content"):
        return await refused(visit, f"review question {key}"[:80])
    group = await review.group(visit.tx, key, visit.now - KEPT)
    if group is None or not visit.office.matcher:
        return await _next(visit, visit.say("reviewq.gone"))
    scores = visit.office.matcher.explain(spokesman(group.wordings)).scores
    entries = [visit.office.outside[topic] for topic, _ in scores if topic in visit.office.outside][:OUTSIDE]
    rows = [Choice(entry.label, encode("judge", key, entry.topic)) for entry in entries]
    rows.append(Choice(visit.say("reviewq.no_entry"), encode("judge", key, "outside")))
    rows.append(Choice(visit.say("reviewq.back"), encode("unanswered")))
    words = escape(spokesman(group.wordings))
    return visit.turn(visit.say("reviewq.which_outside", words=words), column(*rows))


async def _next(visit: Visit, before: str = "", undo: str = "") -> Turn:
    """The first group that waits, under ``before``; ``undo``: the group whose decision can be taken back."""
    await group_new(visit.tx, visit.now)
    groups, left = await review.queue(visit.tx, visit.now - KEPT, 1)
    group = await review.group(visit.tx, groups[0].key, visit.now - KEPT) if groups else None
    if group is None:
        text = "\n\n".join(filter(None, [before, visit.say("reviewq.empty")]))
        return visit.turn(text, column(_undo(visit, undo)))
    head = "\n\n".join(filter(None, [before, visit.say("reviewq.left", left=visit.say.number(left))]))
    return await _shown(visit, group, head, undo)


async def _shown(visit: Visit, group: Group, head: str, undo: str = "") -> Turn:
    say, words = visit.say, spokesman(group.wordings)
    parts = [head, f"**“{escape(words)}”**"]
    others = [f"“{escape(other)}”" for other in group.wordings if other != words][: WORDINGS - 1]
    if others:
        parts.append(say("reviewq.also", words="; ".join(others)))
    date = say.date(group.last.astimezone(visit.office.quiet.zone).date())
    parts.append(
        say(
            "reviewq.counts",
            count=say.number(group.count),
            date=date,
            abstained=say.number(group.abstained),
            asked_back=say.number(group.asked_back),
            disliked=say.number(group.disliked),
        )
    )
    topics: tuple[str, ...] = ()
    if visit.office.matcher:
        why = visit.office.matcher.explain(words)
        topics = tuple(candidate.topic for candidate in why.decision.candidates)
        lines = _why(visit, why)
        parts.append(say("reviewq.nearest") + "\n" + "\n".join(lines) if lines else say("reviewq.nothing_near"))
    rows = _topics(visit, group.key, topics)
    last = (
        (Choice(say("reviewq.other"), encode("seek", group.key)), Choice(say("reviewq.new"), _judge(group, "new"))),
        (
            Choice(say("reviewq.outside"), encode("beyond", group.key)),
            Choice(say("reviewq.ignore"), _judge(group, "ignore")),
        ),
    )
    return visit.turn("\n\n".join(parts), (*rows, *last, *column(_undo(visit, undo))))


def _why(visit: Visit, why: Explanation) -> list[str]:
    """One line a candidate: probability, and for the first ones the words that pulled to it."""
    evidence = dict(why.evidence)
    lines = []
    for number, candidate in enumerate(why.decision.candidates, 1):
        article = visit.office.library.get(candidate.topic)
        line = visit.say(
            "reviewq.candidate",
            title=article.title if article else candidate.topic,
            percent=visit.say.number(round(candidate.probability * 100)),
        )
        pulls = _pulls([word[1:] for word, gain in evidence.get(candidate.topic, ()) if gain > 0])
        lines.append(f"{number}. " + line + (f" ({', '.join(map(escape, pulls))})" if pulls else ""))
    return lines


def _pulls(words: Sequence[str]) -> list[str]:
    """Each word once, with its accents where they pulled too."""
    found: dict[str, str] = {}
    for word in words:
        if fold(word) not in found or word != fold(word):
            found[fold(word)] = word
    return list(found.values())[:TELLING]


def _topics(visit: Visit, key: str, topics: Sequence[str]) -> Rows:
    found = [article for topic in topics if (article := visit.office.library.get(topic))]
    return column(*(Choice(article.label, encode("judge", key, article.id)) for article in found))


def _judge(group: Group, what: str) -> str:
    return encode("judge", group.key, what)


def _undo(visit: Visit, key: str) -> Choice | None:
    return Choice(visit.say("reviewq.undo"), encode("unjudge", key)) if key else None


def _decision(visit: Visit, group: Group, what: str) -> Decision | None:
    """None for what nobody can decide: forged data, or a topic that is gone."""
    words, by, now = spokesman(group.wordings), visit.person.id, visit.now
    if visit.office.library.get(what):
        return Decision(group.key, words, "topic", what, by, now)
    if what in visit.office.outside or what == "outside":
        return Decision(group.key, words, "outside", None if what == "outside" else what, by, now)
    if what == "new":
        return Decision(group.key, words, "new_topic", None, by, now)
    return Decision(group.key, None, "ignore", None, by, now) if what == "ignore" else None


def _named(visit: Visit, decided: Decision) -> str:
    article = visit.office.library.get(decided.topic or "")
    entry = visit.office.outside.get(decided.topic or "")
    if article or entry:
        return article.title if article else visit.say("reviewq.outside_of", label=entry.label if entry else "")
    return visit.say(_NAMES[decided.decision])
