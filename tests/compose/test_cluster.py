"""Three servers of NATS that hold every stream together: any one of them may go."""

import asyncio
from dataclasses import replace

import pytest

from kiezctl.ports import SERVICES
from tests.compose.project import DOWN
from tests.compose.stack import Stack
from tests.compose.test_story import at_work, counted
from tests.faults.test_kills import sound

pytestmark = pytest.mark.timeout(900)
CLUSTER = {"COMPOSE_PROFILES": "cluster", "KIEZ_NATS_CONFIG": "cluster", "KIEZ_STREAM_REPLICAS": "3"}
SERVERS = ("nats", "nats-2", "nats-3")
BETWEEN_SECONDS = 5


async def test_any_one_of_three_servers_may_go(stack: Stack) -> None:
    stack.compose(*DOWN)
    # Another installation, with mails of its own.
    stack = replace(stack, folder=stack.folder / "cluster", env=stack.env | CLUSTER)
    (stack.folder / "mail").mkdir(parents=True)
    stack.compose("up", "--detach", "--wait", "--wait-timeout", "300")
    stack.fetch_vault()
    async with at_work(stack) as workload:
        for server in SERVERS:
            await asyncio.sleep(BETWEEN_SECONDS)
            await asyncio.to_thread(stack.kill, server)
        await asyncio.to_thread(stack.compose, "stop", "nats-2")
        await asyncio.sleep(BETWEEN_SECONDS)
        await asyncio.to_thread(stack.compose, "start", "nats-2")
    report = await counted(stack, workload)
    await workload.caller.close()
    sound(report, kills=len(SERVERS) + 1)
    assert await _replicas(stack) == dict.fromkeys(SERVICES, 3)


async def _replicas(stack: Stack) -> dict[str, int]:
    async with stack.nats_client("operator") as client:
        infos = {name: await client.jetstream().stream_info(name.upper()) for name in SERVICES}
    return {name: info.config.num_replicas or 0 for name, info in infos.items()}
