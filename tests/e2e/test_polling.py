from __future__ import annotations

from tests.double.server import BotApi, Fault
from tests.process import Assistant


async def test_a_question_is_answered(api: BotApi, assistant: Assistant) -> None:
    await assistant.start()
    await api.say(7, "mất căn cước thì làm lại sao")
    await api.until(lambda: bool(api.to(7)))
    assert "Việc cancuoc.mat" in api.to(7)[0].text


async def test_a_pressed_button_is_acknowledged_and_answered(api: BotApi, assistant: Assistant) -> None:
    await assistant.start()
    await api.say(7, "mất căn cước thì làm lại sao")
    await api.until(lambda: bool(api.to(7)))
    fee = next(b for row in api.to(7)[0].buttons for b in row if b.get("callback_data", "").endswith(":fee"))
    await api.press(7, fee["callback_data"])
    await api.until(lambda: len(api.to(7)) == 2 and bool(api.answered_callbacks))
    assert "Miễn phí." in api.to(7)[1].text


async def test_the_menu_of_commands_is_announced(api: BotApi, assistant: Assistant) -> None:
    await assistant.start()
    await api.until(lambda: True)
    await api.say(7, "/start")
    await api.until(lambda: bool(api.to(7)) and bool(api.commands))
    assert {command["command"] for command in api.commands} >= {"start", "trogiup"}


async def test_updates_of_kinds_nobody_expects_harm_nothing(api: BotApi, assistant: Assistant) -> None:
    await assistant.start()
    await api.update(edited_message=api.message(7, text="xin chào"))
    await api.update(message=api.message(7, sticker={"file_id": "s"}))
    await api.update(message=api.message(7, photo=[], caption="đăng ký tạm trú"))
    await api.update(message=api.message(7, pinned_message={}))
    await api.update(
        message={**api.message(-5, text="đăng ký tạm trú"), "chat": {"id": -5, "type": "group", "title": "Nhóm"}}
    )
    await api.update(poll_answer={"poll_id": "1", "option_ids": []})
    await api.update(message={"nonsense": True})
    await api.say(8, "đăng ký tạm trú")
    await api.until(lambda: bool(api.to(8)))
    assert api.to(-5) == []
    assert "Xin chào" in api.to(7)[0].text


async def test_someone_who_blocks_the_assistant_is_left_alone_until_they_write_again(
    api: BotApi, assistant: Assistant
) -> None:
    await assistant.start()
    api.faults.append(Fault("403", chat=7))
    await api.say(7, "đăng ký tạm trú")
    await api.say(8, "đăng ký tạm trú")
    await api.until(lambda: bool(api.to(8)))
    await api.say(7, "mất căn cước")
    await api.until(lambda: bool(api.to(7)))
    assert len(api.to(7)) == 1


async def test_sigterm_finishes_what_was_taken_and_ends_with_exit_code_0(api: BotApi, assistant: Assistant) -> None:
    await assistant.start()
    for chat in range(1, 31):
        await api.say(chat, "đăng ký tạm trú")
    await api.until(lambda: len(api.sent) >= 1)
    assert await assistant.terminate() == 0
    taken = {sent.chat for sent in api.sent}
    await assistant.start()
    await api.until(lambda: {sent.chat for sent in api.sent} == set(range(1, 31)))
    assert len(api.sent) == 30, f"after the stop {len(taken)} were served"
