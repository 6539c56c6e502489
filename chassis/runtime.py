"""The parts of one service, started in order and stopped in order, on one event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from starlette.routing import BaseRoute

from chassis import lab, operator
from chassis.access import Access
from chassis.auth import Authority, Keys
from chassis.bus import Connection, Hearing, NatsAddress
from chassis.bus.streams import Found
from chassis.clock import machine_seconds
from chassis.envelope import Catalogue, Published
from chassis.http import Readiness, Web
from chassis.idempotency import Repeats
from chassis.inbox import MOST_COUNTED, Inbox, Stream
from chassis.limits import Limits, networks
from chassis.metrics import Metrics
from chassis.outbox import Journal, Relay
from chassis.refusals import Unavailable
from chassis.rpc import Api, Neighbour, Server
from chassis.rpc.calls import Calls
from chassis.settings import ServiceSettings
from chassis.store import Store
from chassis.timers import TimerHandler, Timers

log = structlog.get_logger()

S = TypeVar("S", bound=ServiceSettings)
Job = Callable[[], Awaitable[None]]
STORE_SECONDS = 60.0
PROVIDE_SECONDS = 240.0
# Seven times this at most, and one and a quarter times the drain and a second: a supervisor gives 120 s in all.
END_SECONDS = 10.0
JOB_PAUSE_SECONDS = 1.0


@dataclass(slots=True)
class Service:
    """All parts of one service, put together by its `app.build`. `jobs` are endless coroutines of its own."""

    name: str
    settings: ServiceSettings
    store: Store
    published: Sequence[type[Published]]
    apis: Sequence[Api]
    access: Mapping[str, Access]
    heard: tuple[Stream, ...] = ()
    timers: Mapping[str, TimerHandler] = field(default_factory=dict)
    routes: Sequence[BaseRoute] = ()
    jobs: Sequence[Job] = ()
    neighbours: Sequence[Neighbour] = ()
    metrics: Metrics = field(default_factory=Metrics)


class Running:
    """A service that was started: its ports, and how to stop it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        settings, store, metrics = service.settings, service.store, service.metrics
        store.catalogue = Catalogue(service.name, settings.installation, service.published)
        self.inbox = Inbox(store)
        address = NatsAddress(settings.nats_url, settings.nats_nkey_file, f"_INBOX_{service.name}", settings.tls_ca)
        self.nats = Connection(service.name, address, replicas=settings.stream_replicas)
        self.hearing = Hearing(self.nats, self.inbox, metrics, ack_seconds=settings.ack_seconds)
        self.relay = Relay(store, service.name.upper(), metrics, self.nats.jetstream, self.nats.forget)
        self.nats.on_stream = self.relay.begin
        self.timers = Timers(store, service.timers, metrics)
        self.lab = lab.Lab(store, self.timers, self.relay) if settings.movable_clock else None
        limits = _limits(settings)
        self.server = Server(service.name, self._apis(), self._calls(limits), metrics)
        for fact in service.published:
            # From 0 on: of a counter that appears with its first count, nobody sees that it grew.
            metrics.published.labels(store.catalogue.type_of(fact))
        metrics.connected.set_function(lambda: self.nats.is_up)
        metrics.awaited.set_function(lambda: len(self.hearing.not_heard_yet()))
        self.web = Web(service.routes, self.readiness, metrics, limits)
        self.grpc_port = self.http_port = 0
        self._phase = "starts"
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: asyncio.Task[None] | None = None

    def _apis(self) -> tuple[Api, ...]:
        journal = Journal(self.service.store, self.service.name.upper(), self.nats.jetstream, self.nats.forget)
        own = operator.Operator(self.inbox, self.hearing, self.relay, journal).api()
        return (*self.service.apis, own, *((self.lab.api(),) if self.lab else ()))

    def _calls(self, limits: Limits) -> Calls:
        settings, store = self.service.settings, self.service.store
        keys = Keys(settings.jwks)
        authority = Authority(keys, issuer=settings.issuer, audience=settings.audience, algorithm=settings.algorithm)
        access = {**self.service.access, **operator.ACCESS, **lab.ACCESS}
        lost = {f"{api.name.rpartition('.')[2]}/{rpc}" for api in self.service.apis for rpc in api.rpcs} - set(access)
        if lost:
            raise ValueError(f"{self.service.name}: no access line for {sorted(lost)}")
        return Calls(store, self.inbox, Repeats(store), authority, access, limits)

    async def start(self) -> None:
        # First of all, so that whoever waits for the service can ask what it waits for.
        settings = self.service.settings
        self.http_port = await self.web.start(settings.http_address, settings.certificate)
        await self._open_store()
        if self.lab:
            await self.lab.load()
        self._listening = asyncio.create_task(_forever(lambda: self.hearing.run(self.service.heard)))
        self._go(self.nats.look_after_stream, self.nats.look_after_connection, self.relay.run, self.timers.run)
        self._go(*self.service.jobs)
        if self.lab:
            self._go(self.lab.run)
        self.grpc_port = await self.server.start(settings.grpc_address, settings.certificate)
        self.web.open_pages()
        self._phase = ""
        log.info("ready", grpc=self.grpc_port, http=self.http_port)

    async def provide(self) -> None:
        """Make what is missing of the store, the stream and the durables, for a service without the right to; then end."""
        # To fill a stream that was made anew is for the service: it may take longer than anybody waits for this.
        self.nats.on_stream = _made
        await self._open_store()
        async with asyncio.timeout(PROVIDE_SECONDS):
            await self.hearing.provide(self.service.heard)
        await self.nats.close()
        await self.service.store.close()

    async def _open_store(self) -> None:
        deadline = machine_seconds() + STORE_SECONDS
        while True:
            try:
                await self.service.store.open()
            except Unavailable:
                if machine_seconds() > deadline:
                    raise
                log.warning("the store does not answer yet")
                await asyncio.sleep(1)
            else:
                return

    def _go(self, *jobs: Job) -> None:
        self._tasks.extend(asyncio.create_task(_forever(job)) for job in jobs)

    async def missing(self) -> dict[str, str]:
        """What keeps this service from taking commands; NATS does not: facts wait in the outbox."""
        phase = {"service": f"{self._phase}; it takes no calls now"} if self._phase else {}
        try:
            async with asyncio.timeout(2):
                await self.service.store.ping()
        except (Unavailable, TimeoutError):
            return phase | {"store": "does not answer; neither calls nor messages can be carried out"}
        return phase

    async def readiness(self) -> Readiness:
        missing = await self.missing()
        try:
            return Readiness(missing, {} if missing else await self._besides())
        except Unavailable as away:
            return Readiness({"store": away.sentence})

    async def _besides(self) -> dict[str, str]:
        """What an operator should know of a service that takes calls."""
        found: dict[str, str] = {}
        if not self.nats.is_up:
            found["nats"] = "does not answer; facts wait in the outbox, and nothing is heard from others"
        elif awaited := self.hearing.not_heard_yet():
            found["streams"] = (
                f"{', '.join(awaited)} not heard yet: not there, or the durable is not as it must be (deploy/roll)"
            )
        if parked := await self.inbox.parked_count():
            many = f"{parked} or more" if parked == MOST_COUNTED else str(parked)
            found["parked"] = f"{many} waiting for an operator (kiezctl parked list)"
        if self.relay.blocked:
            found["outbox"] = f"NATS refuses facts of {self.relay.blocked} aggregates (kiezctl outbox status)"
        return found

    async def stop(self) -> None:
        """Not serving, hear no more, end calls, flush the relay, close: what was acknowledged is in the store."""
        self._phase = "stops"
        drain = self.service.settings.drain_seconds
        await self.server.report(ready=False)
        if self._listening is not None:
            await _within("hearing", _ended(self._listening))
        await _within("what is being heard", self.hearing.stop())
        await _within("calls", self.server.stop(drain), drain + 1)
        await _within("pages", self.web.stop())
        await _within("what waits to be said", self.relay.flush(drain / 4), drain / 4 + 1)
        await _within("jobs", _ended(*self._tasks))
        await _within("relay", self.relay.stop())
        channels = (neighbour.close() for neighbour in self.service.neighbours)
        await _within("connections to neighbours", asyncio.gather(*channels))
        await _within("connection to NATS", self.nats.close())
        await _within("store", self.service.store.close())


async def _made(_: Found) -> None:
    return None


async def _within(what: str, end: Awaitable[object], seconds: float = END_SECONDS) -> None:
    """Wait for an end no longer than a supervisor would: what is committed is safe whatever does not end, or ends badly."""
    try:
        async with asyncio.timeout(seconds):
            await end
    except TimeoutError:
        log.warning("did not end in time", what=what)
    except Exception as error:
        log.warning("ended badly", what=what, exc_info=error)


def _limits(settings: ServiceSettings) -> Limits:
    return Limits(
        calls_per_second=settings.calls_per_second,
        open_calls_per_second=settings.open_calls_per_second,
        posts_per_minute=settings.posts_per_minute,
        guesses_per_minute=settings.guesses_per_minute,
        uncounted=networks(settings.uncounted_networks),
    )


async def _ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _forever(job: Job) -> None:
    """An endless job is begun anew when it fails: by what is away, or by a bug, which is told."""
    while True:
        try:
            await job()
        except asyncio.CancelledError:
            raise
        except Unavailable as error:
            log.warning("a job waits for what is away", reason=error.reason)
        except Exception as error:
            log.error("a job ended by a bug; it begins anew", exc_info=error)
        await asyncio.sleep(JOB_PAUSE_SECONDS)
