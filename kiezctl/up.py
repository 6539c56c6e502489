"""`kiezctl up`: runs the whole system in the foreground and shows what it says."""

import asyncio
import os
import shutil
import signal
from contextlib import suppress

from rich.console import Console

from kiezctl.child import ChildFailed
from kiezctl.endpoints import Endpoints
from kiezctl.home import AlreadyRunning, Home, find_home
from kiezctl.issuer import create_secrets
from kiezctl.ports import Ports, take_block
from kiezctl.process import ProcessMark
from kiezctl.run_file import Run, end_leftovers, own_mark, read_run
from kiezctl.said import said
from kiezctl.screen import show_screen
from kiezctl.sentences import show
from kiezctl.supervisor import Supervisor
from kiezctl.system import system
from kiezctl.trouble import Trouble

# Below the first it does not start; below the second a child that ended most likely ended of it.
LEAST_ROOM_MB, NO_ROOM_MB = 200, 10


def up() -> None:
    """Run the whole system: NATS, four stores, the mail sink and the four services. Ctrl-C ends it."""
    home = find_home()
    home.create()
    _require_room(home, LEAST_ROOM_MB)
    try:
        with home.held():
            asyncio.run(_up(home, Console(highlight=False)))
    except ChildFailed:
        _require_room(home, NO_ROOM_MB)
        raise
    except AlreadyRunning as error:
        run = read_run(home.run_file)
        where = (
            f" Its mail is at {run.endpoints.mail}, its NATS at {run.endpoints.nats}; `kiezctl status` says the rest."
            if run
            else ""
        )
        raise AlreadyRunning(f"{error}{where}") from None


def _require_room(home: Home, least_mb: int) -> None:
    free = shutil.disk_usage(home.folder).free // 1_000_000
    if free < least_mb:
        raise Trouble(
            f"The disk is full: {home.folder} has {free} MB left; make room for {LEAST_ROOM_MB} MB and start again."
        )


async def _up(home: Home, console: Console) -> None:
    left = end_leftovers(home)
    if left:
        console.print(f"Ended what the last run left: {', '.join(left)}.")
    block = take_block()
    # At once, so that others wait for it instead of starting a second one.
    Run(block.ports, own_mark()).save(home.run_file)
    supervisor = _supervisor(home, block.ports, console)
    asked = _on_signals(supervisor)
    try:
        running = asyncio.create_task(_run(supervisor, home, block.ports, console))
        waiting = asyncio.create_task(asked.wait())
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
        await _ended(running)
    finally:
        console.print("Stopping.") if asked.is_set() else None
        await supervisor.stop()
        block.door.close()
        home.run_file.unlink(missing_ok=True)


async def _ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def _supervisor(home: Home, ports: Ports, console: Console) -> Supervisor:
    def changed(children: dict[str, ProcessMark]) -> None:
        Run(ports, own_mark(), children).save(home.run_file)

    return Supervisor(lambda sentence: console.print(sentence, style="yellow"), changed)


def _on_signals(supervisor: Supervisor) -> asyncio.Event:
    asked = asyncio.Event()

    def asked_to_end() -> None:
        if asked.is_set():
            # The second one: no waiting for anybody; all that is stored survives it.
            supervisor.kill()
            os._exit(130)
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end)
    return asked


async def _run(supervisor: Supervisor, home: Home, ports: Ports, console: Console) -> None:
    first = not (home.secrets / "issuer.pem").exists()
    if first:
        console.print(f"First start: keys and data go to {home.folder}.")
    create_secrets(home)
    programs = system(home, ports)
    console.print("Starting NATS, four stores and the mail sink …")
    await supervisor.start(programs.servers)
    console.print("Starting actors, funds, events and notify …")
    await supervisor.start(programs.services)
    run = Run(ports, own_mark()).endpoints
    show_screen(console, run)
    messages = asyncio.create_task(_show_messages(run, console))
    try:
        await supervisor.failure()
    finally:
        messages.cancel()


async def _show_messages(run: Endpoints, console: Console) -> None:
    async for message in said(run.nats):
        show(console, message)
