"""What a button carries: a verb and its arguments in at most 64 bytes. Anything else is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_BYTES = 64  # Telegram's limit on callback data

_SHAPE = re.compile(r"[a-z]+(?::[a-z0-9_.]+)*")

# Verb → how many arguments it has.
TALK = {
    "topic": 1,  # show an article: topic
    "facet": 2,  # show one facet: topic, facet
    "right": 1,  # that was the answer I wanted: question
    "wrong": 1,  # it was not: question
    "none": 1,  # none of the offered topics: question
    "place": 1,  # show a ward or commune of today: code
    "lang": 1,  # change the interface's language: language
}
ERRANDS = {
    "home": 0,  # where learning begins and goes on
    "courses": 0,  # all courses
    "course": 2,  # one course: course, part (0: all of it)
    "card": 2,  # a card of a lesson: lesson, number
    "quiz": 1,  # begin or resume the quiz of: lesson
    "final": 1,  # the last quiz of: course
    "placement": 1,  # the placement test of: course
    "join": 1,  # a group: its code
    "review": 0,  # today's round of reviews
    "item": 1,  # what comes next in: attempt
    "mark": 3,  # show a choice that is not given yet: attempt, position, places
    "give": 3,  # answer: attempt, position, places
    "agree": 1,  # to the consent, then go on: version
    "say": 2,  # about oneself: field, value (none: rather not)
    "progress": 0,
    "cert": 1,  # make the certificate of: course
    "remind": 1,  # at an hour, or off, or ask
    "data": 0,  # what is kept
    "export": 0,
    "erase": 1,  # ask, or yes
    "groups": 0,
    "group": 1,  # one group: id
    "newgroup": 1,  # create one: kind
    "sheet": 1,  # the page to hang up: group
    "leave": 1,  # a group: id
    "close": 2,  # a group: id, ask or yes
    "name": 1,  # let the owner of a group see my name: id
    "nameless": 1,  # not any more: id
    "team": 0,  # staff and their roles
    "invite": 1,  # role
    "revoke": 2,  # person, role
    "from": 2,  # open a lesson through an announcement: announcement, lesson
    "kinds": 0,  # of announcements: which one wants
    "mute": 1,  # no more announcements of: category
    "want": 1,  # announcements of: category
    "notices": 0,  # announcements, for staff
    "newnotice": 1,  # write one of: category
    "notice": 1,  # one announcement: id
    "noticewords": 1,  # write its words anew: id
    "noticelink": 1,  # add a button: id
    "noticetest": 1,  # send a copy to oneself: id
    "noticestep": 2,  # submit, send_back, pause, resume, cancel, resend_unknown: id, step
    "approve": 2,  # id, now or morning
    "aims": 1,  # whom it is for: id
    "aim": 3,  # turn a condition on or off: id, name, value
    "aimward": 1,  # id
    "aimcourse": 1,  # id
    "unanswered": 0,  # questions that wait for an editor
    "judge": 2,  # decide on a group of them: group, topic or "outside", "new", "ignore"
    "unjudge": 1,  # take it back: group
    "seek": 1,  # another topic for: group
    "beyond": 1,  # which entry of what lies outside, for: group
    "report": 2,  # figures: period, whom they are about
    "reportby": 2,  # choose whom by, or when: what to choose, period
    "reportfile": 3,  # as a document: kind, period, whom
    "pages": 0,  # a link that signs staff in on the web, once
    "manage": 0,  # what somebody on the staff may do
    "helping": 0,  # choose a course in which someone learns on this account
    "assist": 1,  # someone learns on this account: course or lesson
    "person": 0,  # ask for staff
    "ticket": 0,  # agree to what is passed on; the next words are the question
    "drop": 1,  # the asker ends it: ticket
    "queue": 0,  # staff: what waits
    "take": 1,  # staff: ticket
    "back": 1,  # staff give it back: ticket
    "done": 1,  # staff end it: ticket
    "canned": 2,  # staff send an article: ticket, topic
}
_ARGUMENTS = TALK | ERRANDS


@dataclass(frozen=True, slots=True)
class Action:
    verb: str
    arguments: tuple[str, ...] = ()


def encode(verb: str, *arguments: str | int) -> str:
    """The button data for ``verb``. Raises ValueError when it is unknown, would not fit or would not decode again."""
    data = ":".join([verb, *map(str, arguments)])
    if len(data.encode()) > MAX_BYTES or decode(data) is None:
        raise ValueError(f"{data!r} is no button data: at most {MAX_BYTES} bytes of a-z, 0-9, '.' and '_'")
    return data


def decode(data: str) -> Action | None:
    """None for whatever ``encode`` could not have written."""
    if len(data) > MAX_BYTES or not _SHAPE.fullmatch(data):
        return None
    verb, *arguments = data.split(":")
    if _ARGUMENTS.get(verb) != len(arguments):
        return None
    return Action(verb, tuple(arguments))
