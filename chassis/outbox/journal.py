"""The outbox as the journal of a service: compared with the stream, its copy, which it can fill again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from chassis.refusals import Unavailable
from chassis.store import Store

IN_FLIGHT = 32
AT_ONCE = 1_000
TRIES = 5
REACH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many facts are marked as published, how many of them the stream lacks, and what in it is not ours."""

    published: int
    lacking: int
    foreign: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ids: what is marked as published, what of it the stream lacks, and what in it no fact stands for."""

    published: frozenset[str]
    lacking: frozenset[str]
    foreign: frozenset[str]

    def counted(self) -> Reconciliation:
        return Reconciliation(len(self.published), len(self.lacking), len(self.foreign))


class Journal:
    """Reads both sides whole: about half a millisecond of processor for each message, and no memory beyond the ids."""

    def __init__(
        self,
        store: Store,
        stream: str,
        jetstream: Callable[[], Awaitable[JetStreamContext]],
        stream_is_gone: Callable[[], None],
    ) -> None:
        self._rows, self._stream, self._jetstream = store.rows("outbox"), stream, jetstream
        self._stream_is_gone = stream_is_gone

    async def compare(self) -> Comparison:
        # The outbox first: a fact published between the two readings would else seem to be lacking.
        published = frozenset(
            [row["_id"] async for row in self._rows.find({"published_at": {"$ne": None}}, {"_id": 1})]
        )
        try:
            in_stream = await self._ids_in_stream()
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable("NATS_AWAY", "The stream cannot be read; repeat the call.") from error
        return Comparison(published, published - in_stream, await self._unknown(in_stream - published))

    async def _unknown(self, ids: frozenset[str]) -> frozenset[str]:
        """Those that the outbox does not know: the others were said while the stream was read, or are not marked yet."""
        asked, known = sorted(ids), set[str]()
        for start in range(0, len(asked), AT_ONCE):
            batch = {"_id": {"$in": asked[start : start + AT_ONCE]}}
            known |= {row["_id"] async for row in self._rows.find(batch, {"_id": 1})}
        return ids - known

    async def _reached(self) -> JetStreamContext:
        # A connection that has never been made is tried without end.
        async with asyncio.timeout(REACH_SECONDS):
            return await self._jetstream()

    async def _ids_in_stream(self) -> frozenset[str]:
        try:
            last = (await (await self._reached()).stream_info(self._stream)).state
        except NotFoundError:
            # It is made anew, empty, by whoever asks for the connection next.
            self._stream_is_gone()
            last = (await (await self._reached()).stream_info(self._stream)).state
        js = await self._reached()
        # By number, and not through a consumer of its own: a service needs no right to make one.
        numbers = iter(range(last.first_seq, last.last_seq + 1)) if last.messages else iter(())
        found = await asyncio.gather(*(self._read(js, numbers) for _ in range(IN_FLIGHT)))
        return frozenset().union(*found)

    async def _read(self, js: JetStreamContext, numbers: Iterator[int]) -> set[str]:
        ids: set[str] = set()
        for number in numbers:
            message = await self._message(js, number)
            if message is None:
                continue
            # Whoever writes past us may write anything: nats-py gives bytes that are no ASCII as an object of its own.
            ids.add(str((message.headers or {}).get("ce-id", f"without id: {number}")))
        return ids

    async def _message(self, js: JetStreamContext, number: int) -> RawStreamMsg | None:
        """None where whoever may has deleted it. Of so many answers one may be late, and all was read in vain."""
        for tries_left in reversed(range(TRIES)):
            try:
                return await js.get_msg(self._stream, number)
            except NotFoundError:
                return None
            except NatsTimeout:
                if not tries_left:
                    raise
        return None

    async def republish(self) -> int:
        """Mark what the stream lacks as unpublished: the relay brings it out, in order per aggregate."""
        lacking = sorted((await self.compare()).lacking)
        for start in range(0, len(lacking), AT_ONCE):
            batch = lacking[start : start + AT_ONCE]
            await self._rows.update_many({"_id": {"$in": batch}}, {"$set": {"published_at": None}})
        return len(lacking)
