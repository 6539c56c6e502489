"""One call from bytes to bytes: who asks, what is asked, may they, has it been answered, do it, answer."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import DecodeError, Message

from chassis import auth, codec, idempotency, logs
from chassis.access import Access, check_access
from chassis.envelope import Cause
from chassis.idempotency import Answer, Repeats
from chassis.inbox import Inbox, caught_up
from chassis.limits import Limits
from chassis.ports import Caller, Page
from chassis.refusals import Invalid, Refusal, Unauthenticated, Unavailable
from chassis.rpc.api import Api, Rpc
from chassis.rpc.sent import Read, one_request
from chassis.store import Store, StoreTransaction, faults

# What every gRPC client takes unless it says otherwise.
LARGEST_BYTES = 4 * 1024 * 1024
# For what a copy is to have first: a copy that is further behind is behind for other reasons than time.
LONGEST_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """What comes with a call. `seconds` is what is left of its deadline; `address` is an IP address; `read` waits for the request's bytes."""

    metadata: Mapping[str, str]
    seconds: float
    address: str
    read: Read

    @property
    def correlation_id(self) -> str:
        """The caller's own id when it is a plain one, else a new one."""
        return logs.plain_id(self.metadata.get("kiez-correlation-id", ""))


@dataclass(frozen=True, slots=True)
class Calls:
    """What carries out the calls of one service."""

    store: Store
    inbox: Inbox
    repeats: Repeats
    authority: auth.Authority
    access: Mapping[str, Access]
    limits: Limits

    async def answer(self, api: Api, rpc: Rpc, call: Call, correlation_id: str) -> Answer:
        """The response bytes; raises refusals, of a store that is away, too, and whatever a bug raises."""
        with faults.spoken():
            return await self._answer(api, rpc, call, correlation_id)

    async def _answer(self, api: Api, rpc: Rpc, call: Call, correlation_id: str) -> Answer:
        caller = await self._caller(call)
        check_access(caller, self.access[f"{api.name.rpartition('.')[2]}/{rpc.name}"])
        with self.limits.at_once(caller.sub, call.address):
            return await self._carried_out(api, rpc, call, caller, correlation_id)

    async def _carried_out(self, api: Api, rpc: Rpc, call: Call, caller: Caller, correlation_id: str) -> Answer:
        request = _parse(api.request_type(rpc.name), await one_request(call.read))
        asked = codec.read(request, rpc.takes)
        if rpc.is_form and caller.is_public:
            self.limits.form(call.address)
        if rpc.writes:
            cause = Cause("") if rpc.unrecorded else _cause(call, caller, correlation_id)
            with self.limits.guessing(call.address, rpc.guesses):
                return await self._command(api, rpc, request, asked, caller, cause)
        if wanted := _min_seq(call.metadata.get("kiez-min-seq", "")):
            seconds = min(call.seconds * 0.9, LONGEST_WAIT_SECONDS)
            await caught_up(self.inbox, wanted, seconds, self.limits.waiting(caller.sub, call.address))
        return Answer(await _read(api, rpc, asked, caller), {})

    async def _caller(self, call: Call) -> Caller:
        try:
            caller = await self.authority.caller(call.metadata.get("authorization", ""))
        except Unauthenticated:
            self.limits.call("", call.address)
            raise
        self.limits.call(caller.sub, call.address)
        return caller

    async def _command(self, api: Api, rpc: Rpc, request: Message, asked: Any, caller: Caller, cause: Cause) -> Answer:
        request_id = _request_id(request, rpc)
        key = idempotency.key_of(caller.sub, f"{api.name}/{rpc.name}", request_id)
        digest = idempotency.digest_of(request.SerializeToString(deterministic=True))

        async def work(tx: StoreTransaction) -> Answer:
            result = await rpc.handler(tx, asked, caller)
            # What of all was written is not for everybody to learn.
            answer = Answer(_response(api, rpc, result), {} if caller.is_public else tx.sequences())
            if request_id:
                self.repeats.keep(tx, key, digest, answer, secret=rpc.secret)
            return answer

        try:
            locks = await rpc.locks(asked) if rpc.locks else ()
            return await self.store.transact(work, locks=locks, cause=cause)
        except Unavailable:
            raise
        except Refusal:
            # What was done once is mostly refused the second time: then the first answer is the one to give.
            first = await self.repeats.find(key, digest) if request_id else None
            if first is None:
                raise
            return first


def _cause(call: Call, caller: Caller, correlation_id: str) -> Cause:
    return Cause(correlation_id, by=caller.sub, traceparent=call.metadata.get("traceparent", "")[:64])


def _parse(kind: type[Message], data: bytes) -> Message:
    try:
        return kind.FromString(data)
    except (DecodeError, UnicodeDecodeError):
        raise Invalid("UNREADABLE_REQUEST", f"The bytes are no {kind.DESCRIPTOR.name}.") from None


def _request_id(request: Message, rpc: Rpc) -> str:
    request_id: str = getattr(request, "request_id", "")
    if not request_id and not rpc.money:
        return ""
    try:
        return str(uuid.UUID(request_id))
    except ValueError:
        what = "must be a UUID" if request_id else "is required, for money moves here"
        raise codec.invalid_fields({"request_id": what}) from None


async def _read(api: Api, rpc: Rpc, asked: Any, caller: Caller) -> bytes:
    """The answer to a query; a page of more bytes than a client takes is a shorter one."""
    result = await rpc.handler(asked, caller)
    response = _response(api, rpc, result)
    while isinstance(result, Page) and len(result.items) > 1 and len(response) > LARGEST_BYTES:
        asked = replace(asked, page_size=len(result.items) // 2)
        result = await rpc.handler(asked, caller)
        response = _response(api, rpc, result)
    return response


def _response(api: Api, rpc: Rpc, result: Any) -> bytes:
    kind = api.response_type(rpc.name)
    if isinstance(result, Page):
        response = codec.write(kind, result.items, rpc.answer)
        response.next_page_token = result.next_page_token  # type: ignore[attr-defined]  # every list response has it
    else:
        response = codec.write(kind, result, rpc.answer)
    return response.SerializeToString()


def _min_seq(text: str) -> list[tuple[str, int]]:
    """`<aggregate>=<n>`, several with commas between."""
    wanted = []
    for part in filter(None, text.split(",")):
        aggregate_id, _, sequence = part.strip().partition("=")
        if not (aggregate_id and sequence.isdecimal() and len(sequence) <= 10):
            raise codec.invalid_fields({"kiez-min-seq": "must be <aggregate>=<number>"})
        wanted.append((aggregate_id, int(sequence)))
    return wanted
