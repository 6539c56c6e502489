"""`kiezctl up`: one system of a copy, watched over, gone when it is told to go, found again when it was killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kiezctl.home import ROOT, Home
from kiezctl.ports import is_free
from kiezctl.process import ProcessMark
from kiezctl.run_file import Run, read_run
from tests.support.city import eventually

pytestmark = pytest.mark.timeout(120)
START_SECONDS = 60.0


def kiezctl(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "KIEZ_HOME": str(home.folder), "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen")))}
    command = (sys.executable, "-m", "kiezctl", *words)
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@asynccontextmanager
async def up(home: Home) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {**os.environ, "KIEZ_HOME": str(home.folder), "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen")))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kiezctl", "up", env=env, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )  # fmt: skip
    assert process.stdout
    try:
        async with asyncio.timeout(START_SECONDS):
            said = b""
            while b"Ctrl-C ends it" not in said:
                line = await process.stdout.readline()
                assert line, said.decode()
                said += line
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def running(home: Home) -> Run:
    run = read_run(home.run_file)
    assert run is not None
    return run


async def all_gone(children: list[ProcessMark]) -> bool:
    return not any(child.lives() for child in children)


async def test_a_system_is_well_is_the_only_one_of_its_copy_and_ends_when_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "a home")
    async with up(home) as process:

        async def well() -> Any:
            """Once each hears what it consumes, which is no condition of its being up."""
            status = await asyncio.to_thread(kiezctl, home, "status", "--json")
            return status if status.returncode == 0 else None

        status = await eventually(well)
        assert {one["well"] for one in json.loads(status.stdout)["services"].values()} == {True}
        second = await asyncio.to_thread(kiezctl, home, "up")
        assert second.returncode == 1
        assert "already runs" in second.stderr
        assert "Traceback" not in second.stderr
        refused = await asyncio.to_thread(kiezctl, home, "reset", "--yes")
        assert refused.returncode == 1
        run = running(home)
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 10)
        assert process.returncode == 0
    await _released(run)
    assert not home.run_file.exists()


async def _released(run: Run) -> None:
    async def free() -> bool:
        return all(is_free(port) for port in (run.ports.door, *run.ports.all()))

    assert await all_gone(list(run.children.values()))
    await eventually(free)


async def test_what_dies_is_started_again_and_what_is_killed_leaves_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    async with up(home) as process:
        before = running(home).children["funds"]
        os.kill(before.pid, signal.SIGKILL)

        async def back() -> bool:
            again = running(home).children.get("funds")
            return again is not None and again != before and again.lives()

        await eventually(back, 20)
        run = running(home)
        process.kill()
        await process.wait()

        async def gone() -> bool:
            return await all_gone(list(run.children.values()))

        await eventually(gone)
    async with up(home) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 15)
