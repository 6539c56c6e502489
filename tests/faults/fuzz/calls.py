"""gRPC: makes hostile calls from the descriptors, sends them, and learns from what is accepted."""

import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import grpc
from google.protobuf.message import DecodeError, Message
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from chassis.ports import Role
from chassis.rpc.api import USUAL_SECONDS
from kiezctl.issuer import ROLES
from kiezwerk.lab.v1 import lab_pb2
from tests.faults.fuzz.pool import Pool
from tests.faults.fuzz.rules import Answer, Case, reason_in
from tests.faults.fuzz.values import HOSTILE_TEXTS, Values
from tests.faults.fuzz.wire import broken
from tests.support.city import City, Started

HEALTH = ("/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch")
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
SET_TIME = "/kiezwerk.lab.v1.LabService/SetTime"
# They read a whole stream, or run every parked message.
SELDOM = ("ReconcileOutbox", "RepublishOutbox", "RedriveParked", "SetTime")
# What ends a record: done to everything, nothing could be done to anything.
ENDINGS = (
    "/Cancel",
    "/Close",
    "/Archive",
    "/Withdraw",
    "/Revoke",
    "/Settle",
    "/Refuse",
    "/Decline",
    "/Fail",
    "/Conclude",
    "/Drop",
)
SUBS = ("anna", "office", "clerk", "treasurer", "kim", "applicant")
JUNK_TOKENS = (
    "Bearer", "Bearer ", "Basic dTpw", "bearer a.b.c", "Bearer " + "." * 50, "Bearer " + "W1tbW1tb" * 600 + ".e30.AA", "Bearer eyJraWQiOltb" + "W1tb" * 900 + ".e30.AA",
    "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6W119.e30.AA", "Bearer eyJhbGciOnt9fQ.e30.AA",
    "Bearer W10.W10.W10", "Bearer bnVsbA.bnVsbA.bnVsbA", "Bearer eyJraWQiOiAxZTk5OTl9.e30.AA", "Bearer \\u0000.x.y",
    "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6InRlc3QiLCJiNjQiOmZhbHNlLCJjcml0IjpbImI2NCJdfQ..AA",
    "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6InRlc3QiLCJjcml0IjpbXX0.e30.AA", "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6InRlc3QifQ.e30.AA",
)  # fmt: skip
JUNK_SEQUENCES = (
    "a",
    "=",
    "a=",
    "a=-1",
    "a=99999999999",
    "x=1,,,",
    "a=1" + ",b=2" * 500,
    "$=1",
    "a=1;b",
    " a = 1 ",
    "=1",
)
PLENTY = "x" * 6_000
# From here on there is so much that what reads all of it (a stream, a ledger) takes seconds: it is asked less often.
FILLED = 10_000
READS_ALL_SECONDS = 300.0


class Calls:
    """Makes and sends the calls on the services of one city."""

    def __init__(self, city: City, services: dict[str, Started], pool: Pool, seed: str) -> None:
        self._city, self._services, self._pool, self._seed = city, services, pool, seed
        self._tokens: dict[tuple[str, str, str], str] = {}
        self._types: dict[str, tuple[type[Message], type[Message]]] = {}
        self._long: set[str] = set()
        self._reads_all: set[str] = set()
        self._rpcs = [(name, rpc) for name, started in services.items() for rpc in self._of(started)]

    @property
    def kinds(self) -> set[str]:
        """All rpcs, by their full names."""
        return {rpc.strip("/") for _, rpc in self._rpcs}

    def _of(self, started: Started) -> list[str]:
        table = started.running.server._table
        for path, (api, rpc) in table.items():
            self._types[path] = (api.request_type(rpc.name), api.response_type(rpc.name))
            if rpc.seconds > USUAL_SECONDS:
                self._long.add(path)
            if rpc.seconds >= READS_ALL_SECONDS:
                self._reads_all.add(path)
        return list(table)

    def make(self, number: int) -> Case:
        """The call of this number: the same for the same seed and pool."""
        random = Random(f"{self._seed}:{number}")
        roll = random.random()
        if roll < 0.01:
            return self._protocol_call(random, number)
        service, rpc = random.choice(self._rpcs)
        for words, share in ((SELDOM, 0.9), (ENDINGS, 0.6)):
            if any(word in rpc for word in words) and random.random() < share:
                service, rpc = random.choice(self._rpcs)
        while rpc in self._reads_all and number > FILLED and random.random() < 0.97:
            service, rpc = random.choice(self._rpcs)
        if roll < 0.02:
            return Case(
                number, service, f"{rpc.rpartition('/')[0]}/Unknown{random.choice(('', 'x' * 500, '%00'))}", b""
            )
        data = self._request(random, service, rpc)
        if rpc == SET_TIME and jumps(data, self._now(service)):
            data = b""
        if random.random() < 0.06:
            return self._with_junk_metadata(random, Case(number, service, rpc, data))
        seconds = random.choice((0.001, 0.02, 0.1)) if random.random() < 0.02 else 60.0 if rpc in self._long else 20.0
        return Case(number, service, rpc, data, self._login(random, service, rpc), seconds)

    def variant(self, number: int, service: str, rpc: str, data: bytes, token: str) -> Case:
        """What a story is about to ask, changed a little, by who would ask it."""
        random = Random(f"{self._seed}:variant:{number}")
        nerve = random.choice((0.0, 0.0, 0.5))
        message = self._types[rpc][0]()
        message.ParseFromString(data)
        self._change(random, message, Values(random, self._pool, self._now(service), nerve), nerve, swaps=False)
        login = (("authorization", f"Bearer {token}"),) if token else ()
        return Case(number, service, rpc, message.SerializeToString(), login)

    def _now(self, service: str) -> datetime:
        return self._services[service].running.service.store.clock.now()

    def _request(self, random: Random, service: str, rpc: str) -> bytes:
        message = self._types[rpc][0]()
        roll = random.random()
        nerve = 0.0 if roll < 0.35 else 0.08 if roll < 0.65 else 0.3 if roll < 0.8 else 0.9
        values = Values(random, self._pool, self._now(service), nerve)
        known = self._pool.requests[rpc]
        if known and random.random() < 0.5:
            message.ParseFromString(random.choice(known))
            self._change(random, message, values, nerve)
        else:
            values.fill(message)
        if rpc == SET_TIME:
            message = lab_pb2.SetTimeRequest()
            message.time.FromDatetime(self._now(service) + timedelta(minutes=random.choice((-600, 0, 1, 10))))
        data = message.SerializeToString()
        return broken(random, data) if random.random() < 0.15 else data

    def _change(self, random: Random, message: Message, values: Values, nerve: float, *, swaps: bool = True) -> None:
        """Set some fields anew; `swaps` puts other known ids in the places of ids, too."""
        fields = [f for f in message.DESCRIPTOR.fields if f.name != "request_id"]
        if "request_id" in message.DESCRIPTOR.fields_by_name and random.random() < 0.9:
            values.set(message, message.DESCRIPTOR.fields_by_name["request_id"])
        for field in random.sample(fields, min(len(fields), random.choice((0, 1, 1, 2)))):
            part = getattr(message, field.name)
            if isinstance(part, Message) and part.DESCRIPTOR.fields and random.random() < 0.7:
                values.set(part, random.choice(part.DESCRIPTOR.fields))
            else:
                values.set(message, field)
        if nerve == 0.0 and swaps:
            for field in fields:
                if field.name.endswith("_id") and random.random() < 0.3:
                    values.set(message, field)

    def _protocol_call(self, random: Random, number: int) -> Case:
        service = random.choice(list(self._services))
        rpc = random.choice((*HEALTH, REFLECTION, REFLECTION))
        message: Any = health_pb2.HealthCheckRequest() if rpc in HEALTH else reflection_pb2.ServerReflectionRequest()
        Values(random, self._pool, datetime.now(UTC), 0.6).fill(message)
        data = message.SerializeToString()
        return Case(number, service, rpc, broken(random, data) if random.random() < 0.4 else data, seconds=1.5)

    def _login(self, random: Random, service: str, rpc: str) -> tuple[tuple[str, str | bytes], ...]:
        if random.random() < 0.05:
            return ()
        api, _, name = rpc.rpartition("/")
        access = self._services[service].running.server._calls.access[f"{api.rpartition('.')[2]}/{name}"]
        named = sorted(set(access) & set(ROLES)) or list(ROLES)
        role = random.choice(named if random.random() < 0.93 else ROLES)
        region = random.choice(("",) * 15 + ("11", "114009", "01"))
        subs = (*SUBS, *list(self._pool.ids["sub"])[-12:])
        key = (role, region, random.choice(subs))
        if key not in self._tokens:
            if len(self._tokens) > 500:
                self._tokens.clear()
            bound = Role(role, regions=(region,) if region else ())
            self._tokens[key] = self._city.token(bound, sub=key[2])
        return (("authorization", f"Bearer {self._tokens[key]}"),)

    def _with_junk_metadata(self, random: Random, case: Case) -> Case:
        login = self._login(random, case.service, case.rpc)
        plain = [text for text in HOSTILE_TEXTS if text.isascii() and text.isprintable()]
        junk: list[tuple[str, str | bytes]] = [
            ("authorization", random.choice(JUNK_TOKENS)), ("kiez-min-seq", random.choice(JUNK_SEQUENCES)),
            ("kiez-correlation-id", random.choice((*plain, "c" * 65, PLENTY))), ("traceparent", random.choice((*plain, PLENTY))),
            ("tracestate", PLENTY), ("authorization-bin", random.randbytes(50)), ("kiez-min-seq-bin", b"\x00\xff"),
            ("kiez-role", "operator"), ("grpc-trace-bin", random.randbytes(29)), ("baggage", "a=" + PLENTY),
        ]  # fmt: skip
        chosen = random.sample(junk, random.choice((1, 1, 2, 3)))
        kept = () if random.random() < 0.2 else login
        # min-seq may ask to wait for ever: with little time.
        seconds = 0.4 if any(key == "kiez-min-seq" for key, _ in chosen) else 20.0
        return Case(case.number, case.service, case.rpc, case.data, (*kept, *chosen), seconds, hostile_metadata=True)

    async def send(self, case: Case) -> Answer:
        """Send a call and wait for its answer, longer than its deadline if need be."""
        channel: Any = self._services[case.service].client.channel
        started = time.monotonic()
        try:
            data = await self._invoke(channel, case)
            return Answer("OK", "", "", time.monotonic() - started, data)
        except grpc.aio.AioRpcError as error:
            return Answer(error.code().name, reason_in(error), error.details() or "", time.monotonic() - started)

    async def _invoke(self, channel: Any, case: Case) -> bytes:
        metadata = list(case.metadata)
        if case.rpc == REFLECTION:
            call = channel.stream_stream(case.rpc)(iter((case.data,)), timeout=case.seconds, metadata=metadata)
            return bytes((await call.read()) or b"")
        if case.rpc == HEALTH[1]:
            call = channel.unary_stream(case.rpc)(case.data, timeout=case.seconds, metadata=metadata)
            first = await call.read()
            call.cancel()
            return bytes(first or b"")
        return bytes(await channel.unary_unary(case.rpc)(case.data, timeout=case.seconds, metadata=metadata))

    def learn(self, case: Case, answer: Answer) -> None:
        """Keep what an accepted call teaches."""
        found = self._types.get(case.rpc)
        if answer.code == "OK" and found:
            self._pool.accepted(case.rpc, case.data)
            self._pool.learn(found[1].FromString(answer.data))


def jumps(data: bytes, now: datetime, far: timedelta = timedelta(hours=1)) -> bool:
    """Whether a SetTime, however broken, would move the calendar far: the services are to be met in their own time."""
    try:
        request = lab_pb2.SetTimeRequest.FromString(data)
    except DecodeError:
        return False
    return -62_135_596_800 <= request.time.seconds < 253_402_300_800 and request.time.seconds > (now + far).timestamp()
