"""The real process, started and stopped as a supervisor would."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.double.server import TOKEN
from tests.site import REPO


class Assistant:
    """``python -m bot run`` in ``folder``; what it logs is kept in ``log``."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        self.environment = {**os.environ, "PYTHONPATH": str(REPO), "TELEGRAM_TOKEN": TOKEN, **environment}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.log: list[str] = []

    async def start(self) -> None:
        """Returns when the process says that it is ready. Raises RuntimeError when it ends instead."""
        self._ready.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=self._folder, env=self.environment, stderr=asyncio.subprocess.PIPE
        )
        self._reading = asyncio.create_task(self._read())
        ended = asyncio.create_task(self._process.wait())
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait([ended, ready], return_when=asyncio.FIRST_COMPLETED, timeout=60)
        ready.cancel()
        if not self._ready.is_set():
            await self._reading
            raise RuntimeError("the assistant did not start:\n" + "\n".join(self.log))
        ended.cancel()

    async def _read(self) -> None:
        assert self._process is not None and self._process.stderr is not None
        async for line in self._process.stderr:
            self.log.append(line.decode(errors="replace").rstrip())
            if "ready" in self.log[-1]:
                self._ready.set()

    def peak_memory_mb(self) -> float:
        """The most memory the running process has held so far, in MiB (Linux)."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        return round(kib / 1024, 1)

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(how)
        code = await self._process.wait()
        if self._reading:
            await self._reading
        self._process = None
        return code
