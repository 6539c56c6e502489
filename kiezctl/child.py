"""A child: one program that runs under this process, is ready when it says so, and never outlives it."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kiezctl.trouble import Trouble

LEASH = Path(__file__).with_name("leash.py")
LOG_LIMIT_BYTES = 20_000_000
# What sysexits.h calls EX_CONFIG: settings do not get right by starting again.
WRONG_SETTINGS = 78


class ChildFailed(Trouble):
    """A child did not become ready, or ended by itself; the text holds its last lines."""


@dataclass(frozen=True)
class Program:
    """What is started: `command` with a full path first; `ready` raises OSError or ValueError until it is.

    `clear` is called before it is started again: what its death left in others' way.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    ready: Callable[[], Awaitable[None]]
    env: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    clear: Callable[[], Awaitable[None]] | None = None


class Leash:
    """The end of a pipe that only this process holds; children see it close when this process is gone."""

    def __init__(self) -> None:
        self.childs_end, self._held = os.pipe()

    def close(self) -> None:
        os.close(self.childs_end)
        os.close(self._held)


class Child:
    """One program and the process that runs it now; may be started again after it has ended."""

    def __init__(self, program: Program, leash: Leash) -> None:
        self.program = program
        self._leash = leash
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The pid of the running process; 0 when none runs."""
        return self._process.pid if self._process and self._process.returncode is None else 0

    async def start(self, *, within: float = 30.0) -> None:
        """Start it and wait until it is ready; raises ChildFailed with its last lines after `within` seconds."""
        await self.spawn()
        await self.until_ready(within=within)

    async def spawn(self) -> None:
        """Start it without waiting."""
        program = self.program
        if self._process is not None and program.clear:
            await program.clear()
        program.log.parent.mkdir(parents=True, exist_ok=True)
        if program.log.exists() and program.log.stat().st_size > LOG_LIMIT_BYTES:
            program.log.replace(program.log.with_suffix(".old.log"))
        way = "kernel" if sys.platform == "linux" else "pipe"
        with program.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", str(LEASH), way, str(os.getpid()), *program.command,
                stdin=self._leash.childs_end, stdout=log, stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, **program.env}, cwd=program.folder,
                # Ctrl-C reaches this process alone; it ends the children in order.
                start_new_session=True,
            )  # fmt: skip

    async def until_ready(self, *, within: float = 30.0) -> None:
        """Wait until it answers; raises ChildFailed when it ends, or does not within `within` seconds."""
        problem: Exception | None = None
        try:
            async with asyncio.timeout(within):
                while self.pid:
                    try:
                        return await self.program.ready()
                    except (OSError, ValueError) as error:
                        problem = error
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise self.failure(f"was not ready within {within:.0f} s ({problem})") from None
        raise self.failure(f"ended with code {self.code} before it was ready")

    @property
    def code(self) -> int | None:
        return self._process.returncode if self._process else None

    def failure(self, what: str) -> ChildFailed:
        """A ChildFailed that says `what` happened and shows the child's last lines."""
        if self.code == WRONG_SETTINGS:
            return ChildFailed(f"{self.program.name} does not start: {' '.join(self.last_lines(1))}")
        lines = "\n".join(f"    {line}" for line in self.last_lines())
        return ChildFailed(f"{self.program.name} {what}; its last lines (of {self.program.log}):\n{lines}")

    def last_lines(self, count: int = 15) -> list[str]:
        if not self.program.log.exists():
            return []
        with self.program.log.open("rb") as log:
            log.seek(max(0, self.program.log.stat().st_size - 20_000))
            return log.read().decode(errors="replace").splitlines()[-count:]

    async def ended(self) -> None:
        """Wait until the process has ended."""
        if self._process:
            await self._process.wait()

    def send(self, what: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(what)

    async def stop(self, *, within: float = 5.0) -> None:
        """Ask it to end; after `within` seconds end it."""
        self.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(within):
                await self.ended()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        self.kill_now()
        await self.ended()

    def kill_now(self) -> None:
        """The same without waiting for its end."""
        self.send(signal.SIGKILL)
