"""A caller that does not give up: the same request_id again for as long as nobody answers; it records what was answered."""

import asyncio
import itertools
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.json_format import ParseDict

from kiezctl.issuer import Grant, LocalIssuer
from kiezctl.run_file import NotRunning
from kiezctl.trouble import reason_of
from tests.faults.checker import Acknowledged
from tests.support.client import message_types

# A channel that lost its server looks for it again at once, not after two minutes.
OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),
    ("grpc.enable_retries", 0),
)
CALL_SECONDS = 8.0
# What is not answered so long after its deadline hangs.
LATE_SECONDS = 2.0
# A timer that fires so late was kept waiting by the machine itself, and says nothing of the one that was called.
STALLED_SECONDS = 1.0
PATIENCE_SECONDS = 120.0
AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


@dataclass(frozen=True)
class Person:
    """Who calls, with which roles."""

    sub: str
    grants: tuple[Grant, ...]


class NotAnswered(Exception):
    """Nobody answered for two minutes, or somebody answered what nothing in the rules explains."""


@dataclass
class Caller:
    """Calls a service at its `addresses`, by turns where there are several.

    `addresses` raises NotRunning while there is nobody to call. `repeats` counts by status what had to be repeated.
    """

    addresses: Callable[[str], tuple[str, ...]]
    issuer: LocalIssuer
    trusted: grpc.ChannelCredentials | None = None
    acknowledged: list[Acknowledged] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    _tokens: dict[str, str] = field(default_factory=dict)
    _channels: dict[str, grpc.aio.Channel] = field(default_factory=dict)
    _turn: Any = field(default_factory=itertools.count)

    async def ask(
        self,
        who: Person,
        rpc: str,
        one: tuple[str, str, Mapping[str, Any]] | None = None,
        *,
        replica: int | None = None,
        **fields: Any,
    ) -> Any:
        """Call "funds.BudgetService/GetBudget"; `one` is what must be in a store exactly once when this is answered.

        `replica` is the number of the one to call, None for any. Answers None where the answer held a secret and got lost on its way.
        """
        package, _, path = rpc.partition(".")
        service, _, method = path.partition("/")
        full = service if service.startswith("kiezwerk.") else f"kiezwerk.{package}.v1.{service}"
        request_type, response_type = message_types(full, method)
        request = ParseDict(fields, request_type())
        if "request_id" in request_type.DESCRIPTOR.fields_by_name:
            request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]  # just looked up
        data = request.SerializeToString()
        answer, sequences = await self._until_answered(who, package, f"/{full}/{method}", data, replica)
        self.acknowledged.append(Acknowledged(rpc, sequences, one))
        return None if answer is None else response_type.FromString(answer)

    async def _until_answered(
        self, who: Person, service: str, path: str, data: bytes, replica: int | None
    ) -> tuple[bytes | None, dict[str, int]]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self._in_time(who, service, path, data, replica)
            except NotRunning as error:
                if time.monotonic() > deadline:
                    raise NotAnswered(f"{path}: {error}") from None
                self.repeats["NOT_RUNNING"] += 1
            except TimeoutError:
                self.repeats["STALLED"] += 1
            except grpc.aio.AioRpcError as error:
                reason = reason_of(error)
                if reason == "ANSWERED_BEFORE":
                    return None, {}
                if (error.code() not in AGAIN and reason != "BUSY") or time.monotonic() > deadline:
                    raise NotAnswered(f"{path}: {error.code().name} {reason}: {error.details()}") from None
                self.repeats[error.code().name] += 1
            await asyncio.sleep(0.2)

    async def _in_time(self, *call: Any) -> tuple[bytes, dict[str, int]]:
        """As `_once`; raises NotAnswered for a call that outlives its deadline, TimeoutError where the machine was to blame."""
        most, started = CALL_SECONDS + LATE_SECONDS, time.monotonic()
        try:
            async with asyncio.timeout(most):
                return await self._once(*call)
        except TimeoutError:
            if time.monotonic() - started > most + STALLED_SECONDS:
                raise
            raise NotAnswered(f"{call[2]}: no answer {LATE_SECONDS:.0f} s after its deadline") from None

    async def _once(
        self, who: Person, service: str, path: str, data: bytes, replica: int | None
    ) -> tuple[bytes, dict[str, int]]:
        # Asked anew each time: a system that was started again may answer elsewhere.
        addresses = self.addresses(service)
        address = addresses[(next(self._turn) if replica is None else replica) % len(addresses)]
        if address not in self._channels:
            self._channels[address] = (
                grpc.aio.secure_channel(address, self.trusted, options=OPTIONS)
                if self.trusted
                else grpc.aio.insecure_channel(address, options=OPTIONS)
            )
        headers = (("authorization", f"Bearer {self._token(who)}"),)
        invoke: Any = self._channels[address].unary_unary(path)
        call = invoke(data, timeout=CALL_SECONDS, metadata=headers)
        answer = await call
        sequences: dict[str, int] = {}
        for key, value in await call.trailing_metadata() or ():
            if key == "kiez-seq" and value:
                parts = (part.partition("=") for part in str(value).split(","))
                sequences |= {aggregate: int(number) for aggregate, _, number in parts}
        return answer, sequences

    def _token(self, who: Person) -> str:
        if who.sub not in self._tokens:
            self._tokens[who.sub] = self.issuer.token(who.sub, *who.grants)
        return self._tokens[who.sub]

    def replicas(self, service: str) -> int:
        """How many there are to call; one while nobody is there."""
        try:
            return len(self.addresses(service))
        except NotRunning:
            return 1

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()
