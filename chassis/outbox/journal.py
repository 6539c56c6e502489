"""The outbox as the journal of a service: compared with the stream, its copy, which it can fill again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chassis.refusals import Unavailable
from chassis.store import Store

READ_SECONDS = 10.0
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many facts are marked as published, how many of them the stream lacks, and what in it is not ours."""

    published: int
    lacking: int
    foreign: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ids on both sides."""

    published: frozenset[str]
    in_stream: frozenset[str]

    @property
    def lacking(self) -> frozenset[str]:
        return self.published - self.in_stream

    def counted(self) -> Reconciliation:
        return Reconciliation(len(self.published), len(self.lacking), len(self.in_stream - self.published))


class Journal:
    """Reads both sides whole: minutes for millions of messages, and no memory beyond their ids."""

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
        return Comparison(published, in_stream)

    async def _ids_in_stream(self) -> frozenset[str]:
        try:
            last = (await (await self._jetstream()).stream_info(self._stream)).state
        except NotFoundError:
            # It is made anew, empty, by whoever asks for the connection next.
            self._stream_is_gone()
            last = (await (await self._jetstream()).stream_info(self._stream)).state
        js = await self._jetstream()
        ids: set[str] = set()
        if last.messages == 0:
            return frozenset()
        subscription = await js.subscribe(
            "kiez.>", stream=self._stream, ordered_consumer=True, headers_only=True, pending_msgs_limit=-1
        )
        try:
            while True:
                message = await subscription.next_msg(timeout=READ_SECONDS)
                ids.add((message.headers or {}).get("ce-id", f"without id: {message.metadata.sequence.stream}"))
                if message.metadata.sequence.stream >= last.last_seq:
                    return frozenset(ids)
        finally:
            await subscription.unsubscribe()

    async def republish(self) -> int:
        """Mark what the stream lacks as unpublished: the relay brings it out, in order per aggregate."""
        lacking = sorted((await self.compare()).lacking)
        for start in range(0, len(lacking), AT_ONCE):
            batch = lacking[start : start + AT_ONCE]
            await self._rows.update_many({"_id": {"$in": batch}}, {"$set": {"published_at": None}})
        return len(lacking)
