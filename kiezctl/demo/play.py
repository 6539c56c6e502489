"""`kiezctl demo`: starts the system if it does not run, plays the year, and says whether all was as it should be."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from rich.console import Console

from kiezctl.child import Child, ChildFailed, Program
from kiezctl.demo.acts import ACTS
from kiezctl.demo.figures import Calendar
from kiezctl.demo.mailroom import Mailroom
from kiezctl.demo.narrator import Narrator
from kiezctl.demo.outsider import Outsider
from kiezctl.demo.people import AUDITOR
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezctl.embedded import leash
from kiezctl.endpoints import Endpoints, named_endpoints
from kiezctl.home import ROOT, Home, find_home
from kiezctl.issuer import open_issuer
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.run_file import NotRunning, Run, find_run
from kiezctl.trouble import Trouble
from kiezctl.wire import tls
from kiezwerk.notify.v1 import notification_pb2

START_SECONDS = 120.0


def demo() -> None:
    """Play a year in Neu-Lichtenberg on the running system; exit code 1 names what deviated from the story."""
    asyncio.run(_demo(find_home(), Console(highlight=False)))


async def _demo(home: Home, console: Console) -> None:
    async with _running(home, console) as endpoints, httpx.AsyncClient(timeout=10, verify=tls() or True) as web:
        outsider = Outsider(endpoints.nats)
        stage = Stage(endpoints, open_issuer(home), web, outsider, Narrator(console))
        try:
            await outsider.start()
            await _play(stage, Mailroom(endpoints.mail, web))
        finally:
            await outsider.stop()
            await stage.close()


async def _play(stage: Stage, mailroom: Mailroom) -> None:
    await mailroom.begin()
    calendar = Calendar((await stage.now()).year + 1)
    counts = await stage.ask(AUDITOR, notification_pb2.CountNotificationsRequest())
    story = Story(calendar, mailroom, delivered_before=counts.delivered)
    stage.narrator.introduce(calendar.year)
    for number, (title, when, play) in enumerate(ACTS, 1):
        await stage.act(number, title, when(calendar))
        await play(stage, story)
    stage.narrator.conclude("The year is over, and everything was as the story says.")


@asynccontextmanager
async def _running(home: Home, console: Console) -> AsyncIterator[Endpoints]:
    """The system that is named, or runs, or is being started; else one for the length of the block."""
    if named := named_endpoints():
        yield named
        return
    if run := await _ready_run(home, console):
        yield run.endpoints
        return
    console.print("Kiezwerk does not run; starting it for the demonstration …")
    with leash() as held:
        child = Child(_system(home), held)
        try:
            yield (await _started(child, home, console)).endpoints
        finally:
            await child.stop(within=5)


async def _started(child: Child, home: Home, console: Console) -> Run:
    try:
        await child.start(within=START_SECONDS)
    except ChildFailed:
        # Somebody else may have been faster.
        if run := await _ready_run(home, console):
            return run
        raise
    return find_run(home)


async def _ready_run(home: Home, console: Console) -> Run | None:
    """The system of somebody else, waited for while it is being started; None when there is none."""
    deadline, waits = time.monotonic() + START_SECONDS, False
    while time.monotonic() < deadline:
        try:
            run = find_run(home)
            await _all_ready(run)
        except NotRunning:
            return None
        except (httpx.HTTPError, OSError, ValueError):
            if not waits:
                console.print("Kiezwerk is being started; waiting until it is ready …")
            waits = True
            await asyncio.sleep(0.3)
        else:
            return run
    raise Trouble(f"Kiezwerk was not ready within {START_SECONDS:.0f} s; `kiezctl status` says what is missing.")


async def _all_ready(run: Run) -> None:
    for name in SERVICES:
        await get(f"{run.endpoints.http(name)}/readyz", tls())


def _system(home: Home) -> Program:
    async def started() -> None:
        try:
            await _all_ready(find_run(home))
        except NotRunning as error:
            raise ValueError(str(error)) from None

    return Program(
        "kiezctl up", (sys.executable, "-m", "kiezctl", "up"), home.logs / "demo-up.log", started, folder=ROOT
    )
