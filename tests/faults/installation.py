"""An installation to be hurt: every process of a running system, each with a handle, started anew whenever it ends."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiezctl.child import Child, Program
from kiezctl.embedded import give_up_what_was_begun, leash
from kiezctl.home import ROOT, Home
from kiezctl.issuer import LocalIssuer, create_secrets
from kiezctl.ports import BLOCKS, HOST, SERVICES, Ports, take_block
from kiezctl.probe import get
from kiezctl.run_file import NotRunning, find_run
from kiezctl.strip import free_port
from kiezctl.system import system
from tests.faults.evidence import Places
from tests.support.proxy import Proxy, a_proxy

# Real time made short: a consumer that is silent for 4 s has lost its message, a sender after 7 s its letter (for which
# the mail server may take 4 s).
# A calendar that leaps makes old what was said a moment ago: whoever is to be written to still is.
SHORT = {
    "KIEZ_ACK_SECONDS": "4",
    "NOTIFY_SMTP_SECONDS": "4",
    "NOTIFY_LEASE_SECONDS": "7",
    "NOTIFY_MAX_AGE_DAYS": "3650",
}
PAUSE_SECONDS = 0.1
READY_SECONDS = 90.0


class Part:
    """One process; whatever ends it, it is started again, as a supervisor would."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.codes: list[int] = []
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._keeper = asyncio.create_task(self._keep())

    @property
    def name(self) -> str:
        return self.child.program.name

    async def _keep(self) -> None:
        while True:
            await self._wanted.wait()
            await self.child.spawn()
            await self.child.ended()
            self.codes.append(self.child.code or 0)
            await asyncio.sleep(PAUSE_SECONDS)

    async def ready(self, within: float = READY_SECONDS) -> None:
        """Wait until it answers, whatever happens to it meanwhile; raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                with suppress(OSError, ValueError, TimeoutError):
                    async with asyncio.timeout(3):
                        return await self.child.program.ready()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it as a crash does; its keeper starts it again."""
        await self.child.kill()

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """Killed, and not started again before the end of the block."""
        self._wanted.clear()
        await self.child.kill()
        try:
            yield
        finally:
            self._wanted.set()

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator[None]:
        """Stopped in whatever it does, as by a long pause of its machine."""
        self.child.send(signal.SIGSTOP)
        try:
            yield
        finally:
            self.child.send(signal.SIGCONT)

    async def end(self, *, gently: bool = False) -> None:
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        await (self.child.stop() if gently else self.child.kill())


@dataclass
class Installation:
    """A running system with its parts by name ("funds", "store of funds", "nats-server", "mail sink") and its proxies.

    `proxies` lie between a service and "nats" or "store", and before the gRPC of funds ("calls"). One that `moves` may
    have other ports after each start.
    """

    home: Home
    ports: Ports
    issuer: LocalIssuer
    moves: bool = False
    parts: dict[str, Part] = field(default_factory=dict)
    proxies: dict[tuple[str, str], Proxy] = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """Where the checker finds what it reads; past all proxies."""
        return places(self.home, self.ports)

    def grpc(self, service: str) -> tuple[str, ...]:
        """The addresses on which replicas of a service answer; raises NotRunning while one that moves is down."""
        if self.moves:
            # Another installation may have taken its ports by now.
            self.ports = find_run(self.home).ports
        first = self.proxies.get((service, "calls"))
        port = first.port if first else self.ports.grpc(service)
        others = (part for name, part in self.parts.items() if name.startswith(f"{service} "))
        more = (part.child.program.env[f"{service.upper()}_GRPC_ADDRESS"] for part in others)
        return (f"{HOST}:{port}", *more)

    async def ready(self) -> None:
        for part in self.parts.values():
            await part.ready()

    async def give_up_what_was_begun(self) -> None:
        """End all that is under way in the stores: MongoDB is told to do so after 10 s, and the embedded store knows only 60."""
        await asyncio.gather(*(give_up_what_was_begun(self.ports.store(name)) for name in SERVICES))


@asynccontextmanager
async def kiezctl_up(folder: Path) -> AsyncIterator[Installation]:
    """The same by `kiezctl up`, as the one part that can be hurt; its ports may change when it is started again."""
    home = Home(folder)
    home.create()
    found = Installation(home, Ports(), create_secrets(home), moves=True)

    async def ready() -> None:
        try:
            run = find_run(home)
        except NotRunning as error:
            raise OSError(str(error)) from None
        for name in SERVICES:
            await get(f"{run.endpoints.http(name)}/readyz")
        found.ports = run.ports

    command = (sys.executable, "-m", "kiezctl", "up")
    env = {"KIEZ_HOME": str(folder), **SHORT}
    with leash() as held:
        program = Program("kiezctl up", command, folder / "up.log", ready, env=env, folder=ROOT)
        found.parts[program.name] = Part(Child(program, held))
        try:
            await found.ready()
            yield found
        finally:
            await found.parts[program.name].end(gently=True)


def places(home: Home, ports: Ports) -> Places:
    stores = {name: f"mongodb://{HOST}:{ports.store(name)}/?directConnection=true" for name in SERVICES}
    return Places(f"nats://{HOST}:{ports.nats}", stores, home.mail)


@asynccontextmanager
async def an_installation(
    folder: Path,
    *,
    proxied: bool = False,
    replicas: int = 1,
    entries: Mapping[str, str] | None = None,
    extra_store_flags: tuple[str, ...] = (),
) -> AsyncIterator[Installation]:
    """Run a whole system in `folder`. `entries` puts another module in the place of a service's own (`python -m …`)."""
    home = Home(folder)
    home.create()
    # Far from where a `kiezctl up` looks first: one that was killed beside this wants its own again.
    block = take_block(BLOCKS // 2)
    async with AsyncExitStack() as stack:
        stack.callback(block.door.close)
        held = stack.enter_context(leash())
        found = Installation(home, block.ports, create_secrets(home))
        programs = system(home, block.ports)
        if proxied:
            await _put_proxies(stack, found)
        services = [_changed(program, found, entries or {}) for program in programs.services]
        if replicas > 1:
            # What one has begun is not for another's death to end.
            services = [replace(program, clear=None) for program in services]
        for number in range(2, replicas + 1):
            services += [_replica(program, number) for program in services[: len(SERVICES)]]
        stack.push_async_callback(_end, found)
        for group in (programs.servers, tuple(services)):
            for program in group:
                if program.name.startswith("store of "):
                    program = replace(program, command=(*program.command, *extra_store_flags))  # noqa: PLW2901 - the same one
                found.parts[program.name] = Part(Child(program, held))
            await found.ready()
        yield found


async def _end(found: Installation) -> None:
    await asyncio.gather(*(part.end() for part in found.parts.values()))


async def _put_proxies(stack: AsyncExitStack, found: Installation) -> None:
    for name in SERVICES:
        to = {"nats": found.ports.nats, "store": found.ports.store(name)}
        for what, port in to.items():
            found.proxies[name, what] = await stack.enter_async_context(a_proxy(port))
    found.proxies["funds", "calls"] = await stack.enter_async_context(a_proxy(found.ports.grpc("funds")))


def _changed(program: Program, found: Installation, entries: Mapping[str, str]) -> Program:
    name = program.name
    env = {**program.env, **SHORT}
    if (name, "nats") in found.proxies:
        env[f"{name.upper()}_NATS_URL"] = f"nats://{HOST}:{found.proxies[name, 'nats'].port}"
        uri = env[f"{name.upper()}_STORE_URI"]
        here, there = found.ports.store(name), found.proxies[name, "store"].port
        env[f"{name.upper()}_STORE_URI"] = uri.replace(f":{here}/", f":{there}/")
    command = (sys.executable, "-m", entries[name], name) if name in entries else program.command
    return replace(program, env=env, command=command)


def _replica(program: Program, number: int) -> Program:
    grpc, http = free_port(), free_port()
    upper = program.name.upper()
    env = {**program.env, f"{upper}_GRPC_ADDRESS": f"{HOST}:{grpc}", f"{upper}_HTTP_ADDRESS": f"{HOST}:{http}"}
    name = f"{program.name} {number}"

    async def ready() -> None:
        await get(f"http://{HOST}:{http}/readyz")

    return replace(program, name=name, env=env, log=program.log.with_name(f"{name}.log"), ready=ready)
