"""The outsider: a library's system that hears what the city says in public about Lichtenberg, and nothing else."""

import asyncio
from collections import Counter
from collections.abc import Iterable

import nats
from nats.js.errors import NotFoundError

from kiezctl.demo.deviation import Deviation
from kiezctl.demo.figures import DISTRICT
from kiezctl.said import Said, said, streams_of
from kiezctl.wire import nats_options

SUBJECT = f"kiez.pub.*.v1.*.{DISTRICT}.>"
SECONDS = 30.0


class Outsider:
    """Listens from now on; keeps each message once, and sees to it that every aggregate's come in order."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.heard: list[Said] = []
        self._last: dict[str, int] = {}
        self._from: dict[str, int] = {}
        self._arrived: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._from = await self._ends()
        self._arrived = dict(self._from)
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        async for message in said(self._url, (SUBJECT,)):
            self._arrived[message.stream] = message.number
            sequence = int(message.headers["ce-sequence"])
            # A repeat has the same number again; whoever drops those has each message once.
            if sequence > self._last.get(message.headers["ce-subject"], 0):
                self._last[message.headers["ce-subject"]] = sequence
                self.heard.append(message)

    async def catch_up(self) -> None:
        """Wait until all that has been said in public has arrived here; raises Deviation."""
        ends = await self._ends()
        try:
            async with asyncio.timeout(SECONDS):
                while any(self._arrived.get(stream, 0) < end for stream, end in ends.items()):
                    if self._task and self._task.done():
                        await self._task
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Deviation(f"The outside subscriber did not receive everything within {SECONDS:.0f} s.") from None

    async def replay(self) -> list[Said]:
        """What the streams hold since the beginning, asked for anew."""
        found: list[Said] = []
        wanted = {stream: end for stream, end in (await self._ends()).items() if end > self._from.get(stream, 0)}
        async for message in said(self._url, (SUBJECT,), from_start=True):
            if message.number > self._from.get(message.stream, 0):
                found.append(message)
            if wanted.get(message.stream) == message.number:
                del wanted[message.stream]
            if not wanted:
                break
        return found

    async def _ends(self) -> dict[str, int]:
        """The number of the newest public message about the district in each stream."""
        client = await nats.connect(**nats_options(self._url))
        ends: dict[str, int] = {}
        try:
            for stream in streams_of(""):
                try:
                    message = await client.jetstream(timeout=3).get_last_msg(stream, SUBJECT)
                except NotFoundError:
                    continue
                ends[stream] = message.seq or 0
        finally:
            await client.close()
        return ends


def missing(heard: Iterable[Said], expected: Iterable[str]) -> list[str]:
    """The expected facts, as often as they are named, that were not heard."""
    return sorted((Counter(expected) - Counter(message.fact for message in heard)).elements())
