"""An announcement as the one message its recipients get."""

from __future__ import annotations

from bot.dialogue.actions import encode
from bot.dialogue.replies import Choice, File, Reply
from bot.i18n import Texts
from bot.storage.broadcasts import Broadcast


def copy(broadcast: Broadcast, say: Texts, paid: bool = False) -> Reply:
    """The text, its own buttons, and one that turns this kind of announcement off."""
    rows = tuple((_button(broadcast, button),) for button in broadcast.buttons)
    stop = (Choice(say("announce.stop"), encode("mute", broadcast.category)),)
    file = File(**broadcast.file) if broadcast.file else None
    urgent = broadcast.kind == "emergency"
    return Reply(broadcast.text, (*rows, stop), file=file, urgent=urgent, paid=paid)


def _button(broadcast: Broadcast, button: dict[str, str]) -> Choice:
    """A lesson opens through the announcement, so that it is known how many did."""
    if lesson := button.get("lesson"):
        return Choice(button["label"], encode("from", broadcast.id, lesson))
    return Choice(button["label"], url=button["url"])
