"""The story on the stack: work during which things die, stop, are replaced and are away."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.compose.stack import Stack
from tests.faults.calendar_clock import read_calendar
from tests.faults.caller import Caller
from tests.faults.checker import Report, examine
from tests.faults.test_kills import sound
from tests.faults.unsettled import unsettled
from tests.faults.workload import Workload
from tests.support.city import eventually

pytestmark = pytest.mark.timeout(900)
NATS_AWAY_SECONDS = 60
SETTLE_SECONDS = 480
KILLED = ("funds", "store-funds", "notify", "nats", "store-events", "events", "actors")


@asynccontextmanager
async def at_work(stack: Stack, workload: Workload | None = None, **where: Any) -> AsyncIterator[Workload]:
    """Work goes on inside of the block; `where` names addresses other than the usual."""
    await stack.ready()
    workload = workload or await _workload(stack, **where)
    stop = asyncio.Event()
    work = asyncio.create_task(workload.run(stop, workers=2))
    collecting = asyncio.create_task(stack.keep_collecting_mail())
    try:
        yield workload
    finally:
        stop.set()
        await work
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)


async def _workload(stack: Stack, addresses: Callable[[str], tuple[str, ...]] | None = None) -> Workload:
    caller = Caller(addresses or stack.grpc, stack.issuer, stack.channel_credentials)
    calendar = await read_calendar(caller)
    workload = Workload(caller, random.randrange(2**32), calendar, trusted=stack.trusted)
    collecting = asyncio.create_task(stack.keep_collecting_mail())
    await workload.begin(stack.http("notify"), stack.folder / "mail")
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    return workload


async def counted(stack: Stack, workload: Workload) -> Report:
    """What the checker finds once all is settled; the workload's connections are closed."""
    await stack.ready()
    collecting = asyncio.create_task(stack.keep_collecting_mail())

    async def settled() -> bool:
        return not await unsettled(stack.places)

    await eventually(settled, SETTLE_SECONDS)
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    await eventually(stack.collect_mail, SETTLE_SECONDS)
    report = await examine(stack.places, workload.caller.acknowledged)
    # What an earlier test did to a mail is not told again.
    report.mails_twice = [sentence for sentence in report.mails_twice if sentence not in stack.told]
    stack.told.update(report.mails_twice)
    return report


async def test_what_dies_stops_and_is_replaced_loses_nothing(stack: Stack) -> None:
    async with at_work(stack) as workload:
        await _trouble(stack)
    report = await counted(stack, workload)
    await workload.caller.close()
    assert report.acknowledged > 100
    sound(report, kills=len(KILLED) + 3)


async def _trouble(stack: Stack) -> None:
    """Everything that can happen to containers."""
    for service in KILLED:
        await asyncio.sleep(3)
        await asyncio.to_thread(stack.kill, service)
    # A graceful stop, and a new container in its place.
    await asyncio.to_thread(stack.compose, "restart", "funds")
    await asyncio.to_thread(stack.compose, "up", "--detach", "--no-deps", "--force-recreate", "events")
    await asyncio.to_thread(stack.compose, "stop", "nats")
    await asyncio.sleep(NATS_AWAY_SECONDS)
    await asyncio.to_thread(stack.compose, "start", "nats")
    await asyncio.sleep(5)
