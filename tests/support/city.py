"""A city for tests: a real nats-server, a real store, an issuer of tokens, and services that run in this process."""

import asyncio
import importlib
import json
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import nats
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from nats.js import JetStreamContext

import lor
from chassis.bus import streams
from chassis.ports import Role, new_id
from chassis.runtime import Running
from chassis.settings import ServiceSettings
from kiezctl.embedded import nats_server, store_server
from kiezctl.issuer import Grant, LocalIssuer
from tests.support.client import Client, Refused

T = TypeVar("T")
LONG_SECONDS = 10.0
# The clock goes on until it is moved: to an instant that is about now it goes this far, and what was timed meanwhile is due.
A_LITTLE = timedelta(seconds=5)
NOBODY = "127.0.0.1:1"
OWNERS = ("actors", "funds", "events", "notify", "other")


async def eventually(look: Callable[[], Awaitable[T]], seconds: float = LONG_SECONDS) -> T:
    """The first truthy answer of `look`; fails with its last answer after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await look()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        await asyncio.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a subscriber has it."""

    subject: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def fact(self) -> str:
        return self.subject.split(".")[4]


@dataclass(slots=True)
class City:
    """The servers of one test run. `STORE_URI` in the environment puts any other MongoDB in the store's place."""

    nats_url: str
    store_uri: str
    folder: Path
    issuer: LocalIssuer
    jetstream: JetStreamContext
    _sequences: dict[str, int] = field(default_factory=dict)

    def token(self, *roles: Role, sub: str = "") -> str:
        """A bearer token of the local issuer."""
        return self.issuer.token(sub or new_id(), *(Grant(r.name, r.regions, r.actors) for r in roles))

    def settings(self, kind: type[ServiceSettings], store_name: str, **more: Any) -> ServiceSettings:
        values: dict[str, Any] = {
            "store_uri": self.store_uri,
            "store_name": store_name,
            "nats_url": self.nats_url,
            "grpc_address": "127.0.0.1:0",
            "http_address": "127.0.0.1:0",
            "jwks": str(self.folder / "jwks.json"),
            "token_file": self.folder / "token",
            "person_key_file": self.folder / "person.key",
            "public_url": "https://kiez.test",
            "KIEZ_MOVABLE_CLOCK": True,
            "KIEZ_DRAIN_SECONDS": 1,
        }
        # A neighbour that a test does not name is away.
        neighbours = {name: NOBODY for name in kind.model_fields if name.endswith("_address") and name not in values}
        return kind(**values | neighbours | more)

    @asynccontextmanager
    async def service(self, name: str, store_name: str = "", **more: Any) -> AsyncIterator["Started"]:
        """Run `services.<name>` on a store of its own, or on this one; `more` are its own settings."""
        app = importlib.import_module(f"services.{name}.app")
        kind = getattr(importlib.import_module(f"services.{name}.settings"), f"{name.title()}Settings")
        settings = self.settings(kind, store_name or f"{name}_{secrets.token_hex(6)}", **more)
        running = Running(app.build(settings))
        await running.start()
        try:
            yield Started(self, running, Client(f"127.0.0.1:{running.grpc_port}", name))
        finally:
            await running.stop()

    async def say(self, service: str, fact: str, state: dict[str, Any], **beside: Any) -> tuple[str, int]:
        """Publish what `service` would say of `state` (with `id` and `region`); answers aggregate id and sequence."""
        aggregate = state["id"]
        sequence = self._sequences[aggregate] = self._sequences.get(aggregate, 0) + 1
        await self.say_raw(service, fact, aggregate, sequence, {"state": state, **beside}, region=state["region"])
        return aggregate, sequence

    async def say_raw(
        self,
        service: str,
        fact: str,
        aggregate: str,
        sequence: int,
        body: Any,
        *,
        region: str = "00",
        id: str = "",
        correlation_id: str = "",
    ) -> str:
        """Publish any body under any sequence; answers the message's id."""
        id = id or new_id()
        data = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
        headers = {
            "ce-specversion": "1.0",
            "ce-id": id,
            "ce-source": f"/kiezwerk/test/{service}",
            "ce-type": f"kiezwerk.{service}.v1.{fact}",
            "ce-subject": aggregate,
            "ce-time": datetime.now(UTC).isoformat(),
            "ce-sequence": f"{sequence:010}",
            "ce-correlationid": correlation_id or new_id(),
        }
        tokens = ".".join(lor.subject_tokens(region))
        await self.jetstream.publish(f"kiez.int.{service}.v1.{fact}.{tokens}", data, headers=headers)
        return id


@dataclass(slots=True)
class Started:
    """One running service, and a client on it."""

    city: City
    running: Running
    client: Client

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.running.http_port}"

    async def call(
        self, rpc: str, request: dict[str, Any] | None = None, *roles: Role, sub: str = "", **metadata: str
    ) -> Any:
        """Call "BudgetService/GetBudget" with the request's fields; without roles as a public reader."""
        token = self.city.token(*roles, sub=sub) if roles or sub else ""
        return await self.client.call(rpc, request or {}, token=token, metadata=metadata)

    async def now(self) -> datetime:
        """What the calendar clock of the service reads."""
        return self.running.service.store.clock.now()

    async def move_clock(self, instant: datetime) -> None:
        """Move the calendar clock; returns when all that is due by then has happened and is published."""
        now = await self.now()
        goes_back = instant < now - A_LITTLE
        time = (instant if goes_back else max(instant, now + A_LITTLE)).astimezone(UTC)
        asked, token = {"time": time.isoformat().replace("+00:00", "Z")}, self.city.token(Role("operator"))
        try:
            await self.client.call("kiezwerk.lab.v1.LabService/SetTime", asked, token=token, metadata={}, seconds=120)
        except Refused as refusal:
            # It moved, and was then kept from answering: asked again it reads more already.
            if goes_back or refusal.reason != "TIME_GOES_FORWARD":
                raise
            await self.move_clock(await self.now())

    async def knows(self, aggregate: str, sequence: int) -> None:
        """Return once the service has carried out this message of another service."""
        await self.running.inbox.wait_for(aggregate, sequence)

    async def said(self, aggregate: str) -> list[Said]:
        """All that this service has said of an aggregate, from its outbox, in order."""
        rows = self.running.service.store.rows("outbox")
        found = await rows.find({"aggregate": aggregate}).sort("seq", 1).to_list(1000)
        return [Said(row["subject"], row["headers"], json.loads(row["data"])) for row in found]

    async def published(self, aggregate: str) -> list[Said]:
        """What of an aggregate has reached the stream, once all of it has."""
        rows = self.running.service.store.rows("outbox")

        async def all_out() -> bool:
            return await rows.find_one({"aggregate": aggregate, "published_at": None}) is None

        await eventually(all_out)
        name, js = self.running.service.name, self.city.jetstream
        found = []
        subscription = await js.subscribe(f"kiez.*.{name}.v1.>", stream=name.upper(), ordered_consumer=True)
        last = (await js.stream_info(name.upper())).state.last_seq
        while True:
            message = await subscription.next_msg(timeout=LONG_SECONDS)
            headers = message.headers or {}
            if headers["ce-subject"] == aggregate:
                found.append(Said(message.subject, headers, json.loads(message.data)))
            if message.metadata.sequence.stream >= last:
                break
        await subscription.unsubscribe()
        return found


@asynccontextmanager
async def a_city(folder: Path) -> AsyncIterator[City]:
    """Start the servers of a test run and end them with it."""
    issuer = LocalIssuer(generate_private_key(public_exponent=65537, key_size=2048), "test")
    (folder / "jwks.json").write_text(issuer.jwks())
    (folder / "token").write_text(issuer.token("service:test", Grant("service")))
    (folder / "person.key").write_text(secrets.token_hex(32))
    async with _bus(folder / "nats") as (url, jetstream), _store(folder) as store_uri:
        yield City(url, store_uri, folder, issuer, jetstream)


@asynccontextmanager
async def a_quiet_city(city: City) -> AsyncIterator[City]:
    """The same city with a bus of its own: a service that hears others hears nothing of what other tests said."""
    async with _bus(city.folder / f"nats-{secrets.token_hex(4)}") as (url, jetstream):
        yield City(url, city.store_uri, city.folder, city.issuer, jetstream)


@asynccontextmanager
async def _bus(folder: Path) -> AsyncIterator[tuple[str, JetStreamContext]]:
    async with nats_server(folder) as server:
        connection = await nats.connect(server.url)
        for owner in OWNERS:
            # A stream that is there from the start spares every consumer the look five seconds later.
            await streams.provide_stream(connection.jetstream(), owner, 1)
        yield server.url, connection.jetstream()
        await connection.close()


@asynccontextmanager
async def _store(folder: Path) -> AsyncIterator[str]:
    given = os.environ.get("STORE_URI")
    if given:
        yield given
        return
    async with store_server(folder / "store") as server:
        yield server.uri
