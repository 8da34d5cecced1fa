"""The shape of one article: an answer on one topic, with the facts' sources and the dates until which they hold."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Audience = Literal["citizen", "worker", "official", "it_specialist", "business", "student", "teacher"]
FacetName = Literal["steps", "documents", "fee", "time", "place", "online", "legal", "mistakes", "example"]
Function = Literal[
    "greeting", "help", "thanks", "farewell", "person", "yes", "no", "vague",
    "learn", "progress", "remind", "placement", "privacy", "erase",
]  # fmt: skip
"""What the assistant does beside showing the text: the function an article opens."""

FACETS: tuple[FacetName, ...] = get_args(FacetName)

_TOPIC = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_COMPETENCE = re.compile(r"[1-6]\.[1-6]@[1-8]")
MAX_TOPIC_BYTES = 40  # leaves room in Telegram's 64 bytes of callback data
MAX_LABEL = 36  # longer labels are cut off on a phone-wide button


def _topic(value: str) -> str:
    if not _TOPIC.fullmatch(value) or len(value) > MAX_TOPIC_BYTES:
        raise ValueError(f"is not a topic id → write <group>.<name> in a-z, 0-9 and _, at most {MAX_TOPIC_BYTES} signs")
    return value


def _competence(value: str) -> str:
    if not _COMPETENCE.fullmatch(value):
        raise ValueError(
            'is not a competence → write "<area>.<number>@<level>" as in "2.3@1" (DigComp 2.2, levels 1-8)'
        )
    return value


def _tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


TopicId = Annotated[str, AfterValidator(_topic)]
Competence = Annotated[str, AfterValidator(_competence)]
Keys = Annotated[tuple[str, ...], BeforeValidator(_tuple), Field(min_length=1)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Frozen):
    """Where a fact stands: the document's name, its date, and an address when it has a stable one."""

    title: Annotated[str, Field(min_length=4)]
    date: dt.date | None = None
    url: Annotated[str, Field(pattern=r"^https://")] | None = None


class Facet(Frozen):
    """One part of an answer. ``text`` comes first, ``items`` follow as steps or bullets.

    ``check`` names where a figure of medium confidence is to be checked again; ``valid_until`` is the last day on which
    the facet is true, ``after`` what it says from the next day on.
    """

    text: str = ""
    items: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    source: Keys
    check: str | None = None
    valid_until: dt.date | None = None
    after: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Facet:
        if not self.text and not self.items:
            raise ValueError("says nothing → give text or items, or remove the facet")
        if (self.valid_until is None) != (self.after is None):
            raise ValueError("valid_until and after go together → give both or neither")
        return self


class Article(Frozen):
    """One answer. ``id`` comes from the file's place: ``<group>/<name>.yaml`` → ``<group>.<name>``."""

    id: TopicId
    title: Annotated[str, Field(min_length=3, max_length=80)]
    label: Annotated[str, Field(min_length=3, max_length=MAX_LABEL)]
    owner: str
    reviewed: dt.date
    review_by: dt.date
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    competences: tuple[Competence, ...] = ()
    urgent: bool = False
    opens: Function | None = None
    summary: Annotated[str, Field(min_length=10)]
    facets: dict[FacetName, Facet] = {}
    related: Annotated[tuple[TopicId, ...], Field(max_length=4)] = ()
    sources: dict[str, Source] = {}
    utterances: Annotated[tuple[Annotated[str, Field(min_length=2)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Article:
        if self.review_by <= self.reviewed:
            raise ValueError("review_by must come after reviewed → set the next review date")
        for name, facet in self.facets.items():
            for key in facet.source:
                if key not in self.sources:
                    raise ValueError(f"facet {name} cites {key!r}, which is not under sources → add it there")
        if self.id in self.related:
            raise ValueError("is related to itself → remove its own id from related")
        if not self.sources and not self.opens:
            raise ValueError("has no source → name where its facts stand")
        return self

    def named(self, facet: str) -> FacetName | None:
        """``facet`` as one of this article's own; None when it has no such part."""
        return next((own for own in self.facets if own == facet), None)

    @property
    def group(self) -> str:
        return self.id.split(".", 1)[0]
