"""The way of one event: pressed button, command or words → one Turn. Pure: no clock, no storage, no channel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.config import Site
from bot.content.articles import Library
from bot.content.links import Official
from bot.content.models import FACETS, Article, Function
from bot.content.outside import Outside
from bot.content.places import Places
from bot.dialogue import answers
from bot.dialogue.actions import Action, decode, encode
from bot.dialogue.events import Event
from bot.dialogue.links import verdicts
from bot.dialogue.places import unit_of_today, whereabouts
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.state import State
from bot.dialogue.turns import Asked, Chosen, LanguageChosen, Situation, Stopped, Turn, Verdict
from bot.i18n import Texts
from bot.redaction import found, redact
from intents import Decision, Matcher

NOT_OFFERED: tuple[Function, ...] = ("greeting", "thanks", "farewell", "yes", "no", "vague")
NEAREST = 0.05  # a topic less probable than this is not worth a button


@dataclass(frozen=True)
class Dialogue:
    site: Site
    library: Library
    texts: Mapping[str, Texts]
    matcher: Matcher
    menu: Sequence[str] = ()
    outside: Mapping[str, Outside] = field(default_factory=dict)
    places: Places | None = None
    official: Official | None = None

    def respond(self, event: Event, at: Situation) -> Turn:
        """Every event has a Turn; what cannot be understood gets a text that says so."""
        say = self.texts.get(at.language or self.site.language) or self.texts[self.site.language]
        if event.kind == "action":
            return self._press(decode(event.text), event, at, say)
        if event.kind == "command":
            return self._command(event.text, at, say)
        if event.kind == "text":
            return self._words(event.text, at, say)
        if event.kind == "unreadable":
            return Turn((Reply(say("unreadable.text")),), at.state)
        return Turn((), State(), (Stopped(event.kind == "stopped"),))

    def failure(self, language: str | None) -> Reply:
        """What someone gets whose event could not be handled."""
        say = self.texts.get(language or self.site.language) or self.texts[self.site.language]
        return Reply(say("error.text", hotline=self.site.hotline))

    # -- commands ---------------------------------------------------------------------------------------------------

    def _command(self, text: str, at: Situation, say: Texts) -> Turn:
        name, _, argument = text.partition(" ")
        match name:
            case "start":
                topic = argument.strip().replace("-", ".", 1)
                if article := self.library.get(topic):
                    return self._show(article, at, say)
                return Turn((self._hello(say),), State())
            case "help" | "trogiup":
                return Turn((self._help(say),), State())
            case "language" | "ngonngu":
                choices = ((Choice("Tiếng Việt", encode("lang", "vi")), Choice("English", encode("lang", "en"))),)
                return Turn((Reply(say("language.choose"), choices),), at.state)
            case _:
                return Turn((Reply(say("command.unknown")),), at.state)

    def _hello(self, say: Texts) -> Reply:
        text = say("start.hello", name=self.site.name, area=self.site.area)
        return Reply(text, answers.topic_rows(self.menu[:4], self.library))

    def _help(self, say: Texts) -> Reply:
        text = say("help.text", hotline=self.site.hotline, portal=self.site.portal)
        return Reply(text, answers.topic_rows(self.menu, self.library))

    # -- buttons ----------------------------------------------------------------------------------------------------

    def _press(self, action: Action | None, event: Event, at: Situation, say: Texts) -> Turn:
        gone = Turn((Reply(say("answer.gone")),), at.state)
        match action:
            case Action("topic", (topic,)):
                article = self.library.get(topic)
                if article is None:
                    return gone
                if topic not in at.state.offered:
                    return self._show(article, at, say)
                return self._choose(article, at, say)
            case Action("facet", (topic, name)):
                article = self.library.get(topic)
                facet_name = next((facet for facet in FACETS if facet == name), None)
                if article is None or facet_name is None or facet_name not in article.facets:
                    return gone
                reply = answers.part(article, facet_name, article.facets[facet_name], say, self.site, at.today)
                return Turn((reply,), replace(at.state, topic=topic))
            case Action("right" | "wrong" as verb, (question,)) if question.isdecimal():
                right = verb == "right"
                thanks = say("verdict.thanks") if right else say("verdict.sorry", hotline=self.site.hotline)
                return Turn((Reply(thanks),), at.state, (Verdict(int(question), right),))
            case Action("none", (question,)) if question.isdecimal():
                return Turn((Reply(self._unknown(say)),), State(), (Chosen(int(question), None),))
            case Action("place", (code,)) if self.places and code in self.places.units:
                rows = answers.topic_rows(self.places.next, self.library)
                return Turn((unit_of_today(self.places.units[code], self.places, say, rows),), at.state)
            case Action("lang", (language,)) if language in self.texts:
                return Turn((Reply(self.texts[language]("language.done")),), at.state, (LanguageChosen(language),))
        return gone

    # -- words ------------------------------------------------------------------------------------------------------

    def _words(self, text: str, at: Situation, say: Texts) -> Turn:
        if not text.strip():
            return Turn((Reply(say("ask.empty")),), at.state)
        picked = _picked(text, at.state)
        if picked and (article := self.library.get(picked)):
            return self._choose(article, at, say)
        decision = self.matcher.match(text)
        turn = (
            self._links(text, decision, at, say)
            or self._places(text, decision, at, say)
            or self._decide(decision, at, say)
        )
        warning = (Reply(say("safety.secret")),) if found(text) - {"plate"} else ()
        replies = tuple(replace(reply, decision=decision.to_json()) for reply in turn.replies)
        return Turn(warning + replies, turn.state, (Asked(redact(text), decision, self.library.version), *turn.records))

    def _links(self, text: str, decision: Decision, at: Situation, say: Texts) -> Turn | None:
        """The verdict on pasted addresses; after what to do at once, where the words call for that."""
        judged = list(self.official.judge(text)) if self.official else []
        if not self.official or not judged:
            return None
        verdict = verdicts(judged, answers.topic_rows(self.official.next, self.library), say)
        article = self.library.get(decision.topic)
        if article and article.urgent:
            turn = self._show(article, at, say, question=at.id)
            return replace(turn, replies=(*turn.replies, verdict))
        return Turn((verdict,), State(topic=at.state.topic))

    def _places(self, text: str, decision: Decision, at: Situation, say: Texts) -> Turn | None:
        """Old and new names of the places in ``text``, if that is what it asks."""
        found = self.places.find(text) if self.places else None
        if not self.places or not found:
            return None
        topic = self.places.topic
        first = decision.candidates[0].topic if decision.candidates and not decision.outside else ""
        asked = topic == first or (at.state.topic == topic and decision.kind != "answer")
        if not asked and (not found.alone or (found.guessed and decision.kind == "answer")):
            return None
        rows = answers.topic_rows(self.places.next, self.library)
        return Turn((whereabouts(found, self.places, say, rows),), State(topic=topic))

    def _decide(self, decision: Decision, at: Situation, say: Texts) -> Turn:
        if decision.kind == "answer" and (article := self.library.get(decision.topic)):
            return self._open(article, at, say) if article.opens else self._show(article, at, say, question=at.id)
        if entry := self.outside.get(decision.outside):
            return Turn((Reply(entry.reply.strip()),), State(topic=at.state.topic, question=at.id))
        offered = tuple(c.topic for c in decision.candidates if c.probability >= NEAREST and self._choosable(c.topic))
        state = State(topic=at.state.topic, offered=offered, question=at.id)
        rows = answers.topic_rows(offered, self.library)
        none = ((Choice(say("ask.none"), encode("none", at.id)),),)
        if decision.kind == "clarify" and rows:
            return Turn((Reply(say("ask.unsure"), rows + none),), state)
        text = self._unknown(say)
        return Turn((Reply(f"{text}\n\n{say('ask.nearest')}" if rows else text, rows),), state)

    def _open(self, article: Article, at: Situation, say: Texts) -> Turn:
        """Articles that do something beside being read: greeting, help, yes and no, a question without a subject."""
        last = self.library.get(at.state.topic)
        match article.opens:
            case "greeting":
                return Turn((self._hello(say),), State())
            case "help":
                return Turn((self._help(say),), State())
            case "learn":
                return Turn((Reply(say("learn.closed")),), at.state)
            case "yes" if at.state.offered:
                return Turn((Reply(say("ask.choose"), answers.topic_rows(at.state.offered, self.library)),), at.state)
            case "no" if at.state.offered:
                return Turn((Reply(self._unknown(say)),), State(), (Chosen(at.state.question, None),))
            case "vague" | "yes" if last and last.facets:
                text = say("ask.about_last", title=last.title)
                return Turn((Reply(text, answers.facet_rows(last, say)),), at.state)
            case "vague":
                return Turn((Reply(say("ask.vague"), answers.topic_rows(self.menu, self.library)),), State())
        return Turn((Reply(article.summary.strip()),), at.state)

    def _show(self, article: Article, at: Situation, say: Texts, question: int = 0) -> Turn:
        reply = answers.whole(article, say, self.library, self.site, at.today, question)
        return Turn((reply,), State(topic=article.id))

    def _choose(self, article: Article, at: Situation, say: Texts) -> Turn:
        turn = self._show(article, at, say, at.state.question)
        return replace(turn, records=(Chosen(at.state.question, article.id),))

    def _choosable(self, topic: str) -> bool:
        """Whether a person would pick it from a list: small talk has no place there."""
        article = self.library.get(topic)
        return article is not None and article.opens not in NOT_OFFERED

    def _unknown(self, say: Texts) -> str:
        return say("ask.unknown", hotline=self.site.hotline, portal=self.site.portal)


_NUMBER = re.compile(r"\s*(?:số|so|câu|cau|cái|cai|ý|y)?\s*(\d)\s*[.)]?\s*", re.IGNORECASE)


def _picked(text: str, state: State) -> str:
    """The offered topic that a bare number stands for, for channels and people without buttons."""
    match = _NUMBER.fullmatch(text)
    number = int(match[1]) if match else 0
    return state.offered[number - 1] if 1 <= number <= len(state.offered) else ""
