"""Measuring: product and raw limit in turns, so that whatever else the machine does meets both."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

Round = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is product to raw; `goal` its least value, or its most where `at_most` is set."""

    name: str
    unit: str
    product: float
    raw: float
    goal: float
    at_most: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.product / self.raw if self.raw else 0.0

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal


async def in_turns(product: Round, raw: Round, rounds: int) -> tuple[float, float]:
    """The medians of both, each measured `rounds` times, after a first time of each that does not count."""
    await raw()
    await product()
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        for which in (0, 1) if turn % 2 else (1, 0):
            found[which].append(await (product, raw)[which]())
    return statistics.median(found[0]), statistics.median(found[1])


async def per_second(calls: Iterable[Callable[[], Awaitable[object]]], in_flight: int) -> float:
    """How many of `calls` end in a second when so many are under way at any time."""
    waiting = iter(calls)
    done = 0

    async def worker() -> None:
        nonlocal done
        for call in waiting:
            await call()
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return done / (time.perf_counter() - began)


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]
