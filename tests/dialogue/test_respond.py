from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Site
from bot.content.articles import load_library
from bot.content.links import load_official
from bot.content.places import load_places
from bot.dialogue.asking import Asking
from bot.dialogue.events import Event
from bot.dialogue.replies import Reply
from bot.dialogue.respond import Dialogue
from bot.dialogue.state import State
from bot.dialogue.turns import Asked, Chosen, Errand, LanguageChosen, Situation, Stopped, Turn, Verdict
from bot.i18n import load_texts
from intents import Candidate, Decision
from intents.lexicon import Lexicon
from intents.text import tokens
from tests.site import REPO, settings

NOW = Situation(id=5, state=State(), language=None, today=dt.date(2026, 11, 24))


class Understands:
    """A matcher that understands everything as told."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision

    def match(self, text: str) -> Decision:
        return self.decision

    def words(self, text: str) -> list[str]:
        return Lexicon().expand(tokens(text))


@pytest.fixture(scope="session")
def real() -> Dialogue:
    """The site's own content, with a matcher that understands nothing."""
    content = REPO / "content" / "vi"
    asking = Asking(
        Site.model_validate(settings()["site"]),
        load_library(content),
        Understands(Decision("abstain", ())),  # type: ignore[arg-type]
        places=load_places(content),
        official=load_official(content),
    )
    return Dialogue(asking, {language: load_texts(REPO / "content", language) for language in ("vi", "en")})


def deciding(dialogue: Dialogue, kind: str, *candidates: tuple[str, float]) -> Dialogue:
    decision = Decision(kind, tuple(Candidate(*c) for c in candidates))  # type: ignore[arg-type]
    return replace(dialogue, asking=replace(dialogue.asking, matcher=Understands(decision)))  # type: ignore[arg-type]


def say(dialogue: Dialogue, text: str, at: Situation = NOW) -> Turn:
    return dialogue.respond(Event("text", text), at)


def press(dialogue: Dialogue, action: str, at: Situation = NOW) -> Turn:
    return dialogue.respond(Event("action", action), at)


def labels(reply: Reply) -> list[str]:
    return [choice.label for row in reply.choices for choice in row]


def actions(reply: Reply) -> list[str]:
    return [choice.action for row in reply.choices for choice in row]


def test_the_greeting_says_that_it_is_an_automated_system(dialogue: Dialogue) -> None:
    (reply,) = dialogue.respond(Event("command", "start"), NOW).replies
    assert "hệ thống tự động" in reply.text


def test_an_answer_shows_its_source_and_the_date_it_was_checked(dialogue: Dialogue) -> None:
    (reply,) = say(dialogue, "mất căn cước làm lại sao").replies
    assert "Bạn làm việc cancuoc.mat tại nhà." in reply.text
    assert "Nguồn: Cổng Dịch vụ công quốc gia. Thông tin cập nhật ngày 01/11/2026." in reply.text


def test_an_answer_offers_its_facets_and_asks_whether_it_was_right(dialogue: Dialogue) -> None:
    (reply,) = say(dialogue, "xin cấp lại thẻ căn cước bị mất").replies
    assert actions(reply) == ["facet:cancuoc.mat:steps", "facet:cancuoc.mat:fee", "right:5", "wrong:5"]


def test_an_answer_past_its_review_date_says_so(dialogue: Dialogue) -> None:
    at = replace(NOW, today=dt.date(2027, 11, 2))
    (reply,) = say(dialogue, "mất căn cước làm lại sao", at).replies
    assert "quá hạn rà soát (01/11/2027)" in reply.text


def test_a_question_is_recorded_redacted_with_decision_and_content_version(dialogue: Dialogue) -> None:
    turn = say(dialogue, "mất căn cước số 074201001234 làm lại sao")
    (asked,) = [record for record in turn.records if isinstance(record, Asked)]
    assert asked.words == "mất căn cước số [số] làm lại sao"
    assert asked.decision.topic == "cancuoc.mat"
    assert asked.content_version == dialogue.asking.library.version


def test_someone_who_sends_a_private_number_is_warned_first(dialogue: Dialogue) -> None:
    warning, answer = say(dialogue, "mất căn cước số 074201001234 làm lại sao").replies
    assert "không lưu số đó" in warning.text
    assert "cancuoc.mat" in answer.text


def test_when_unsure_it_asks_back_with_at_most_three_topics(dialogue: Dialogue) -> None:
    unsure = deciding(dialogue, "clarify", ("dvc.nop_ho_so", 0.5), ("cutru.tam_tru", 0.3), ("cancuoc.mat", 0.1))
    turn = say(unsure, "…")
    (reply,) = turn.replies
    assert labels(reply) == ["Nút dvc.nop_ho_so", "Nút cutru.tam_tru", "Nút cancuoc.mat", "Không phải các việc trên"]
    assert turn.state == State(offered=("dvc.nop_ho_so", "cutru.tam_tru", "cancuoc.mat"), question=5)


def test_small_talk_is_never_among_the_choices(dialogue: Dialogue) -> None:
    unsure = deciding(dialogue, "clarify", ("meta.chao", 0.5), ("cutru.tam_tru", 0.3))
    assert labels(say(unsure, "…").replies[0])[0] == "Nút cutru.tam_tru"


def test_when_it_does_not_know_it_names_the_hotline_and_the_nearest_topics(dialogue: Dialogue) -> None:
    lost = deciding(dialogue, "abstain", ("cutru.tam_tru", 0.2), ("cancuoc.mat", 0.01))
    (reply,) = say(lost, "…").replies
    assert "1022" in reply.text
    assert "dichvucong.gov.vn" in reply.text
    assert labels(reply) == ["Nút cutru.tam_tru"]


def offered() -> Situation:
    return replace(NOW, id=6, state=State(offered=("dvc.nop_ho_so", "cutru.tam_tru"), question=5))


@pytest.mark.parametrize("text", ["2", " 2. ", "số 2", "cái 2"])
def test_a_number_chooses_among_what_was_offered(dialogue: Dialogue, text: str) -> None:
    turn = say(dialogue, text, offered())
    assert "cutru.tam_tru" in turn.replies[0].text
    assert turn.records == (Chosen(5, "cutru.tam_tru"),)


def test_a_pressed_choice_is_recorded_for_the_question_it_answers(dialogue: Dialogue) -> None:
    turn = press(dialogue, "topic:dvc.nop_ho_so", offered())
    assert turn.records == (Chosen(5, "dvc.nop_ho_so"),)
    assert "right:5" in actions(turn.replies[0])


def test_none_of_them_is_recorded_and_gets_the_hotline(dialogue: Dialogue) -> None:
    turn = press(dialogue, "none:5", offered())
    assert turn.records == (Chosen(5, None),)
    assert "1022" in turn.replies[0].text
    assert turn.state == State()


def test_a_facet_opens_with_what_was_asked_and_offers_the_others(dialogue: Dialogue) -> None:
    (reply,) = press(dialogue, "facet:cancuoc.mat:steps").replies
    assert reply.text.startswith("**Việc cancuoc.mat · các bước**\n\n1. Mở.\n2. Gửi.")
    assert actions(reply) == ["facet:cancuoc.mat:fee"]


@pytest.mark.parametrize("verb", ["right", "wrong"])
def test_a_verdict_is_recorded_and_thanked_for(dialogue: Dialogue, verb: str) -> None:
    turn = press(dialogue, f"{verb}:5")
    assert turn.records == (Verdict(5, verb == "right"),)
    assert "Cảm ơn" in turn.replies[0].text


@pytest.mark.parametrize("data", ["topic:la.la", "facet:cancuoc.mat:price", "rm -rf", "", "lang:xx", "right:x"])
def test_a_button_that_leads_nowhere_gets_a_text_that_says_so(dialogue: Dialogue, data: str) -> None:
    turn = press(dialogue, data)
    assert "không còn nữa" in turn.replies[0].text
    assert turn.records == ()


def test_a_start_link_opens_its_topic(dialogue: Dialogue) -> None:
    (reply,) = dialogue.respond(Event("command", "start cutru-tam_tru"), NOW).replies
    assert "cutru.tam_tru" in reply.text


def test_a_start_link_to_nowhere_greets(dialogue: Dialogue) -> None:
    (reply,) = dialogue.respond(Event("command", "start xx-yy"), NOW).replies
    assert "Xin chào" in reply.text


def test_an_unknown_command_gets_a_text_that_says_so(dialogue: Dialogue) -> None:
    assert "chưa có lệnh này" in dialogue.respond(Event("command", "bay"), NOW).replies[0].text


def test_the_interface_changes_its_language_and_the_answer_stays(dialogue: Dialogue) -> None:
    assert press(dialogue, "lang:en").records == (LanguageChosen("en"),)
    english = replace(NOW, language="en")
    assert "Source:" in say(dialogue, "mất căn cước làm lại sao", english).replies[0].text


def test_a_picture_gets_a_text_that_asks_for_words(dialogue: Dialogue) -> None:
    assert "chỉ đọc được chữ" in dialogue.respond(Event("unreadable", "photo"), NOW).replies[0].text


def test_blocking_the_assistant_is_recorded_and_not_answered(dialogue: Dialogue) -> None:
    assert dialogue.respond(Event("stopped"), NOW) == Turn((), State(), (Stopped(True),))


def test_saying_yes_to_several_choices_asks_to_choose_one(dialogue: Dialogue) -> None:
    greeting = dialogue.asking.library.articles["meta.chao"].model_copy(update={"opens": "yes"})
    library = replace(dialogue.asking.library, articles={**dialogue.asking.library.articles, "meta.chao": greeting})
    agreeing = deciding(
        replace(dialogue, asking=replace(dialogue.asking, library=library)), "answer", ("meta.chao", 0.9)
    )
    assert len(say(agreeing, "ừ", offered()).replies[0].choices) == 2


def test_a_wish_to_learn_is_an_errand_to_where_learning_begins(dialogue: Dialogue) -> None:
    lessons = dialogue.asking.library.articles["meta.chao"].model_copy(update={"opens": "learn"})
    library = replace(dialogue.asking.library, articles={**dialogue.asking.library.articles, "meta.chao": lessons})
    asked = deciding(replace(dialogue, asking=replace(dialogue.asking, library=library)), "answer", ("meta.chao", 0.9))
    assert say(asked, "muốn học").errand == Errand("home")


@given(text=st.text(max_size=200))
def test_any_words_get_a_reply(dialogue: Dialogue, text: str) -> None:
    assert say(dialogue, text).replies


@given(text=st.text(max_size=80))
def test_any_button_gets_a_reply(dialogue: Dialogue, text: str) -> None:
    turn = press(dialogue, text)
    assert turn.replies or turn.errand


def test_a_look_alike_link_is_named_but_never_made_clickable(real: Dialogue) -> None:
    (reply,) = say(real, "https://vneid-gov.com/dang-nhap").replies
    assert "vneid-gov[.]com là địa chỉ nhái" in reply.text
    assert "vneid-gov.com" not in reply.text


def test_an_official_link_is_confirmed(real: Dialogue) -> None:
    (reply,) = say(real, "trang dichvucong.gov.vn có phải thật không").replies
    assert "là địa chỉ chính thức: Cổng Dịch vụ công quốc gia" in reply.text


def test_what_to_do_at_once_comes_before_the_verdict_on_a_link(real: Dialogue) -> None:
    urgent = deciding(real, "answer", ("luadao.da_chuyen_tien", 0.9))
    first, second = say(urgent, "tôi lỡ chuyển tiền qua vcb-uudai.top rồi").replies
    assert "Bị lừa" in first.text or "ngân hàng" in first.text
    assert "vcb-uudai" in second.text


def test_a_place_by_itself_is_answered_with_its_new_name(real: Dialogue) -> None:
    (reply,) = say(deciding(real, "abstain"), "phú cường").replies
    assert "**Phường Phú Cường** (Thành phố Thủ Dầu Một cũ) nay thuộc **Phường Thủ Dầu Một**" in reply.text


def test_a_split_place_offers_the_units_it_went_to(real: Dialogue) -> None:
    (reply,) = say(deciding(real, "answer", ("sapnhap.don_vi_moi", 0.9)), "nhà tôi ở Bình Chuẩn giờ là gì").replies
    assert "được chia cho **Phường Thuận Giao hoặc Phường An Phú**" in reply.text
    assert labels(reply)[:2] == ["Phường Thuận Giao", "Phường An Phú"]
    (unit,) = press(real, actions(reply)[0]).replies
    assert "Phường Thuận Giao" in unit.text
    assert "một phần Phường Bình Chuẩn" in unit.text


def test_a_place_in_a_question_about_something_else_does_not_change_its_answer(real: Dialogue) -> None:
    (reply,) = say(deciding(real, "answer", ("cancuoc.cap_moi", 0.9)), "làm căn cước ở phường Phú Cường").replies
    assert "nay thuộc" not in reply.text


def test_a_message_with_two_requests_gets_both_answers_in_order_and_is_one_question(dialogue: Dialogue) -> None:
    turn = say(dialogue, "mất căn cước làm lại sao, với lại ở trọ phải khai báo gì")
    titles = [reply.text.splitlines()[0] for reply in turn.replies]
    assert titles == ["**Việc cancuoc.mat**", "**Việc cutru.tam_tru**"]
    (asked,) = turn.records
    assert isinstance(asked, Asked)
    assert turn.state.topic == "cutru.tam_tru"


def test_an_answer_opens_with_the_part_that_was_asked(dialogue: Dialogue) -> None:
    (reply,) = say(
        deciding(dialogue, "answer", ("cancuoc.mat", 0.9)), "mất căn cước làm lại hết bao nhiêu tiền"
    ).replies
    assert reply.text.startswith("**Việc cancuoc.mat**\n\n**Phí, lệ phí**\n\nMiễn phí.")
    assert "facet:cancuoc.mat:fee" not in actions(reply)


@pytest.mark.parametrize(
    ("words", "part"),
    [("phí bao nhiêu", "Miễn phí."), ("còn các bước?", "1. Mở."), ("the con phi thi sao", "Miễn phí.")],
)
def test_a_question_without_a_subject_is_about_the_last_answer(dialogue: Dialogue, words: str, part: str) -> None:
    at = replace(NOW, state=State(topic="cancuoc.mat"))
    (reply,) = say(dialogue, words, at).replies
    assert reply.text.startswith("**Việc cancuoc.mat · ")
    assert part in reply.text


def test_a_part_that_the_article_lacks_is_said_to_be_missing(dialogue: Dialogue) -> None:
    at = replace(NOW, state=State(topic="cancuoc.mat"))
    (reply,) = say(dialogue, "mấy ngày có", at).replies
    assert "chưa có phần **bao lâu**" in reply.text
    assert "facet:cancuoc.mat:fee" in actions(reply)


def test_and_another_subject_asks_the_same_part_of_it(dialogue: Dialogue) -> None:
    at = replace(NOW, state=State(topic="cancuoc.mat", facet="fee"))
    (reply,) = say(deciding(dialogue, "answer", ("cutru.tam_tru", 0.9)), "còn tạm trú?", at).replies
    assert reply.text.startswith("**Việc cutru.tam_tru**\n\n**Phí, lệ phí**")


def test_a_correction_is_understood_without_what_was_not_meant(dialogue: Dialogue) -> None:
    at = replace(NOW, state=State(topic="cancuoc.mat"))
    turn = say(dialogue, "không phải, ý em là đăng ký tạm trú", at)
    assert turn.state.topic == "cutru.tam_tru"


def test_what_was_offered_can_be_pointed_at_again_after_choosing(dialogue: Dialogue) -> None:
    at = replace(NOW, state=State(offered=("dvc.nop_ho_so", "cutru.tam_tru"), question=3))
    first = say(dialogue, "cái thứ hai", at)
    assert first.state.topic == "cutru.tam_tru"
    second = say(dialogue, "cái đầu", replace(at, state=first.state))
    assert second.state.topic == "dvc.nop_ho_so"
