"""What a service opened it closes: started and ended again and again, it leaves no descriptor behind."""

import gc
from pathlib import Path
from typing import Any

import pytest

from kiezctl.ports import SERVICES
from tests.support.city import City, eventually

DESCRIPTORS = Path("/proc/self/fd")
TIMES = 4
# What notify asks for beside what every service has; no mail is sent here.
OWN: dict[str, dict[str, Any]] = {
    "notify": {"smtp_host": "127.0.0.1", "smtp_port": 25, "mail_from": "kiezwerk@kiez.test"}
}


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="only Linux tells what a process has open")
@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_that_ended_leaves_no_descriptor_open(city: City, name: str) -> None:
    gc.collect()
    # The collector must not close what the service has left open.
    gc.disable()
    try:
        # The first time opens what stays for the whole process.
        await _started_and_ended(city, name)
        before = _open()
        for _ in range(TIMES):
            await _started_and_ended(city, name)
        await eventually(lambda: _has_no_more_than(before))
    finally:
        gc.enable()


async def _started_and_ended(city: City, name: str) -> None:
    async with city.service(name, **OWN.get(name, {})) as service:
        await service.running.nats.jetstream()
        await service.client.channel.close()


def _open() -> int:
    return len(list(DESCRIPTORS.iterdir()))


async def _has_no_more_than(before: int) -> bool:
    return _open() < before + TIMES // 2
