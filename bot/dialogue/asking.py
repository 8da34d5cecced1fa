"""Words → one Turn: what is asked, of which topic, which part of it, and whether the last answer is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.config import Site
from bot.content.articles import Library
from bot.content.lessons import Lesson
from bot.content.links import Official
from bot.content.models import Article, Function
from bot.content.outside import Outside
from bot.content.places import Places
from bot.dialogue import answers
from bot.dialogue.actions import encode
from bot.dialogue.followups import also, corrected, pointed
from bot.dialogue.links import verdicts
from bot.dialogue.places import whereabouts
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.state import State
from bot.dialogue.turns import Asked, Chosen, Errand, Record, Situation, Turn
from bot.i18n import Texts
from bot.redaction import found, redact
from intents import Decision, Matcher
from intents.facets import facet, subjectless
from intents.requests import split

NOT_OFFERED: tuple[Function, ...] = ("greeting", "thanks", "farewell", "yes", "no", "vague")
ERRANDS = {
    "learn": Errand("home"),
    "progress": Errand("progress"),
    "remind": Errand("remind"),
    "placement": Errand("placement"),
    "erase": Errand("erase"),
}
NEAREST = 0.05  # a topic less probable than this is not worth a button


@dataclass(frozen=True)
class Asking:
    site: Site
    library: Library
    matcher: Matcher
    menu: Sequence[str] = ()
    outside: Mapping[str, Outside] = field(default_factory=dict)
    places: Places | None = None
    official: Official | None = None
    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    """topic → the lesson that teaches more about it"""
    staffed: bool = False
    """people can be asked for in the chat"""

    def words(self, text: str, at: Situation, say: Texts) -> Turn:
        """A Turn for any ``text``; the words are kept redacted with every decision they led to."""
        if not text.strip():
            return Turn((Reply(say("ask.empty")),), at.state)
        if article := self.library.get(pointed(text, at.state)):
            return self.choose(article, at, say)
        turn = self._follow_up(text, at, say) or self._ask(corrected(text) or text, at, say)
        warning = (Reply(say("safety.secret")),) if found(text) - {"plate"} else ()
        return replace(turn, replies=warning + turn.replies)

    # -- the message before -----------------------------------------------------------------------------------------

    def _follow_up(self, text: str, at: Situation, say: Texts) -> Turn | None:
        """ "phí bao nhiêu?" after an answer asks for its fee; "còn kết hôn?" asks the same of another topic."""
        last = self.library.get(at.state.topic)
        if not last or last.opens:
            return None
        subject = also(text)
        if subjectless(self.matcher.words(subject or text)):
            name = (self._facet(subject) if subject else "") or self._facet(text)
            if not name:
                return None
            part = last.named(name)
            if part is None:
                text = say("ask.no_facet", title=last.title, facet=say(f"facet.{name}").lower())
                return Turn((Reply(text, answers.facet_rows(last, say)),), replace(at.state, facet=name))
            reply = answers.part(last, part, last.facets[part], say, self.site, at.today)
            return Turn((reply,), replace(at.state, facet=name))
        if subject:
            return self._ask(subject, at, say, inherited=at.state.facet)
        return None

    # -- a question of its own --------------------------------------------------------------------------------------

    def _ask(self, text: str, at: Situation, say: Texts, inherited: str = "") -> Turn:
        """One Turn for all requests in ``text``, in their order; only the last may leave choices open.

        One message is one question in the records: its words, and the decision on its last request.
        """
        replies: tuple[Reply, ...] = ()
        records: tuple[Record, ...] = ()
        state, errand = at.state, None
        for request in split(text, self.matcher.match, self.asks):
            decision = self.matcher.match(request)
            turn = (
                self._links(request, decision, at, say)
                or self._places(request, decision, at, say)
                or self._decide(request, decision, at, say, inherited)
            )
            replies += tuple(replace(reply, decision=decision.to_json()) for reply in turn.replies)
            asked = Asked(redact(text), decision, self.library.version)
            records = (asked, *turn.records)
            state, errand = turn.state, turn.errand
        return Turn(replies, state, records, errand)

    def _links(self, text: str, decision: Decision, at: Situation, say: Texts) -> Turn | None:
        """The verdict on pasted addresses; after what to do at once, where the words call for that."""
        judged = list(self.official.judge(text)) if self.official else []
        if not self.official or not judged:
            return None
        verdict = verdicts(judged, answers.topic_rows(self.official.next, self.library), say)
        article = self.library.get(decision.topic)
        if article and article.urgent:
            turn = self.show(article, at, say, question=at.id)
            return replace(turn, replies=(*turn.replies, verdict))
        return Turn((verdict,), State(topic=at.state.topic))

    def _places(self, text: str, decision: Decision, at: Situation, say: Texts) -> Turn | None:
        """Old and new names of the places in ``text``, if that is what it asks."""
        found_places = self.places.find(text) if self.places else None
        if not self.places or not found_places:
            return None
        topic = self.places.topic
        first = decision.candidates[0].topic if decision.candidates and not decision.outside else ""
        asked = topic == first or (at.state.topic == topic and decision.kind != "answer")
        if not asked and (not found_places.alone or (found_places.guessed and decision.kind == "answer")):
            return None
        rows = answers.topic_rows(self.places.next, self.library)
        return Turn((whereabouts(found_places, self.places, say, rows),), State(topic=topic))

    def _decide(self, text: str, decision: Decision, at: Situation, say: Texts, inherited: str) -> Turn:
        if decision.kind == "answer" and (article := self.library.get(decision.topic)):
            if article.opens:
                return self._open(article, at, say)
            return self.show(article, at, say, question=at.id, part=self._facet(text) or inherited)
        if entry := self.outside.get(decision.outside):
            return Turn((Reply(entry.reply.strip()),), State(topic=at.state.topic, question=at.id))
        offered = tuple(c.topic for c in decision.candidates if c.probability >= NEAREST and self._choosable(c.topic))
        state = State(at.state.topic, offered, at.id, self._facet(text) or inherited)
        rows = answers.topic_rows(offered, self.library)
        none = ((Choice(say("ask.none"), encode("none", at.id)),),)
        if decision.kind == "clarify" and rows:
            return Turn((Reply(say("ask.unsure"), rows + none),), state)
        unknown = self.unknown(say)
        text = f"{unknown}\n\n{say('ask.nearest')}" if rows else unknown
        return Turn((Reply(text, rows + self.person_rows(say)),), state)

    def _open(self, article: Article, at: Situation, say: Texts) -> Turn:
        """Articles that do something beside being read: greeting, help, yes and no, a question without a subject."""
        last = self.library.get(at.state.topic)
        match article.opens:
            case "greeting":
                return Turn((self.hello(say),), State())
            case "help":
                return Turn((self.help(say),), State())
            case "learn" | "progress" | "remind" | "placement" | "erase":
                return Turn((), State(), errand=ERRANDS[article.opens])
            case "person" if self.staffed:
                return Turn((), at.state, errand=Errand("person"))
            case "privacy":
                rows = ((Choice(say("data.open"), encode("data")),),)
                return Turn((Reply(article.summary.strip(), rows),), at.state)
            case "yes" if at.state.offered:
                return Turn((Reply(say("ask.choose"), answers.topic_rows(at.state.offered, self.library)),), at.state)
            case "no" if at.state.offered:
                unknown = Reply(self.unknown(say), self.person_rows(say))
                return Turn((unknown,), State(), (Chosen(at.state.question, None),))
            case "vague" | "yes" if last and last.facets:
                text = say("ask.about_last", title=last.title)
                return Turn((Reply(text, answers.facet_rows(last, say)),), at.state)
            case "vague":
                offered = State(offered=tuple(self.menu), question=at.id)
                return Turn((Reply(say("ask.vague"), answers.topic_rows(self.menu, self.library)),), offered)
        return Turn((Reply(article.summary.strip()),), at.state)

    # -- replies ----------------------------------------------------------------------------------------------------

    def show(self, article: Article, at: Situation, say: Texts, question: int = 0, part: str = "") -> Turn:
        """The article, opening with its facet ``part``, if it has that. What was offered can still be pointed at."""
        reply = answers.whole(article, say, self.library, self.site, at.today, question, article.named(part))
        if lesson := self.lessons.get(article.id):
            more = (Choice(say("learn.about_this", minutes=lesson.minutes), encode("card", lesson.id, 0)),)
            reply = replace(reply, choices=(*reply.choices, more))
        return Turn((reply,), State(article.id, at.state.offered, at.state.question, part))

    def choose(self, article: Article, at: Situation, say: Texts) -> Turn:
        """The person picked ``article`` among those offered."""
        turn = self.show(article, at, say, at.state.question, at.state.facet)
        return replace(turn, records=(Chosen(at.state.question, article.id),))

    def hello(self, say: Texts) -> Reply:
        text = say("start.hello", name=self.site.name, area=self.site.area)
        return Reply(text, answers.topic_rows(self.menu[:4], self.library))

    def help(self, say: Texts) -> Reply:
        text = say("help.text", hotline=self.site.hotline, portal=self.site.portal)
        return Reply(text, answers.topic_rows(self.menu, self.library))

    def unknown(self, say: Texts) -> str:
        return say("ask.unknown", hotline=self.site.hotline, portal=self.site.portal)

    def person_rows(self, say: Texts) -> answers.Rows:
        """The way to people, where there is one."""
        return ((Choice(say("handover.ask"), encode("person")),),) if self.staffed else ()

    def _facet(self, text: str) -> str:
        return facet(self.matcher.words(text))

    def asks(self, topic: str) -> bool:
        """Whether ``topic`` is a question of its own, and not small talk around one."""
        article = self.library.get(topic)
        return article is not None and (article.opens is None or article.opens in ERRANDS)

    def _choosable(self, topic: str) -> bool:
        """Whether a person would pick it from a list: small talk has no place there."""
        article = self.library.get(topic)
        return article is not None and article.opens not in NOT_OFFERED
