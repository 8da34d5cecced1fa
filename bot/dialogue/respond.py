"""The way of one event: pressed button, command or words → one Turn. Pure: no clock, no storage, no channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue import answers
from bot.dialogue.actions import ERRANDS, Action, decode, encode
from bot.dialogue.asking import Asking
from bot.dialogue.events import Event
from bot.dialogue.places import unit_of_today
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.state import State
from bot.dialogue.turns import Chosen, Errand, LanguageChosen, Situation, Stopped, Turn, Verdict
from bot.i18n import Texts

# Commands and start links that ask for the person's own records → the errand they are.
COMMANDS = {
    "hoc": "home",
    "tien_do": "progress",
    "tiendo": "progress",
    "nhac": "remind",
    "dulieu": "data",
    "xoa": "erase",
    "ktra": "check",
    "nhom": "groups",
    "nhan_su": "team",
    "ho_tro": "assist",
    "thong_bao": "kinds",
    "soan": "notices",
    "quan_tri": "manage",
    "gap": "person",
    "phieu": "queue",
    "tra_loi": "suggest",
    "cau_hoi": "unanswered",
    "baocao": "report",
    "bao_cao": "report",
    "bang": "pages",
}
TAKES_FILES = ("notice",)  # questions of ours that a picture or document may answer
LINKS = {"nhom": "join", "moi": "become", "ktra": "check", "hoc": "open"}


@dataclass(frozen=True)
class Dialogue:
    asking: Asking
    texts: Mapping[str, Texts]

    def respond(self, event: Event, at: Situation) -> Turn:
        """Every event has a Turn; what cannot be understood gets a text that says so."""
        say = self.say(at.language)
        if event.kind == "action":
            return self._press(decode(event.text), event.message, at, say)
        if event.kind == "command":
            return self._command(event.text, at, say)
        if event.kind in ("text", "unreadable") and at.line:
            return Turn((), at.state, errand=Errand("relay", text=event.text if event.kind == "text" else ""))
        if (event.kind == "text" and at.state.expects) or (event.file and at.state.expects in TAKES_FILES):
            text = event.text if event.kind == "text" else ""
            return Turn((), at.state, errand=Errand("typed", (at.state.expects,), text, file=event.file))
        if event.kind == "text":
            return self.asking.words(event.text, at, say)
        if event.kind == "unreadable":
            return Turn((Reply(say("unreadable.text")),), at.state)
        errand = Errand("gone") if event.kind == "stopped" and at.line else None
        return Turn((), State(), (Stopped(event.kind == "stopped"),), errand)

    def failure(self, language: str | None) -> Reply:
        """What someone gets whose event could not be handled."""
        return Reply(self.say(language)("error.text", hotline=self.asking.site.hotline))

    def say(self, language: str | None) -> Texts:
        return self.texts.get(language or "") or self.texts[self.asking.site.language]

    def _command(self, text: str, at: Situation, say: Texts) -> Turn:
        name, _, argument = text.partition(" ")
        match name:
            case "start":
                link, _, rest = argument.strip().partition("-")
                if rest and link in LINKS:
                    return Turn((), State(), errand=Errand(LINKS[link], (rest,)))
                topic = argument.strip().replace("-", ".", 1)
                if article := self.asking.library.get(topic):
                    return self.asking.show(article, at, say)
                return Turn((self.asking.hello(say),), State())
            case "help" | "trogiup":
                return Turn((self.asking.help(say),), State())
            case "language" | "ngonngu":
                choices = ((Choice("Tiếng Việt", encode("lang", "vi")), Choice("English", encode("lang", "en"))),)
                return Turn((Reply(say("language.choose"), choices),), at.state)
            case _ if name in COMMANDS:
                return Turn((), replace(at.state, expects=""), errand=Errand(COMMANDS[name], text=argument.strip()))
            case _:
                return Turn((Reply(say("command.unknown")),), at.state)

    def _press(self, action: Action | None, message: str, at: Situation, say: Texts) -> Turn:
        asking = self.asking
        gone = Turn((Reply(say("answer.gone")),), at.state)
        match action:
            case Action("topic", (topic,)):
                article = asking.library.get(topic)
                if article is None:
                    return gone
                return asking.choose(article, at, say) if topic in at.state.offered else asking.show(article, at, say)
            case Action("facet", (topic, name)):
                article = asking.library.get(topic)
                facet = article.named(name) if article else None
                if article is None or facet is None:
                    return gone
                reply = answers.part(article, facet, article.facets[facet], say, asking.site, at.today)
                return Turn((reply,), replace(at.state, topic=topic, facet=facet))
            case Action("right" | "wrong" as verb, (question,)) if question.isdecimal():
                right = verb == "right"
                sorry = Reply(say("verdict.sorry", hotline=asking.site.hotline), asking.person_rows(say))
                thanks = Reply(say("verdict.thanks")) if right else sorry
                return Turn((thanks,), at.state, (Verdict(int(question), right),))
            case Action("none", (question,)) if question.isdecimal():
                unknown = Reply(asking.unknown(say), asking.person_rows(say))
                return Turn((unknown,), State(), (Chosen(int(question), None),))
            case Action("place", (code,)) if asking.places and code in asking.places.units:
                rows = answers.topic_rows(asking.places.next, asking.library)
                return Turn((unit_of_today(asking.places.units[code], asking.places, say, rows),), at.state)
            case Action("lang", (language,)) if language in self.texts:
                return Turn((Reply(self.texts[language]("language.done")),), at.state, (LanguageChosen(language),))
            case Action(verb, arguments) if verb in ERRANDS:
                return Turn((), replace(at.state, expects=""), errand=Errand(verb, arguments, message=message))
        return gone
