"""The supervisor: keeps the children running, starts the dead again, and gives up when one dies over and over."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable

from kiezctl.child import WRONG_SETTINGS, Child, ChildFailed, Leash, Program
from kiezctl.process import ProcessMark, mark

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
DEATHS, WITHIN_SECONDS = 5, 60.0


class Supervisor:
    """Runs programs; `tell` hears one sentence for each thing that a person may wonder about, `changed` new pids."""

    def __init__(self, tell: Callable[[str], None], changed: Callable[[dict[str, ProcessMark]], None]) -> None:
        self._tell, self._changed = tell, changed
        self._leash = Leash()
        self._groups: list[list[Child]] = []
        self._keepers: set[asyncio.Task[None]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self, programs: Iterable[Program]) -> None:
        """Start these together and return when all are ready; raises ChildFailed with the last lines of one that is not."""
        group = [Child(program, self._leash) for program in programs]
        self._groups.append(group)
        for child in group:
            await child.spawn()
        self._say_who_runs()
        await asyncio.gather(*(child.until_ready(within=60.0) for child in group))
        for child in group:
            keeper = asyncio.create_task(self._keep(child))
            self._keepers.add(keeper)

    async def failure(self) -> None:
        """Wait until a child cannot be kept running; raises ChildFailed."""
        await asyncio.shield(self._failed)

    async def stop(self, *, services_within: float = 1.4, servers_within: float = 0.3) -> None:
        """End all, the last started first, within about two seconds; what is stored survives any end."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        within = services_within
        for group in reversed(self._groups):
            await asyncio.gather(*(child.stop(within=within) for child in group))
            within = servers_within
        self._leash.close()

    def kill(self) -> None:
        """End all at once, without waiting."""
        for group in self._groups:
            for child in group:
                child.kill_now()

    async def _keep(self, child: Child) -> None:
        deaths: deque[float] = deque(maxlen=DEATHS)
        try:
            while True:
                await child.ended()
                deaths.append(time.monotonic())
                self._give_up_on(child, deaths)
                pause = min(FIRST_PAUSE * 2 ** (len(_recent(deaths)) - 1), LONGEST_PAUSE)
                self._tell(f"{child.program.name} ended with code {child.code}; it is started again in {pause:.1f} s.")
                await asyncio.sleep(pause)
                await self._start_again(child)
        except ChildFailed as error:
            if not self._failed.done():
                self._failed.set_exception(error)

    def _give_up_on(self, child: Child, deaths: deque[float]) -> None:
        if child.code == WRONG_SETTINGS:
            raise child.failure("does not accept its settings")
        if len(_recent(deaths)) == DEATHS:
            raise child.failure(f"ended {DEATHS} times within a minute")

    async def _start_again(self, child: Child) -> None:
        await child.spawn()
        self._say_who_runs()
        try:
            await child.until_ready(within=30.0)
        except ChildFailed as error:
            # Counted as one more death when the caller sees that it has ended.
            await child.kill()
            self._tell(str(error).partition(";")[0] + ".")
        else:
            self._tell(f"{child.program.name} runs again.")

    def _say_who_runs(self) -> None:
        running = [child for group in self._groups for child in group if child.pid]
        self._changed({child.program.name: mark(child.pid) for child in running})


def _recent(deaths: deque[float]) -> list[float]:
    return [death for death in deaths if death > time.monotonic() - WITHIN_SECONDS]
