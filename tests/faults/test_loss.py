"""What NATS held is lost: durables, whole streams, room for more; and a calendar that leaps two years while processes die."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import nats
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy
from nats.js.errors import NotFoundError
from pymongo import AsyncMongoClient

from chassis.bus.hearing import DURABLE_IS_GONE
from kiezctl.ports import SERVICES
from tests.faults.rig import ROUND, Rig, a_rig
from tests.faults.test_kills import sound
from tests.support.city import eventually

pytestmark = ROUND
STEP = timedelta(days=75)


@asynccontextmanager
async def _jetstream(rig: Rig) -> AsyncIterator[JetStreamContext]:
    client = await nats.connect(rig.installation.places.nats)
    yield client.jetstream()
    await client.close()


def _ends(rig: Rig, name: str) -> int:
    return rig.installation.parts[name].codes.count(DURABLE_IS_GONE)


async def _ended(rig: Rig, name: str, before: int) -> None:
    async def ended_again() -> bool:
        return _ends(rig, name) > before

    await eventually(ended_again, 60)


async def test_durables_that_are_deleted_are_made_again_and_nothing_happens_twice(rig: Rig) -> None:
    before = {name: _ends(rig, name) for name in ("events", "notify")}

    async def deleted() -> None:
        async with _jetstream(rig) as js:
            await asyncio.sleep(1)
            await js.delete_consumer("FUNDS", "events-funds")
            await js.delete_consumer("FUNDS", "notify-funds")
        # Each process sees it by itself, and ends to be started anew.
        await asyncio.gather(*(_ended(rig, name, ends) for name, ends in before.items()))

    sound(await rig.under(deleted()), kills=2)


async def test_a_stream_that_is_deleted_is_filled_again_and_nothing_happens_twice(rig: Rig) -> None:
    async def deleted() -> None:
        async with _jetstream(rig) as js:
            await asyncio.sleep(1)
            before = (await js.stream_info("FUNDS")).state.messages
            await js.delete_stream("FUNDS")

            async def filled_again() -> bool:
                # What was said before is said again, and what is said meanwhile comes after it.
                return await _messages(js) > before

            await eventually(filled_again, 60)

    sound(await rig.under(deleted()), kills=2)


async def _messages(js: JetStreamContext) -> int:
    try:
        return (await js.stream_info("FUNDS")).state.messages
    except NotFoundError:
        return 0


async def _works_on(rig: Rig) -> None:
    """Ten more calls are answered."""
    before = len(rig.caller.acknowledged)

    async def more() -> bool:
        return len(rig.caller.acknowledged) > before + 10

    await eventually(more, 60)


async def _facts_wait(rig: Rig) -> bool:
    """Funds has been refused by its stream for longer than a publish takes."""
    async with AsyncMongoClient[dict[str, Any]](rig.installation.places.stores["funds"], tz_aware=True) as client:
        long_ago = datetime.now(UTC) - timedelta(seconds=1)
        unsaid = {"published_at": None, "recorded_at": {"$lt": long_ago}}
        return await client["funds"]["outbox"].find_one(unsaid) is not None


async def test_a_stream_without_room_refuses_and_all_is_said_when_there_is_room_again(rig: Rig) -> None:
    async def full() -> None:
        async with _jetstream(rig) as js:
            await asyncio.sleep(1)
            found = await js.stream_info("FUNDS")
            size = found.state.bytes
            await js.update_stream(found.config.evolve(max_bytes=size, discard=DiscardPolicy.NEW))
            await eventually(partial(_facts_wait, rig), 30)
            await asyncio.sleep(2)
            # At most what was on its way in that moment.
            assert (await js.stream_info("FUNDS")).state.bytes <= size + 100_000
            await js.update_stream(found.config)

    sound(await rig.under(full()))


@asynccontextmanager
async def _no_storage(rig: Rig) -> AsyncIterator[None]:
    """nats-server may keep less than it holds already; then it is started again with as much as ever."""
    server = rig.installation.parts["nats-server"]
    config = Path(server.child.program.command[-1])
    usual = config.read_text()
    for text in (usual.replace("jetstream {", "jetstream {\n  max_file_store: 1K"), usual):
        async with server.down():
            config.write_text(text)
        await server.ready()
        if text != usual:
            yield


async def test_a_server_without_storage_refuses_and_all_is_said_when_it_has_some_again(rig: Rig) -> None:
    services = [rig.installation.parts[name] for name in SERVICES]

    async def full() -> None:
        await _works_on(rig)
        ends = [len(part.codes) for part in services]
        async with _no_storage(rig), _jetstream(rig) as js:
            held = await _messages(js)
            await eventually(partial(_facts_wait, rig), 30)
            await _works_on(rig)
            assert await _messages(js) == held, "a fact was said"
        assert [len(part.codes) for part in services] == ends, "a service ended"

    sound(await rig.under(full()), kills=2)


async def test_a_calendar_that_leaps_two_years_while_processes_die_does_all_that_is_due_once(
    tmp_path: Path, chance: random.Random
) -> None:
    async with a_rig(tmp_path, chance.randrange(2**32)) as leaping:

        async def a_moment() -> None:
            await asyncio.sleep(3)

        sound(await leaping.under(a_moment()))
        killing = asyncio.create_task(leaping.kill(SERVICES, 6, chance))
        calendar = leaping.workload.calendar
        for _ in range(10):
            await calendar.move(calendar.now + STEP)
        with suppress(asyncio.CancelledError):
            await killing
        sound(await leaping.count(), kills=6)
        # There is work in the new year, too, and money for it.
        before = leaping.workload.ground.year
        sound(await leaping.under(a_moment()))
        assert leaping.workload.ground.year > before
