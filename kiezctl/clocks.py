"""The four calendar clocks as one: read, moved, and waited for until nobody has anything left to say."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from kiezctl.calls import SECONDS, as_operator
from kiezctl.endpoints import Endpoints
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.trouble import Trouble, reason_of
from kiezctl.wire import open_channel, tls
from kiezwerk.lab.v1 import lab_pb2, lab_pb2_grpc
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc

SET_SECONDS = 120.0
QUIET_SECONDS = 60.0


class NotQuiet(Trouble):
    """The services still had something to do long after the calendar was moved."""


class Clocks:
    """The clocks of a running system; made by `open_clocks`."""

    def __init__(self, run: Endpoints, channels: dict[str, grpc.aio.Channel]) -> None:
        self._run, self._channels = run, channels

    async def read(self) -> datetime:
        """What the calendar reads; where the services differ, the latest."""
        return max(await asyncio.gather(*(self._read(name) for name in SERVICES)))

    async def behind(self, moment: datetime) -> list[str]:
        """The services whose calendar reads less than `moment`: all, or those that were away when the others moved."""
        read = await asyncio.gather(*(self._read(name) for name in SERVICES))
        return [name for name, now in zip(SERVICES, read, strict=True) if now < moment]

    async def move(self, moment: datetime) -> datetime:
        """Move all to `moment`, and wait until what is due by then has happened, with all that comes of it.

        Raises NotQuiet when that takes too long, AioRpcError TIME_GOES_FORWARD for a moment that has passed.
        """
        names = await self.behind(moment) or SERVICES
        await asyncio.gather(*(self._set(name, moment) for name in names))
        said = await self.quiet()
        while True:
            # What was heard may have set timers that are due already.
            await self._touch()
            again = await self.quiet()
            if again == said:
                return await self.read()
            said = again

    async def quiet(self) -> tuple[int, ...]:
        """Wait until all facts are published and all messages handled; answers each service's count of facts."""
        deadline = time.monotonic() + QUIET_SECONDS
        before: tuple[int, ...] = ()
        while time.monotonic() < deadline:
            said = await asyncio.gather(*(self._facts(name) for name in SERVICES))
            now = tuple(total for total, _ in said)
            if now == before and not any(waiting for _, waiting in said) and await self._nothing_unheard():
                return now
            before = now
            await asyncio.sleep(0.05)
        raise NotQuiet(
            "The services still have messages to handle; `kiezctl status` and `kiezctl parked list` say where."
        )

    async def _touch(self) -> None:
        """Have each service do what is due now; one that is slow to answer has moved on by itself."""
        now = await self.read() + timedelta(seconds=1)
        for answer in await asyncio.gather(*(self._set(name, now) for name in SERVICES), return_exceptions=True):
            passed = isinstance(answer, grpc.aio.AioRpcError) and reason_of(answer) == "TIME_GOES_FORWARD"
            if isinstance(answer, BaseException) and not passed:
                raise answer

    async def _read(self, name: str) -> datetime:
        stub = lab_pb2_grpc.LabServiceStub(self._channels[name])
        answer = await stub.GetTime(lab_pb2.GetTimeRequest(), metadata=as_operator(), timeout=SECONDS)
        return answer.time.ToDatetime(UTC)

    async def _set(self, name: str, moment: datetime) -> None:
        stamp = Timestamp()
        stamp.FromDatetime(moment)
        stub = lab_pb2_grpc.LabServiceStub(self._channels[name])
        await stub.SetTime(lab_pb2.SetTimeRequest(time=stamp), metadata=as_operator(), timeout=SET_SECONDS)

    async def _facts(self, name: str) -> tuple[int, int]:
        stub = operator_pb2_grpc.OperatorServiceStub(self._channels[name])
        request = operator_pb2.GetOutboxStatusRequest()
        answer = await stub.GetOutboxStatus(request, metadata=as_operator(), timeout=SECONDS)
        return answer.total, answer.unpublished

    async def _nothing_unheard(self) -> bool:
        """Whether every service listens to all that it hears of, and has handled it."""
        return all(await asyncio.gather(*(self._listens(name) for name in SERVICES))) and await self._all_heard()

    async def _listens(self, name: str) -> bool:
        """Shortly after a first start a service may not have found the streams of the others yet."""
        try:
            besides = json.loads(await get(f"{self._run.http(name)}/readyz", tls()))["besides"]
        except ValueError:
            return False
        return not {"nats", "streams"} & set(besides)

    async def _all_heard(self) -> bool:
        """Whether the services' durable consumers have handled all that their streams hold for them."""
        shown = json.loads(await get(f"{self._run.nats_monitor}/jsz?consumers=true"))
        consumers = (
            consumer
            for account in shown.get("account_details", [])
            for stream in account.get("stream_detail", [])
            for consumer in stream.get("consumer_detail", [])
        )
        # A durable is called "<service>-<stream>"; listeners like `kiezctl tail` have names of their own.
        durables = (one for one in consumers if one["name"].partition("-")[0] in SERVICES)
        return all(one["num_pending"] == 0 and one["num_ack_pending"] == 0 for one in durables)


@asynccontextmanager
async def open_clocks(run: Endpoints) -> AsyncIterator[Clocks]:
    """The clocks of `run`, with channels that are closed at the end of the block."""
    channels = {name: open_channel(run.grpc(name)) for name in SERVICES}
    try:
        yield Clocks(run, channels)
    finally:
        for channel in channels.values():
            await channel.close()
