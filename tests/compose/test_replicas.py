"""Two replicas of each service at once, and each of them replaced while the story runs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kiezctl.ports import HOST, SERVICES
from tests.compose.stack import Stack
from tests.compose.test_story import at_work, counted
from tests.faults.test_kills import sound

pytestmark = pytest.mark.timeout(900)


@contextmanager
def two_of_each(stack: Stack) -> Iterator[dict[str, str]]:
    """The settings: two of each, and a range of two ports for each door, of which each container takes one."""
    counts = {f"{name.upper()}_REPLICAS": "2" for name in SERVICES}
    doors = [f"{name.upper()}_{kind}_PORT" for name in SERVICES for kind in ("GRPC", "HTTP")]
    ranges = {door: f"{stack.port(door)}-{stack.port(door) + 1}" for door in doors}
    try:
        stack.compose("up", "--detach", "--wait", "--wait-timeout", "300", env=ranges | counts)
        yield ranges | counts
    finally:
        stack.compose("up", "--detach", "--wait", "--wait-timeout", "300")


async def test_with_two_of_each_one_may_go_at_any_time(stack: Stack) -> None:
    def both(service: str) -> tuple[str, ...]:
        first = stack.port(f"{service.upper()}_GRPC_PORT")
        return f"{HOST}:{first}", f"{HOST}:{first + 1}"

    with two_of_each(stack) as ranges:
        async with at_work(stack, addresses=both) as workload:
            for service in SERVICES:
                await asyncio.to_thread(stack.kill, service)
            await asyncio.to_thread(stack.run, "deploy/roll", "funds", "notify", env=ranges)
        report = await counted(stack, workload)
        await workload.caller.close()
    sound(report, kills=len(SERVICES))
