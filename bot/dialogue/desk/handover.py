"""Talking to a person, the asker's side: consent, the question, a talk through the assistant, the way out."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.actions import encode
from bot.dialogue.desk import answering
from bot.dialogue.desk.queueing import Letters, Queue, drop_row, spoken
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.turns import Turn
from bot.handover.hours import FLOOD, MAX_SIGNS
from bot.i18n import Texts
from bot.storage import people, tickets
from bot.storage.tickets import Ticket


async def person(visit: Visit) -> Turn:
    """What is passed on, to whom, for how long: agreed to before anything is. Without staff, where to call."""
    say, queue = visit.say, Queue.at(visit)
    if queue is None or not await queue.reachable(visit.person.id):
        return _elsewhere(visit)
    if held := await tickets.held_by(visit.tx, visit.person.id):
        return visit.turn(say("handover.holding", number=held.number))
    if own := await tickets.of_person(visit.tx, visit.person.id):
        return visit.turn(_standing(own, queue, say), _own_rows(own, say))
    there = say("handover.there") if queue.rules.hours.at(visit.now) else queue.promise(say)
    rows = column(Choice(say("handover.agree"), encode("ticket")), Choice(say("handover.not_now"), encode("home")))
    text = say("handover.consent", there=there, days=queue.rules.words_days, hotline=visit.office.site.hotline)
    return visit.turn(text, rows)


async def ticket(visit: Visit) -> Turn:
    """The person agreed: their next words are the question, or more of it."""
    if Queue.at(visit) is None:
        return _elsewhere(visit)
    return visit.ask(visit.say("handover.write"), "ticket", "")


async def typed_ticket(visit: Visit) -> Turn:
    """The question: to staff who are free, or into the queue until somebody is there."""
    say, queue = visit.say, Queue.at(visit)
    if queue is None or not await queue.reachable(visit.person.id):
        return _elsewhere(visit)
    if refusal := _unfit(visit):
        return visit.ask(refusal, "ticket", "")
    if own := await tickets.of_person(visit.tx, visit.person.id):
        return await _add(visit, queue, own)
    there = queue.rules.hours.at(visit.now)
    due = visit.now + queue.rules.wait if there else queue.rules.hours.next_opening(visit.now)
    new = await tickets.open_(visit.tx, visit.person.id, _topic(visit), not there, due, visit.now)
    await tickets.write(visit.tx, new.id, "person", visit.now, visit.text)
    turn = visit.turn(_standing(new, queue, say), _own_rows(new, say))
    return replace(turn, letters=await queue.announce(queue.notice(new), but=visit.person.id)) if there else turn


async def drop(visit: Visit, id: str) -> Turn:
    """The asker ends it, whether somebody has it or not."""
    say, queue = visit.say, Queue.at(visit)
    found = await tickets.by_id(visit.tx, answering.number(id))
    if queue is None or found is None or found.person_id != visit.person.id:
        return await answering.forged(visit, f"drop {id}")
    if not await queue.close(found, "person", visit.person.id):
        return visit.turn(say("handover.closed", number=found.number))
    key = "handover.left" if found.owner == "human" else "handover.cancelled"
    ended = Reply(say(key, number=found.number))
    told = await queue.tell(found.agent_id, answering.ended("handover.asker_left", found))
    return Turn((ended,), replace(visit.state, expects="", then=""), letters=told if found.state == "taken" else ())


async def relay(visit: Visit) -> Turn:
    """Words of either side of a talk, to the other."""
    held = await tickets.held_by(visit.tx, visit.person.id)
    own = await tickets.of_person(visit.tx, visit.person.id)
    queue = Queue.at(visit)
    if queue is None or not (held or (own and own.owner == "human")):
        return visit.turn(visit.say("handover.over"))
    if refusal := _unfit(visit):
        return visit.turn(refusal)
    if held:
        return await answering.says(visit, queue, held)
    return await _add(visit, queue, own) if own else visit.turn(visit.say("handover.over"))


async def gone(visit: Visit) -> Turn:
    """Either side of a talk stopped the assistant."""
    return Turn((), visit.state, letters=await leave(visit))


async def leave(visit: Visit) -> Letters:
    """Someone goes for good: their own ticket is closed, what they had taken goes back."""
    queue = Queue.at(visit)
    if queue is None:
        return ()
    letters: Letters = ()
    if own := await tickets.of_person(visit.tx, visit.person.id):
        await queue.close(own, "gone", visit.person.id)
        if own.state == "taken":
            letters += await queue.tell(own.agent_id, answering.ended("handover.asker_gone", own))
    if held := await tickets.held_by(visit.tx, visit.person.id):
        letters += await queue.open_again(held, "gone", visit.person.id)
    return letters


async def _add(visit: Visit, queue: Queue, own: Ticket) -> Turn:
    """More words on a ticket, to whoever has it; no more than a person can mean."""
    say, rules = visit.say, queue.rules
    if await tickets.count_since(visit.tx, own.id, visit.now - FLOOD) >= rules.messages:
        return visit.turn(say("handover.flood", count=rules.messages, minutes=int(FLOOD.total_seconds()) // 60))
    await tickets.write(visit.tx, own.id, "person", visit.now, visit.text)
    if own.state == "open":
        return visit.turn(say("handover.added", number=own.number), _own_rows(own, say))
    agent = await people.by_id(visit.tx, own.agent_id)
    if agent is None or not await queue.may_answer(agent):
        return Turn((), visit.state, letters=await queue.open_again(own, "revoked", None))
    if own.owner == "human" and own.turn == "person":
        await tickets.expect(visit.tx, own.id, "staff", visit.now + rules.answer)
    urgent = _urgent(visit)

    def write(to: Texts) -> Reply:
        note = "\n\n" + to("handover.urgent", topic=urgent) if urgent else ""
        return Reply(f"**{own.number}:** {spoken(visit.text)}{note}")

    letters = await queue.tell(agent.id, write)
    if own.owner == "human":
        return Turn((), visit.state, letters=letters)
    return replace(visit.turn(say("handover.added", number=own.number)), letters=letters)


def _standing(own: Ticket, queue: Queue, say: Texts) -> str:
    """Where a ticket stands, for its asker."""
    if own.owner == "human":
        return say("handover.talking", number=own.number)
    if not own.later:
        return say("handover.waiting", number=own.number, minutes=int(queue.rules.wait.total_seconds()) // 60)
    return say("handover.queued", number=own.number, promise=queue.promise(say))


def _own_rows(own: Ticket, say: Texts) -> tuple[tuple[Choice, ...], ...]:
    if own.owner == "human":
        return drop_row(own, say, "handover.leave")
    return column(Choice(say("handover.more"), encode("ticket"))) + drop_row(own, say, "handover.cancel")


def _unfit(visit: Visit) -> str:
    """Why these words cannot be passed on; empty: they can."""
    if not visit.text.strip():
        return visit.say("handover.only_text")
    if len(visit.text) > MAX_SIGNS:
        return visit.say("handover.too_long", signs=visit.say.number(MAX_SIGNS))
    return ""


def _topic(visit: Visit) -> str | None:
    """What the question is probably about."""
    matcher = visit.office.matcher
    decision = matcher.match(visit.text) if matcher else None
    return decision.candidates[0].topic if decision and decision.candidates and decision.kind != "abstain" else None


def _urgent(visit: Visit) -> str:
    """The urgent topic these words may be about; the assistant stays quiet, but whoever answers should know."""
    matcher = visit.office.matcher
    article = visit.office.library.get(matcher.match(visit.text).topic) if matcher else None
    return article.label if article and article.urgent else ""


def _elsewhere(visit: Visit) -> Turn:
    """Nobody answers here: where people can be found."""
    article = next((each for each in visit.office.library.articles.values() if each.opens == "person"), None)
    say, site = visit.say, visit.office.site
    return visit.turn(
        article.summary.strip() if article else say("handover.none", hotline=site.hotline, portal=site.portal)
    )
