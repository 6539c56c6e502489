"""The whole system as `make up` runs it, for rows about starting and idling."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kiezctl.child import Child, Program
from kiezctl.embedded import leash, nats_program, store_program
from kiezctl.home import ROOT, Home
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.run_file import NotRunning, Run, find_run
from kiezctl.strip import free_port

START_SECONDS = 120.0


@asynccontextmanager
async def up(folder: Path) -> AsyncIterator[tuple[Run, float]]:
    """`kiezctl up` on a home of its own, and the seconds until all four services were ready."""
    home = Home(folder)
    home.create()

    async def ready() -> None:
        try:
            run = find_run(home)
        except NotRunning as error:
            raise ValueError from error
        for name in SERVICES:
            await get(f"{run.endpoints.http(name)}/readyz")

    command = (sys.executable, "-m", "kiezctl", "up")
    program = Program("kiezctl up", command, folder / "up.log", ready, {"KIEZ_HOME": str(folder)}, ROOT)
    with leash() as held:
        child = Child(program, held)
        began = time.perf_counter()
        try:
            await child.start(within=START_SECONDS)
            yield find_run(home), time.perf_counter() - began
        finally:
            await child.stop(within=10)


async def servers_ready(folder: Path) -> float:
    """Seconds until a nats-server and four stores, all started at once, are ready."""
    programs = [nats_program(folder / "nats", free_port(), free_port())]
    programs += [store_program(folder / name, free_port(), name=name) for name in SERVICES]
    with leash() as held:
        children = [Child(program, held) for program in programs]
        began = time.perf_counter()
        try:
            await asyncio.gather(*(child.start(within=START_SECONDS) for child in children))
            return time.perf_counter() - began
        finally:
            await asyncio.gather(*(child.kill() for child in children))


@asynccontextmanager
async def imports_alone(service: str) -> AsyncIterator[int]:
    """The pid of a process that has imported what the service's process imports, and does nothing."""
    code = f"import services.{service}.__main__, services.{service}.app, uvloop; print('there', flush=True); input()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        env={**os.environ},
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        await process.stdout.readline()
    try:
        yield process.pid
    finally:
        process.kill()
        await process.wait()
