"""`kiezctl demo`: starts the system if it does not run, plays the year, and says whether all was as it should be."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from rich.console import Console

from kiezctl.child import Child, Program
from kiezctl.demo.acts import ACTS
from kiezctl.demo.figures import Calendar
from kiezctl.demo.mailroom import Mailroom
from kiezctl.demo.narrator import Narrator
from kiezctl.demo.outsider import Outsider
from kiezctl.demo.people import AUDITOR
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezctl.embedded import leash
from kiezctl.home import ROOT, Home, find_home
from kiezctl.issuer import open_issuer
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.run_file import NotRunning, Run, find_run
from kiezctl.wire import tls
from kiezwerk.notify.v1 import notification_pb2

START_SECONDS = 120.0


def demo() -> None:
    """Play a year in Neu-Lichtenberg on the running system; exit code 1 names what deviated from the story."""
    asyncio.run(_demo(find_home(), Console(highlight=False)))


async def _demo(home: Home, console: Console) -> None:
    async with _running(home, console) as run, httpx.AsyncClient(timeout=10, verify=tls() or True) as web:
        outsider = Outsider(run.nats)
        stage = Stage(run, open_issuer(home), web, outsider, Narrator(console))
        try:
            await outsider.start()
            await _play(stage, Mailroom(run.mail, web))
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
async def _running(home: Home, console: Console) -> AsyncIterator[Run]:
    """The system that runs; else one for the length of the block."""
    try:
        yield find_run(home)
        return
    except NotRunning:
        console.print("Kiezwerk does not run; starting it for the demonstration …")
    with leash() as held:
        child = Child(_system(home), held)
        try:
            await child.start(within=START_SECONDS)
            yield find_run(home)
        finally:
            await child.stop(within=5)


def _system(home: Home) -> Program:
    async def ready() -> None:
        run = find_run(home)
        for name in SERVICES:
            await get(run.ports.http(name), "/readyz", tls())

    async def started() -> None:
        try:
            await ready()
        except NotRunning as error:
            raise ValueError(str(error)) from None

    return Program(
        "kiezctl up", (sys.executable, "-m", "kiezctl", "up"), home.logs / "demo-up.log", started, folder=ROOT
    )
