"""The workload: a year's business in small, independent pieces, many at once, each command repeated until it is answered."""

import asyncio
import random
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.appointments import appointments, guests
from tests.faults.assemblies import assembly
from tests.faults.ballots import ballot
from tests.faults.calendar_clock import Calendar
from tests.faults.caller import Caller
from tests.faults.grants import grant
from tests.faults.ground import Ground
from tests.faults.news import a_follower, news
from tests.faults.proofs import proof
from tests.faults.rounds import funding_round
from tests.faults.sessions import session

# Each piece with how often it is done, to the others.
PIECES: dict[Callable[[Ground, random.Random], Awaitable[None]], int] = {
    grant: 6,
    appointments: 2,
    guests: 2,
    news: 1,
    proof: 3,
    session: 2,
    ballot: 1,
    assembly: 1,
    funding_round: 1,
}


@dataclass
class Workload:
    """Made by `begin`; `run` goes on until told to stop. `pieces` counts by name those that were done whole."""

    caller: Caller
    seed: int
    calendar: Calendar
    trusted: ssl.SSLContext | bool = True
    pieces: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.ground = Ground(self.caller, self.calendar)

    @property
    def done(self) -> int:
        return self.pieces.total()

    async def begin(self, notify_http: str, mail: Path) -> None:
        """What the pieces stand on, made while nothing is wrong yet."""
        await self.ground.lay()
        await a_follower(self.ground, notify_http, mail, self.trusted)

    async def run(self, stop: asyncio.Event, workers: int = 4) -> None:
        """Do one piece after the other, several at once, until told to stop; what has begun is finished."""
        async with asyncio.TaskGroup() as group:
            for number in range(workers):
                group.create_task(self._work(stop, random.Random(f"{self.seed} {number} {self.done}")))

    async def _work(self, stop: asyncio.Event, chance: random.Random) -> None:
        while not stop.is_set():
            (piece,) = chance.choices(list(PIECES), list(PIECES.values()))
            await self.ground.keep_up()
            await piece(self.ground, chance)
            self.pieces[piece.__name__] += 1
