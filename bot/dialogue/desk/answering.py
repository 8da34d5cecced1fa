"""Talking to a person, the side of staff: what waits, who takes it first, articles at hand, the end."""

from __future__ import annotations

from dataclasses import replace

from bot.content.models import Article
from bot.dialogue.actions import encode
from bot.dialogue.desk.queueing import Queue, Write, drop_row
from bot.dialogue.desk.staffing import record
from bot.dialogue.desk.visit import Visit, column
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.turns import Turn
from bot.i18n import Texts
from bot.storage import people, tickets
from bot.storage.tickets import Message, Ticket

SHOWN = 10  # tickets of the queue
OFFERED = 3  # articles for some words
_SIDES = {"person": "handover.side_person", "staff": "handover.side_staff"}


async def queue(visit: Visit) -> Turn:
    """The tickets that wait, oldest first, and the one that one has."""
    say, line = visit.say, Queue.at(visit)
    if not visit.may("answer-people"):
        return await forged(visit, "queue")
    if line is None:
        return visit.turn(say("handover.nothing_waits"))
    if held := await tickets.held_by(visit.tx, visit.person.id):
        return visit.turn(say("handover.holding", number=held.number), _held_rows(held, say))
    waiting = await tickets.waiting(visit.tx, SHOWN)
    if not waiting:
        return visit.turn(say("handover.nothing_waits"))
    zone = line.rules.hours.zone
    lines = [
        "- " + say("handover.waits", number=each.number, topic=line.about(each, say),
                   since=say.moment(each.opened_at.astimezone(zone)))
        for each in waiting
    ]  # fmt: skip
    rows = [Choice(say("handover.take_number", number=each.number), encode("take", each.id)) for each in waiting]
    return visit.turn(say("handover.queue") + "\n\n" + "\n".join(lines), column(*rows))


async def take(visit: Visit, id: str) -> Turn:
    """Whoever taps first has it, and sees the words; the others see that somebody has."""
    say, line = visit.say, Queue.at(visit)
    found = await tickets.by_id(visit.tx, number(id))
    if line is None or found is None or not visit.may("answer-people"):
        return await forged(visit, f"take {id}")
    held = await tickets.held_by(visit.tx, visit.person.id)
    if held and held.id == found.id:
        return await _shown(visit, line, held)
    if held:
        return Turn((Reply(say("handover.holding", number=held.number), _held_rows(held, say)),), visit.state)
    own = await tickets.of_person(visit.tx, visit.person.id)
    if own and (own.id == found.id or own.owner == "human"):
        return visit.turn(say("handover.own_ticket"))
    due = visit.now + (line.rules.silence if found.later else line.rules.answer)
    if not await tickets.take(visit.tx, found.id, visit.person.id, due, visit.now):
        key = "handover.closed" if found.state == "closed" else "handover.taken"
        return visit.turn(say(key, number=found.number))
    asker = await people.by_id(visit.tx, found.person_id)
    if asker is None or asker.stopped_at:
        await line.close(found, "gone", visit.person.id)
        return visit.turn(say("handover.asker_gone", number=found.number))
    await line.record(visit.person.id, "take-ticket", found)
    mine = await tickets.held_by(visit.tx, visit.person.id)
    turn = await _shown(visit, line, mine or found)
    if found.later:
        return turn
    told = await line.tell(found.person_id, lambda to: Reply(to("handover.begun", number=found.number),
                                                             drop_row(found, to, "handover.leave")))  # fmt: skip
    return replace(turn, letters=told)


async def back(visit: Visit, id: str) -> Turn:
    """Somebody else should answer it."""
    line, held = Queue.at(visit), await _held(visit, id)
    if line is None or held is None:
        return await _not_held(visit, "back", id)
    letters = await line.open_again(held, "given back", visit.person.id)
    return Turn((Reply(visit.say("handover.given_back", number=held.number)),), visit.state, letters=letters)


async def done(visit: Visit, id: str) -> Turn:
    """Nothing more is to be said: the asker is the bot's again."""
    line, held = Queue.at(visit), await _held(visit, id)
    if line is None or held is None:
        return await _not_held(visit, "done", id)
    if held.later:
        return await _answer(visit, line, held, Message("staff", "", None))
    await line.close(held, "staff", visit.person.id)
    told = await line.tell(held.person_id, ended("handover.staff_left", held))
    return replace(await _free(visit, visit.say("handover.ended", number=held.number)), letters=told)


async def suggest(visit: Visit) -> Turn:
    """Articles for some words, to be sent with one tap."""
    say = visit.say
    if not visit.may("answer-people"):
        return await forged(visit, "suggest")
    held = await tickets.held_by(visit.tx, visit.person.id)
    if held is None:
        return visit.turn(say("handover.hold_none"))
    matcher = visit.office.matcher
    decision = matcher.match(visit.text) if matcher and visit.text else None
    topics = [candidate.topic for candidate in decision.candidates] if decision else []
    found = [article for topic in topics if (article := _article(visit, topic))][:OFFERED]
    if not found:
        return visit.turn(say("handover.no_article"))
    return visit.turn(
        say("handover.articles"), column(*(Choice(each.label, encode("canned", held.id, each.id)) for each in found))
    )


async def canned(visit: Visit, id: str, topic: str) -> Turn:
    """An article goes to the asker, with its source and date."""
    line, held = Queue.at(visit), await _held(visit, id)
    if line is None or held is None:
        return await _not_held(visit, f"canned {topic}", id)
    article = _article(visit, topic)
    if article is None:
        return visit.turn(visit.say("answer.gone"))
    await line.record(visit.person.id, "canned-answer", held, {"topic": topic})
    turn = await _answer(visit, line, held, Message("staff", None, topic))
    return turn if turn.replies else replace(turn, replies=(Reply(visit.say("handover.sent", label=article.label)),))


async def says(visit: Visit, line: Queue, held: Ticket) -> Turn:
    """Words of whoever has the ticket."""
    if not visit.may("answer-people"):
        letters = await line.open_again(held, "revoked", None)
        return replace(visit.turn(visit.say("staff.refused")), letters=letters)
    return await _answer(visit, line, held, Message("staff", visit.text, None))


async def _answer(visit: Visit, line: Queue, held: Ticket, message: Message) -> Turn:
    """A word in a talk; or the one letter that closes a ticket, which waits for the morning when it is night."""
    say = visit.say
    asker = await people.by_id(visit.tx, held.person_id)
    if asker is None or asker.stopped_at:
        await line.close(held, "gone", visit.person.id)
        return visit.turn(say("handover.asker_gone", number=held.number))
    await tickets.write(visit.tx, held.id, "staff", visit.now, message.words, message.topic)
    if not held.later:
        await tickets.expect(visit.tx, held.id, "person", visit.now + line.rules.silence)

        def write(to: Texts) -> Reply:
            return Reply(to("handover.staff_says") + " " + line.sent(message, to), drop_row(held, to, "handover.leave"))

        return Turn((), visit.state, letters=await line.tell(asker.id, write))
    at = replace(visit.office.quiet, days=()).over(visit.now)
    await line.close(held, "staff", visit.person.id, at if at > visit.now else None)
    if at > visit.now:
        time = f"{at.astimezone(line.rules.hours.zone):%H:%M}"
        return await _free(visit, say("handover.sent_at", number=held.number, time=time))
    letters = await line.deliver(held)
    return replace(await _free(visit, say("handover.sent_closed", number=held.number)), letters=letters)


async def _free(visit: Visit, text: str) -> Turn:
    """Done with one ticket; a button when others wait, of which nobody told them while they were busy."""
    rows = column(Choice(visit.say("handover.show"), encode("queue"))) if await tickets.waiting(visit.tx, 1) else ()
    return Turn((Reply(text, rows),), visit.state)


async def _shown(visit: Visit, line: Queue, held: Ticket) -> Turn:
    """The ticket for whoever has it: all that was written, and how to go on."""
    say = visit.say
    parts = [say("handover.yours_letter" if held.later else "handover.yours", number=held.number)]
    for message in await tickets.written(visit.tx, held.id):
        article = visit.office.library.get(message.topic or "")
        words = say("handover.sent", label=article.label) if article else line.sent(message, say)
        parts.append(f"**{say(_SIDES[message.sender])}** {words}")
    return visit.turn("\n\n".join(parts), _held_rows(held, say))


def _held_rows(held: Ticket, say: Texts) -> tuple[tuple[Choice, ...], ...]:
    end = Choice(say("handover.done"), encode("done", held.id))
    return column(end, Choice(say("handover.give_back"), encode("back", held.id)))


def _article(visit: Visit, topic: str) -> Article | None:
    """An article that answers something."""
    article = visit.office.library.get(topic)
    return article if article and article.opens is None else None


async def _held(visit: Visit, id: str) -> Ticket | None:
    """The ticket ``id``, if this person has it and may still answer."""
    held = await tickets.held_by(visit.tx, visit.person.id)
    return held if held and held.id == number(id) and visit.may("answer-people") else None


async def _not_held(visit: Visit, what: str, id: str) -> Turn:
    """An old button of one's own is no forgery."""
    found = await tickets.by_id(visit.tx, number(id))
    if found and found.agent_id == visit.person.id and visit.may("answer-people"):
        return visit.turn(visit.say("handover.closed", number=found.number))
    return await forged(visit, f"{what} {id}")


async def forged(visit: Visit, what: str) -> Turn:
    """No effect, and kept."""
    await record(visit, "refused", what[:80])
    return visit.turn(visit.say("staff.refused"))


def ended(key: str, ticket: Ticket) -> Write:
    return lambda to: Reply(to(key, number=ticket.number))


def number(id: str) -> int:
    """A ticket's number; 0, which none has, for what cannot be one."""
    return int(id) if id.isdecimal() and len(id) < 16 else 0
