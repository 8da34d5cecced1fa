from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.content.courses import Catalogue
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.review.freshness import due
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner

REVIEW_BY = dt.date(2027, 11, 1)  # of all content of the test site


@pytest.mark.parametrize(("days_before", "due_now"), [(31, False), (30, True), (0, True), (-400, True)])
def test_content_is_due_from_thirty_days_before_its_review_date(
    office: Office, days_before: int, due_now: bool
) -> None:
    found = due(office.library, office.catalogue, REVIEW_BY - dt.timedelta(days=days_before))
    assert bool(found) is due_now


def test_articles_lessons_and_courses_are_listed_by_owner_the_longest_overdue_first(office: Office) -> None:
    late = office.library.articles["cutru.tam_tru"].model_copy(
        update={"owner": "khac", "review_by": dt.date(2027, 1, 1)}
    )
    library = replace(office.library, articles=dict(office.library.articles) | {late.id: late})
    found = due(library, office.catalogue, REVIEW_BY)
    assert [each.id for each in found["khac"]] == ["cutru.tam_tru"]
    assert [(each.kind, each.id) for each in found["to"]] == [
        ("article", "cancuoc.mat"),
        ("article", "dvc.nop_ho_so"),
        ("article", "meta.chao"),
        ("article", "meta.tro_giup"),
        ("course", "thu"),
        ("lesson", "thu.bai_1"),
        ("lesson", "thu.bai_2"),
    ]


async def test_a_lesson_past_its_review_date_warns_under_its_last_card(
    database: Database, dialogue: Dialogue, office: Office
) -> None:
    clock = VirtualClock(dt.datetime(2027, 11, 1, 3, tzinfo=dt.UTC))
    learner = Learner(database, dialogue, office, clock)
    assert "quá hạn" not in await learner.sends("card:thu.bai_1:2")
    clock.move(86400)
    assert "quá hạn rà soát (01/11/2027)" in await learner.sends("card:thu.bai_1:2")


def test_an_empty_site_has_nothing_due(office: Office) -> None:
    empty = replace(office.library, articles={})
    assert due(empty, Catalogue({}, office.library.root), REVIEW_BY) == {}
