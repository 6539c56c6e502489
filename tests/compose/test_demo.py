"""A district's year on the stack, as the demonstration plays it through the published ports."""

import asyncio
import os
import sys

import pytest

from kiezctl.home import ROOT
from tests.compose.stack import Stack

pytestmark = pytest.mark.timeout(900)


async def _demo(stack: Stack) -> tuple[int, str]:
    env = {
        **os.environ,
        "KIEZ_ENDPOINTS": str(stack.endpoints()),
        "KIEZ_HOME": str(stack.vault.folder),
        "KIEZ_TLS_CA": str(stack.ca),
        "KIEZ_NATS_NKEY_FILE": str(stack.vault.folder / "nats" / "operator.nk"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kiezctl", "demo", cwd=ROOT, env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 600)
    return process.returncode or 0, said.decode()


async def test_a_districts_year_is_played_through_the_published_ports(stack: Stack) -> None:
    await stack.ready()
    code, said = await _demo(stack)
    assert code == 0, said
    assert "everything was as the story says" in said
