"""Talking to a person through the assistant: consent, who takes it, both sides, the ways back to the bot."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.config import Site
from bot.content.articles import load_library
from bot.dialogue.asking import Asking
from bot.dialogue.desk import Office
from bot.dialogue.events import Event
from bot.dialogue.respond import Dialogue
from bot.handover.hours import Hours, Rules
from bot.i18n import load_texts
from bot.storage import audit, erasure, people, staff, tickets
from bot.storage.database import Database
from intents import Matcher
from intents.topics import from_content
from tests.clock import VirtualClock
from tests.site import TOPICS, article, make_content, settings, write_article
from tests.talk import Exchange, Phone

DAY = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13), dt.time(17)))
HOURS = Hours(ZoneInfo("Asia/Ho_Chi_Minh"), dict.fromkeys(range(5), DAY))
QUESTION = "Nhà tôi bị ghi sai số nhà trong sổ hộ khẩu cũ, giờ phải làm sao?"
MINUTE, HOUR = 60, 3600


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Dialogue:
    """A dialogue over a small content with a way to people and one urgent topic."""
    content = make_content(tmp_path_factory.mktemp("people"))
    vi = content / "vi"
    asks = ("gặp người thật", "cho tôi gặp cán bộ", "nói chuyện với nhân viên", "gặp tư vấn viên", "muốn gặp người")
    write_article(vi, "meta.nguoi", article("meta.nguoi", asks, opens="person", summary="Bạn gọi tổng đài 1022."))
    scam = ("vừa chuyển tiền cho kẻ lừa đảo", "bị lừa chuyển khoản mất tiền", "lỡ đưa otp cho người lạ mất tiền rồi",
            "bị lừa đảo lấy hết tiền trong tài khoản", "chuyển nhầm tiền cho bọn lừa")  # fmt: skip
    write_article(vi, "luadao.mat_tien", article("luadao.mat_tien", scam, urgent=True))
    library = load_library(vi)
    texts = {language: load_texts(content, language) for language in ("vi", "en")}
    site = Site.model_validate(settings()["site"])
    return Dialogue(Asking(site, library, Matcher.build(from_content(vi)), menu=list(TOPICS)[:2], staffed=True), texts)


@pytest.fixture
def desk(office: Office, talking: Dialogue) -> Office:
    asking = talking.asking
    return replace(office, library=asking.library, handover=Rules(HOURS), matcher=asking.matcher)


@pytest.fixture
def exchange(database: Database, talking: Dialogue, desk: Office, clock: VirtualClock) -> Exchange:
    return Exchange(database, talking, desk, clock)


@pytest.fixture
def mai(exchange: Exchange) -> Phone:
    return Phone(exchange, "987654321012")


@pytest.fixture
async def lan(exchange: Exchange, database: Database, clock: VirtualClock) -> Phone:
    return await agent(exchange, database, clock, "555000111222")


@pytest.fixture
async def hoa(exchange: Exchange, database: Database, clock: VirtualClock) -> Phone:
    return await agent(exchange, database, clock, "333444555666")


async def agent(exchange: Exchange, database: Database, clock: VirtualClock, chat: str) -> Phone:
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", chat)}, clock.now()))["telegram", chat]
        await staff.grant(tx, person.id, "agent", clock.now())
    return Phone(exchange, chat)


async def number_of(database: Database, phone: Phone) -> int:
    return int(await one(database, f"SELECT id FROM person WHERE external = '{phone.chat}'"))  # noqa: S608


async def one(database: Database, query: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(query))).scalar()


async def audited(database: Database) -> list[tuple[str, str]]:
    async with database.read() as tx:
        return [(entry.action, entry.subject) async for entry in audit.read(tx)]


async def asks(phone: Phone, words: str = QUESTION) -> str:
    await phone.says("/gap")
    await phone.presses("Đồng ý")
    return await phone.says(words)


async def begin(mai: Phone, lan: Phone) -> None:
    """A talk between the two."""
    await asks(mai)
    await lan.presses("Nhận")
    assert "đã nhận" in mai.unread


def evening(clock: VirtualClock) -> None:
    """Six in the evening of a Tuesday."""
    clock.move(8 * HOUR)


# -- consent ----------------------------------------------------------------------------------------------------------


async def test_before_anything_is_passed_on_the_person_is_told_what_staff_will_see(
    mai: Phone, lan: Phone, database: Database
) -> None:
    said = await mai.says("cho tôi gặp cán bộ")
    assert "đúng như bạn gõ" in said
    assert "xóa sau 7 ngày" in said
    assert "số căn cước" in said
    assert lan.got == []
    assert await one(database, "SELECT count(*) FROM ticket") == 0


async def test_who_does_not_agree_is_the_bot_s_as_before(mai: Phone, lan: Phone, database: Database) -> None:
    await mai.says("/gap")
    await mai.presses("để sau")
    assert "Việc cutru.tam_tru" in await mai.says("đăng ký tạm trú")
    assert await one(database, "SELECT count(*) FROM ticket") == 0


async def test_where_the_bot_does_not_know_people_are_one_tap_away(mai: Phone, lan: Phone) -> None:
    await mai.says("zzz qqq www")
    assert "Chuyển câu hỏi" in await mai.presses("Gặp người thật")


async def test_without_any_staff_people_are_told_where_to_call(mai: Phone) -> None:
    assert await mai.says("cho tôi gặp cán bộ") == "Bạn gọi tổng đài 1022."


async def test_where_no_hours_are_set_nobody_is_promised(
    database: Database, talking: Dialogue, desk: Office, clock: VirtualClock
) -> None:
    exchange = Exchange(database, talking, desk, clock)
    exchange._worker._office = replace(desk, handover=None)
    await agent(exchange, database, clock, "1")
    assert await Phone(exchange, "2").says("cho tôi gặp cán bộ") == "Bạn gọi tổng đài 1022."


async def test_the_question_is_kept_as_typed_on_the_ticket_and_nowhere_else(
    mai: Phone, lan: Phone, database: Database
) -> None:
    assert "T-000001" in await asks(mai, "Số nhà 12/3, gọi 0901234567 giúp")
    assert await one(database, "SELECT words FROM ticket_message") == "Số nhà 12/3, gọi 0901234567 giúp"
    assert await one(database, "SELECT count(*) FROM question WHERE words LIKE '%nhà 12%'") == 0


# -- in office hours --------------------------------------------------------------------------------------------------


async def test_staff_see_a_number_and_a_topic_and_only_who_takes_it_sees_the_words(
    mai: Phone, lan: Phone, hoa: Phone
) -> None:
    await asks(mai, "đăng ký tạm trú cho 3 người ở nhà số 5")
    for phone in (lan, hoa):
        assert phone.unread == "**Phiếu T-000001** đang chờ, có lẽ về: Nút cutru.tam_tru."
    assert "nhà số 5" in await lan.presses("Nhận")
    assert hoa.unread == ""


async def test_words_go_both_ways_without_names_or_numbers_of_accounts(mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    assert await lan.says("Chào chị, nhà mình ở phường nào?") == ""
    assert mai.unread == "**Cán bộ:** Chào chị, nhà mình ở phường nào?"
    assert await mai.says("Ở phường Phú Lợi") == ""
    assert lan.unread == "**T-000001:** Ở phường Phú Lợi"
    assert not [reply for reply in mai.got if lan.chat in str(reply)]
    assert not [reply for reply in lan.got if mai.chat in str(reply)]


async def test_lines_and_signs_arrive_as_they_were_typed(mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    await mai.says("1_a* [x](http://y)\n- hai")
    assert lan.unread == "**T-000001:** 1\\_a\\* \\[x\\](http://y)\n\n\\- hai"


async def test_messages_that_arrive_together_keep_their_order(mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    await mai.says(*(f"dạ {n}" for n in range(1, 16)))
    assert lan.unread == "\n\n".join(f"**T-000001:** dạ {n}" for n in range(1, 16))


async def test_in_one_batch_the_talk_begins_with_the_tap_and_ends_with_the_end(
    exchange: Exchange, mai: Phone, lan: Phone
) -> None:
    await asks(mai)
    tap = ("telegram", lan.chat, lan.tap("Nhận"))
    words = [("telegram", mai.chat, Event("text", f"đăng ký tạm trú {n}")) for n in range(3)]
    await exchange.receive(words[0], tap, words[1], ("telegram", lan.chat, Event("action", "done:1", "1")), words[2])
    assert [reply.text.count("tạm trú 1") for reply in lan.got if "tạm trú" in reply.text] == [1]
    answered = [reply.text for reply in mai.got if "Việc cutru.tam_tru" in reply.text]
    assert len(answered) == 2


async def test_the_bot_stays_quiet_while_a_person_has_it(mai: Phone, lan: Phone, database: Database) -> None:
    await begin(mai, lan)
    asked = await one(database, "SELECT count(*) FROM question")
    assert await mai.says("đăng ký tạm trú", "xin chào") == ""
    assert await one(database, "SELECT count(*) FROM question") == asked
    assert await one(database, "SELECT owner FROM ticket") == "human"


async def test_while_nobody_has_it_the_bot_answers_on(mai: Phone, lan: Phone, database: Database) -> None:
    await asks(mai)
    assert "Việc cutru.tam_tru" in await mai.says("đăng ký tạm trú")
    assert await one(database, "SELECT owner FROM ticket") == "bot"


async def test_something_urgent_is_pointed_out_to_staff_and_only_to_them(mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    assert await mai.says("bị lừa chuyển khoản mất tiền") == ""
    assert "⚠️" in lan.unread


async def test_pictures_are_not_passed_on_and_the_sender_is_told(mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    assert "tin chữ" in await mai.does(Event("unreadable", "photo"))
    assert lan.unread == ""
    assert "tin chữ" in await lan.does(Event("unreadable", "voice"))


async def test_someone_in_the_terminal_can_ask_and_staff_on_telegram_answer(exchange: Exchange, lan: Phone) -> None:
    console = Phone(exchange, "terminal", "console")
    await begin(console, lan)
    await lan.says("Chào bạn")
    assert console.unread == "**Cán bộ:** Chào bạn"


# -- who takes it -----------------------------------------------------------------------------------------------------


async def test_of_twenty_parallel_taps_one_has_it(
    exchange: Exchange, mai: Phone, database: Database, clock: VirtualClock
) -> None:
    phones = [await agent(exchange, database, clock, str(7000 + n)) for n in range(20)]
    await asks(mai)
    await exchange.receive(*(("telegram", phone.chat, phone.tap("Nhận")) for phone in phones))
    said = [phone.got[-1].text for phone in phones]
    assert sum("Bạn đã nhận" in each for each in said) == 1
    assert sum("đã có người nhận" in each for each in said) == 19
    assert (await audited(database)).count(("take-ticket", "ticket 1")) == 1


async def test_the_same_tap_twice_shows_the_ticket_again_and_changes_nothing(
    mai: Phone, lan: Phone, database: Database
) -> None:
    await asks(mai)
    tap = lan.tap("Nhận")
    first = await lan.does(tap)
    assert await lan.does(tap) == first
    assert (await audited(database)).count(("take-ticket", "ticket 1")) == 1


async def test_whoever_is_in_a_talk_is_not_asked_again_and_takes_no_second(
    exchange: Exchange, mai: Phone, lan: Phone, hoa: Phone, database: Database
) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    other = Phone(exchange, "111")
    await asks(other)
    assert lan.unread == ""
    assert "T-000002" in hoa.unread
    assert "đang giữ phiếu T-000001" in await lan.does(Event("action", "take:2", "1"))
    assert await one(database, "SELECT state FROM ticket WHERE id = 2") == "open"


async def test_nobody_answers_themselves(lan: Phone, hoa: Phone, database: Database) -> None:
    await asks(lan)
    assert lan.got[-1].text.startswith("**Phiếu T-000001**")
    assert "Bạn đang là người hỏi" in await lan.does(Event("action", "take:1", "1"))
    assert await one(database, "SELECT state FROM ticket") == "open"


async def test_whoever_ends_a_talk_is_shown_that_others_wait(exchange: Exchange, mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    await asks(Phone(exchange, "111"))
    await lan.presses("Kết thúc phiếu")
    assert "T-000002" in await lan.presses("Xem phiếu")


async def test_there_is_one_unfinished_ticket_a_person(mai: Phone, lan: Phone, database: Database) -> None:
    await asks(mai)
    assert "Phiếu T-000001" in await mai.says("/gap")
    await mai.presses("Viết thêm")
    assert "Đã thêm" in await mai.says("và còn một chuyện nữa")
    assert await one(database, "SELECT count(*) FROM ticket") == 1
    assert "một chuyện nữa" in await lan.presses("Nhận")


# -- the ways back to the bot -----------------------------------------------------------------------------------------


async def test_one_tap_of_the_asker_ends_it(mai: Phone, lan: Phone, database: Database) -> None:
    await begin(mai, lan)
    await lan.says("Chào chị")
    lan.unread  # noqa: B018
    assert "trợ lý tự động" in await mai.presses("Kết thúc")
    assert lan.unread == "Người hỏi đã kết thúc phiếu T-000001."
    assert "Việc cutru.tam_tru" in await mai.says("đăng ký tạm trú")
    assert await one(database, "SELECT state || owner || closed_by FROM ticket") == "closedbotperson"


async def test_staff_end_it_too(mai: Phone, lan: Phone, database: Database) -> None:
    await begin(mai, lan)
    await lan.presses("Kết thúc phiếu")
    assert "Cán bộ đã kết thúc" in mai.unread
    assert "Việc cutru.tam_tru" in await mai.says("đăng ký tạm trú")
    assert [entry for entry in await audited(database) if "ticket" in entry[1]] == [
        ("take-ticket", "ticket 1"),
        ("close-ticket", "ticket 1"),
    ]


async def test_a_ticket_nobody_takes_is_answered_by_letter_and_the_person_is_told_when(
    exchange: Exchange, mai: Phone, lan: Phone
) -> None:
    await asks(mai)
    mai.unread  # noqa: B018
    assert await exchange.tick(4) == 0
    assert await exchange.tick(1) == 1
    assert "đến **17:00**, nếu không kịp thì từ **13:00 thứ Ba 24/11/2026**" in (said := mai.unread)
    assert "**1022**" in said
    assert await exchange.tick(1) == 0


async def test_without_an_answer_of_staff_the_bot_is_back_with_an_honest_word(
    exchange: Exchange, mai: Phone, lan: Phone, hoa: Phone
) -> None:
    await begin(mai, lan)
    await mai.says("Alo chị ơi")
    hoa.unread  # noqa: B018
    await exchange.tick(10)
    assert "cán bộ chưa trả lời tiếp được" in (said := mai.unread)
    assert "**1022**" in said
    assert "quá lâu" in lan.unread
    assert "T-000001" in hoa.unread
    assert "Việc cutru.tam_tru" in await mai.says("đăng ký tạm trú")


async def test_more_words_of_the_asker_do_not_put_off_the_time_out(exchange: Exchange, mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    await lan.says("Chào chị")
    mai.unread  # noqa: B018
    await mai.says("một")
    assert await exchange.tick(6) == 0
    await mai.says("hai")
    await exchange.tick(4)
    assert "chưa trả lời tiếp được" in mai.unread


async def test_a_talk_in_which_the_asker_falls_silent_is_over(
    exchange: Exchange, mai: Phone, lan: Phone, database: Database
) -> None:
    await begin(mai, lan)
    await lan.says("Chị cho em biết phường nào?")
    mai.unread  # noqa: B018
    assert await exchange.tick(29) == 0
    assert await exchange.tick(1) == 2
    assert "đã đóng vì không có tin mới" in mai.unread
    assert await one(database, "SELECT closed_by FROM ticket") == "silence"


async def test_what_is_given_back_can_be_taken_by_another_with_all_that_was_written(
    mai: Phone, lan: Phone, hoa: Phone
) -> None:
    await begin(mai, lan)
    await lan.says("Em xem đã")
    await mai.says("Dạ")
    await lan.presses("Trả lại")
    shown = await hoa.presses("Nhận")
    assert [shown.index(words) for words in (QUESTION, "Em xem đã", "Dạ")] == sorted(
        shown.index(words) for words in (QUESTION, "Em xem đã", "Dạ")
    )


async def test_revoked_staff_lose_their_ticket_at_once_and_the_person_is_told(
    exchange: Exchange, mai: Phone, lan: Phone, hoa: Phone, database: Database
) -> None:
    await begin(mai, lan)
    boss = Phone(exchange, "900")
    await boss.does(Event("action", f"revoke:{await number_of(database, lan)}:agent", "1"))
    assert "chưa trả lời tiếp được" in mai.unread
    assert await one(database, "SELECT state || owner FROM ticket") == "openbot"
    lan.unread  # noqa: B018
    await mai.says("đăng ký tạm trú")
    assert lan.unread == ""
    await lan.says("Chào chị")
    assert "Cán bộ" not in mai.unread
    assert "Chào chị" not in str(mai.got)


@pytest.mark.parametrize("moves", ["asker", "staff", "clock"])
async def test_whoever_is_revoked_from_the_command_line_gets_and_sends_no_further_word(
    exchange: Exchange, mai: Phone, lan: Phone, database: Database, moves: str
) -> None:
    await begin(mai, lan)
    async with database.write() as tx:
        await staff.revoke(tx, await number_of(database, lan), "agent")
    lan.unread  # noqa: B018
    match moves:
        case "asker":
            await mai.says("lời riêng")
        case "staff":
            await lan.says("lời riêng")
        case "clock":
            await exchange.tick()
    assert "chưa trả lời tiếp được" in mai.got[-1].text
    assert "lời riêng" not in str(lan.got)
    assert "lời riêng" not in str(mai.got)
    assert await one(database, "SELECT state || owner FROM ticket") == "openbot"


async def test_an_asker_who_blocks_the_assistant_ends_the_talk(mai: Phone, lan: Phone, database: Database) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    await mai.does(Event("stopped"))
    assert "không còn dùng trợ lý" in lan.unread
    assert await one(database, "SELECT state || closed_by FROM ticket") == "closedgone"


async def test_staff_who_block_the_assistant_give_back_what_they_had(
    mai: Phone, lan: Phone, database: Database
) -> None:
    await begin(mai, lan)
    await lan.does(Event("stopped"))
    assert "chưa trả lời tiếp được" in mai.unread
    assert await one(database, "SELECT state || owner FROM ticket") == "openbot"


async def test_a_ticket_of_someone_who_has_blocked_the_assistant_is_closed_when_it_is_taken(
    mai: Phone, lan: Phone, database: Database
) -> None:
    await asks(mai)
    await mai.does(Event("stopped"))
    assert "không còn dùng trợ lý" in await lan.presses("Nhận")
    assert await one(database, "SELECT state FROM ticket") == "closed"


# -- outside office hours ---------------------------------------------------------------------------------------------


async def test_outside_office_hours_the_question_waits_and_the_next_opening_is_promised(
    mai: Phone, lan: Phone, clock: VirtualClock
) -> None:
    evening(clock)
    assert "**07:30 thứ Tư 25/11/2026**" in await asks(mai)
    assert lan.got == []


async def test_at_the_opening_staff_are_told_once_how_many_wait(
    exchange: Exchange, mai: Phone, lan: Phone, clock: VirtualClock
) -> None:
    evening(clock)
    await asks(mai)
    await asks(Phone(exchange, "111"))
    assert await exchange.tick(13.5 * 60 - 1) == 0
    assert await exchange.tick(1) == 1
    assert "**2** phiếu" in lan.unread
    assert await exchange.tick(1) == 0
    listed = await lan.presses("Xem phiếu")
    assert listed.index("T-000001") < listed.index("T-000002")


async def test_what_waited_is_answered_by_one_letter_that_closes_it(
    exchange: Exchange, mai: Phone, lan: Phone, clock: VirtualClock, database: Database
) -> None:
    evening(clock)
    await asks(mai)
    await exchange.tick(14 * 60)
    mai.unread  # noqa: B018
    await lan.says("/phieu")
    assert QUESTION in await lan.presses("Nhận T-000001")
    assert mai.unread == ""
    assert "Việc cutru.tam_tru" in await mai.says("đăng ký tạm trú")
    assert "đã đóng" in await lan.says("Chị mang sổ cũ ra phường nhé.")
    assert mai.unread == "**Trả lời phiếu T-000001**\n\nChị mang sổ cũ ra phường nhé."
    assert await one(database, "SELECT state || closed_by FROM ticket") == "closedstaff"


@pytest.mark.parametrize("article_instead", [False, True])
async def test_an_answer_written_at_night_goes_out_in_the_morning_once(
    exchange: Exchange, mai: Phone, lan: Phone, clock: VirtualClock, *, article_instead: bool
) -> None:
    evening(clock)
    await asks(mai)
    clock.move(3 * HOUR + MINUTE)
    await lan.says("/phieu")
    await lan.presses("Nhận T-000001")
    mai.unread  # noqa: B018
    if article_instead:
        await lan.says("/tra_loi đăng ký tạm trú")
        said = await lan.presses("Nút cutru.tam_tru")
    else:
        said = await lan.says("Chị ra phường nhé.")
    assert "lúc 07:00" in said
    sent = [await exchange.tick(30) for _ in range(30)]
    assert sum(sent) == 1
    assert sent.index(1) == 19  # 21:01 and 20 half hours: 07:01
    assert ("Việc cutru.tam_tru" if article_instead else "ra phường nhé") in mai.unread


async def test_a_ticket_closed_without_an_answer_says_so(mai: Phone, lan: Phone, clock: VirtualClock) -> None:
    evening(clock)
    await asks(mai)
    await lan.says("/phieu")
    await lan.presses("Nhận T-000001")
    await lan.presses("Kết thúc phiếu")
    assert "không trả lời được" in mai.unread


async def test_a_letter_that_is_not_written_in_time_goes_back_to_the_queue(
    exchange: Exchange, mai: Phone, lan: Phone, clock: VirtualClock, database: Database
) -> None:
    evening(clock)
    await asks(mai)
    await lan.says("/phieu")
    await lan.presses("Nhận T-000001")
    mai.unread  # noqa: B018
    await exchange.tick(30)
    assert mai.unread == ""
    assert await one(database, "SELECT state FROM ticket") == "open"


async def test_the_asker_can_take_a_waiting_question_back(mai: Phone, lan: Phone, database: Database) -> None:
    await asks(mai)
    assert "Đã hủy phiếu" in await mai.presses("Hủy phiếu")
    assert "đã đóng" in await lan.presses("Nhận")
    assert await one(database, "SELECT closed_by FROM ticket") == "person"


# -- articles at hand -------------------------------------------------------------------------------------------------


async def test_an_article_is_sent_with_its_source_and_date_and_without_words_in_the_audit(
    mai: Phone, lan: Phone, database: Database
) -> None:
    await begin(mai, lan)
    await lan.says("/tra_loi đăng ký tạm trú")
    assert 1 <= len(lan.got[-1].choices) <= 3
    assert "Đã gửi bài" in await lan.presses("Nút cutru.tam_tru")
    said = mai.unread
    assert "Bạn làm việc cutru.tam_tru tại nhà." in said
    assert "Cổng Dịch vụ công quốc gia" in said
    assert "01/11/2026" in said
    async with database.read() as tx:
        entries = [entry async for entry in audit.read(tx)]
    assert [(entry.action, entry.after) for entry in entries if entry.action == "canned-answer"] == [
        ("canned-answer", {"topic": "cutru.tam_tru"})
    ]


async def test_no_word_of_a_talk_stands_in_the_audit(mai: Phone, lan: Phone, database: Database) -> None:
    await begin(mai, lan)
    await lan.says("lời của cán bộ")
    await mai.presses("Kết thúc")
    async with database.read() as tx:
        kept = str([entry async for entry in audit.read(tx)])
    assert QUESTION not in kept
    assert "lời của cán bộ" not in kept


# -- what nobody may do -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    ["take:1", "take:2", "take:999999999999999999", "done:1", "done:7", "back:1", "drop:1", "drop:2",
     "drop:99999999999999999999999", "canned:1:cutru.tam_tru", "canned:9:cutru.tam_tru", "queue", "take:x", "done:0"],
)  # fmt: skip
async def test_forged_buttons_do_nothing_and_are_kept(
    exchange: Exchange, mai: Phone, lan: Phone, database: Database, forged: str
) -> None:
    await begin(mai, lan)
    before = await one(database, "SELECT group_concat(id || state || owner || agent_id) FROM ticket")
    mai.unread, lan.unread  # noqa: B018
    assert "người được giao việc" in await Phone(exchange, "666").does(Event("action", forged, "1"))
    assert await one(database, "SELECT group_concat(id || state || owner || agent_id) FROM ticket") == before
    assert (mai.unread, lan.unread) == ("", "")
    assert [action for action, _ in await audited(database)][-1] == "refused"


@pytest.mark.parametrize("forged", ["done:1", "back:1", "canned:1:cutru.tam_tru"])
async def test_staff_cannot_act_on_a_ticket_another_has(
    mai: Phone, lan: Phone, hoa: Phone, database: Database, forged: str
) -> None:
    await begin(mai, lan)
    mai.unread  # noqa: B018
    await hoa.does(Event("action", forged, "1"))
    assert mai.unread == ""
    assert await one(database, "SELECT state FROM ticket") == "taken"
    assert (await audited(database))[-1][0] == "refused"


async def test_too_many_messages_are_stopped_politely_and_go_on_later(
    exchange: Exchange, mai: Phone, lan: Phone
) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    said = await mai.says(*(f"tin {n}" for n in range(25)))
    assert said.count("Bạn gửi nhanh quá") == 6  # the question itself was the first of the 20
    assert lan.unread.count("**T-000001:**") == 19
    await lan.says("Dạ")
    await exchange.tick(11)
    await mai.says("tin sau")
    assert "tin sau" in lan.unread


async def test_an_overlong_message_is_not_cut_but_sent_back(mai: Phone, lan: Phone) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    assert "3.000" in await mai.says("a" * 3001)
    assert lan.unread == ""


# -- what is kept -----------------------------------------------------------------------------------------------------


async def test_words_are_forgotten_seven_days_after_the_ticket_closed(
    mai: Phone, lan: Phone, database: Database, clock: VirtualClock
) -> None:
    await begin(mai, lan)
    await mai.presses("Kết thúc")
    for days, left in ((6.9, 1), (0.2, 0)):
        clock.move(days * 24 * HOUR)
        async with database.write() as tx:
            await tickets.forget_words(tx, clock.now() - dt.timedelta(days=7))
        assert await one(database, "SELECT count(*) FROM ticket_message WHERE words IS NOT NULL") == left


async def test_the_export_shows_tickets_and_words_but_not_who_answered(
    mai: Phone, lan: Phone, database: Database
) -> None:
    await begin(mai, lan)
    async with database.read() as tx:
        found = await erasure.everything(tx, await number_of(database, mai))
    assert [row["words"] for row in found["ticket_message"]] == [QUESTION]
    assert [row["state"] for row in found["ticket"]] == ["taken"]
    assert "agent_id" not in found["ticket"][0]


async def test_erasing_oneself_ends_the_talk_and_removes_words_and_link(
    mai: Phone, lan: Phone, database: Database, tmp_path: Path
) -> None:
    await begin(mai, lan)
    lan.unread  # noqa: B018
    await mai.says("/xoa")
    await mai.presses("Xóa")
    assert "không còn dùng trợ lý" in lan.unread
    assert await one(database, "SELECT count(*) FROM ticket_message") == 0
    assert await one(database, "SELECT state FROM ticket WHERE person_id IS NULL") == "closed"


async def test_staff_who_erase_themselves_leave_the_ticket_to_others(
    mai: Phone, lan: Phone, hoa: Phone, database: Database
) -> None:
    await begin(mai, lan)
    hoa.unread  # noqa: B018
    await lan.says("/xoa")
    await lan.presses("Xóa")
    assert "chưa trả lời tiếp được" in mai.unread
    assert "T-000001" in hoa.unread
    assert QUESTION in await hoa.presses("Nhận")
