"""A question and its explanation as text and buttons. Pure: nothing is read or written here."""

from __future__ import annotations

from bot.dialogue.actions import encode
from bot.dialogue.answers import Rows
from bot.dialogue.desk.visit import Visit
from bot.dialogue.replies import Choice
from bot.learning.quiz import Item, Shown
from bot.storage.attempts import Attempt

LETTERS = "ABCDEF"


def question(visit: Visit, attempt: Attempt, position: int, item: Item, chosen: str) -> tuple[str, Rows]:
    """``chosen``: places already marked, in the order of marking."""
    say = visit.say
    parts = [_heading(visit, attempt), item.ask]
    if item.message:
        parts.append("\n".join(f"> {line}" for line in item.message.splitlines()))
    if item.kind in ("truefalse", "judge"):
        rows: Rows = (
            tuple(
                Choice(option.text, encode("give", attempt.id, position, place))
                for place, option in enumerate(item.shown)
            ),
        )
        return "\n\n".join(parts), rows
    parts += [_option(item, place, option, chosen) for place, option in enumerate(item.shown)]
    if item.kind in ("multiple", "order"):
        parts.append(f"_{say(f'how.{item.kind}')}_")
    return "\n\n".join(parts), _buttons(visit, attempt, position, item, chosen)


def explanation(visit: Visit, attempt: Attempt, position: int, item: Item, given: str) -> tuple[str, Rows]:
    """Whether ``given`` was right, why, and what would have been."""
    say = visit.say
    right = attempt.answers[position].correct
    parts = [say("quiz.right" if right else "quiz.wrong"), item.ask]
    shown = item.shown
    if item.kind == "order":
        in_order = [item.options[place] for place in range(len(item.options))]
        parts.append(say("quiz.right_order"))
        parts.append("\n".join(f"{n}. {_text(o.text)}. {o.why}" for n, o in enumerate(in_order, 1)))
    elif item.kind == "multiple":
        parts += [_verdict(option, str(place) in given) for place, option in enumerate(shown)]
    else:
        chosen = shown[int(given)]
        parts.append(say("quiz.you_chose", option=_text(chosen.text), why=chosen.why))
        if not chosen.right:
            best = next(option for option in shown if option.right)
            parts.append(say("quiz.answer", option=_text(best.text), why=best.why))
    asked = len(attempt.answers)
    last = attempt.kind != "placement" and asked >= len(attempt.items)
    forward = Choice(say("quiz.result" if last else "quiz.next") + " ›", encode("item", attempt.id))
    return "\n\n".join(parts), ((forward,),)


def to_home(visit: Visit) -> Rows:
    return ((Choice(visit.say("learn.back_home"), encode("home")),),)


def to_course(visit: Visit, course: str) -> Rows:
    return ((Choice(visit.say("learn.contents"), encode("course", course, 0)),),)


def _heading(visit: Visit, attempt: Attempt) -> str:
    number, catalogue = len(attempt.answers) + 1, visit.office.catalogue
    lesson, course = catalogue.lesson(attempt.subject), catalogue.course(attempt.subject)
    title = lesson.title if lesson else course.about.title if course else visit.say("review.title")
    if attempt.assisted:
        title = f"{visit.say('assist.mark')} {title}"
    if attempt.kind == "placement":
        return visit.say("placement.number", number=number, title=title)
    return visit.say("quiz.number", number=number, all=len(attempt.items), title=title)


def _option(item: Item, place: int, option: Shown, chosen: str) -> str:
    mark = ""
    if item.kind == "multiple":
        mark = "☑ " if str(place) in chosen else "☐ "
    elif item.kind == "order" and str(place) in chosen:
        mark = f"({chosen.index(str(place)) + 1}) "
    return f"{mark}**{LETTERS[place]}.** {_text(option.text)}"


def _buttons(visit: Visit, attempt: Attempt, position: int, item: Item, chosen: str) -> Rows:
    def press(place: int) -> str:
        if item.kind == "single":
            return encode("give", attempt.id, position, place)
        sign = str(place)
        marked = chosen.replace(sign, "") if sign in chosen else chosen + sign
        return encode("mark", attempt.id, position, marked or "_")

    letters = tuple(Choice(LETTERS[place], press(place)) for place in range(len(item.options)))
    ready = len(chosen) == len(item.options) if item.kind == "order" else bool(chosen)
    if item.kind == "single" or not ready:
        return (letters,)
    return (letters, (Choice(visit.say("quiz.give"), encode("give", attempt.id, position, chosen)),))


def _verdict(option: Shown, chosen: bool) -> str:
    mark = "✅" if option.right else "❌" if chosen else "▫️"
    return f"{mark} {_text(option.text)}. {option.why}"


def _text(text: str) -> str:
    """Without the full stop at the end, since a sentence goes on."""
    return text.strip().rstrip(".")
