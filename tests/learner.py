"""Someone who learns: writes, presses buttons by what they say, and reads what comes back, through the real worker."""

from __future__ import annotations

from collections.abc import Sequence

from bot.delivery.fates import Fate, settle
from bot.dialogue.desk import Office
from bot.dialogue.events import Event
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.respond import Dialogue
from bot.dialogue.worker import Worker
from bot.storage import inbox, outbox
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane
from tests.clock import VirtualClock


class Learner:
    """``seen``: the replies to the last event."""

    def __init__(
        self, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock, chat: str = "987654321012"
    ) -> None:
        self._database = database
        self._clock = clock
        self._worker = Worker(database, dialogue, office, clock, {"telegram": lambda reply: [reply]})
        self.chat = chat
        self.seen: list[Reply] = []

    async def says(self, text: str) -> str:
        return await self._does(Event("command", text[1:]) if text.startswith("/") else Event("text", text))

    async def presses(self, label: str) -> str:
        """The button whose label holds ``label``. Raises LookupError when there is none."""
        return await self.sends(self.button(label).action)

    async def sends(self, action: str) -> str:
        """Any button data, shown or not."""
        return await self._does(Event("action", action, "1"))

    @property
    def text(self) -> str:
        return "\n\n".join(reply.text for reply in self.seen)

    @property
    def buttons(self) -> Sequence[Choice]:
        return [choice for reply in self.seen for row in reply.choices for choice in row]

    def button(self, label: str) -> Choice:
        found = next((choice for choice in self.buttons if label in choice.label), None)
        if found is None:
            raise LookupError(f"no button {label!r} among {[choice.label for choice in self.buttons]}")
        return found

    async def _does(self, *events: Event) -> str:
        async with self._database.write() as tx:
            first = await inbox.last_update_id(tx, "telegram") + 1
            rows = [Incoming("telegram", first + n, self.chat, event.to_json()) for n, event in enumerate(events)]
            await inbox.put(tx, rows, self._clock.now())
        while await self._worker.step():
            pass
        async with self._database.write() as tx:
            letters = await outbox.waiting(tx, "telegram", Lane.INTERACTIVE, 0, 100)
            await outbox.mark(tx, [settle(letter, Fate("sent"), self._clock.now(), 1) for letter in letters])
        self.seen = [Reply.from_json(letter.reply) for letter in letters if letter.chat == self.chat]
        return self.text

    # -- what learners do again and again ---------------------------------------------------------------------------

    async def agrees(self) -> None:
        """Consent, and nothing about oneself."""
        await self.says("/hoc")
        await self.presses("Đồng ý")
        await self.presses("Bỏ qua")

    async def takes(self, lesson: str, wrong: int = 0) -> str:
        """The whole quiz of a lesson of the course ``thu``; the first ``wrong`` answers are wrong. The result."""
        await self.sends(f"quiz:{lesson}")
        while any("Bỏ qua" in choice.label for choice in self.buttons):
            await self.presses("Bỏ qua")
        return await self.answers(wrong)

    async def answers(self, wrong: int = 0) -> str:
        """Every question of the quiz that is open."""
        while any(choice.label == "A" for choice in self.buttons):
            await self.presses(self._letter(right=wrong <= 0))
            wrong -= 1
            await self.presses("›")
        return self.text

    def _letter(self, *, right: bool) -> str:
        lines = [line for line in self.text.splitlines() if line.startswith("**") and ".**" in line]
        return next(line[2] for line in lines if (line.split("** ")[1].startswith("Đúng")) is right)
