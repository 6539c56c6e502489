"""What JetStream and nats-py do that we work around: each test fails when the installed version no longer does it."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import APIError

from chassis.ports import new_id
from kiezctl.embedded import nats_server
from tests.support.city import City, eventually
from tests.support.hazard import still

DUPLICATE_IN_BATCH = 10_201


async def test_still_a_durable_is_not_updated_by_subscribing(city: City, stream: str) -> None:
    for pending in (5, 7):
        await city.jetstream.pull_subscribe(
            f"{stream}.>", durable="d", stream=stream, config=ConsumerConfig(max_ack_pending=pending)
        )
    info = await city.jetstream.consumer_info(stream, "d")
    still(info.config.max_ack_pending == 5, "add_consumer before each subscription")


async def test_still_more_than_one_message_at_a_time_loses_the_order_at_the_first_nak(city: City, stream: str) -> None:
    for number in range(4):
        await city.jetstream.publish(f"{stream}.x", str(number).encode())
    hearing = await city.jetstream.pull_subscribe(
        f"{stream}.>", durable="d", stream=stream, config=ConsumerConfig(max_ack_pending=256)
    )
    done: list[str] = []
    while len(done) < 4:
        (message,) = await hearing.fetch(1, timeout=5)
        if message.data == b"1" and message.metadata.num_delivered == 1:
            await message.nak(delay=2)
        else:
            done.append(message.data.decode())
            await message.ack()
    still(done != sorted(done), "max_ack_pending 1")


async def test_still_a_limit_of_deliveries_drops_a_message_silently(city: City, stream: str) -> None:
    await city.jetstream.publish(f"{stream}.x", b"1")
    hearing = await city.jetstream.pull_subscribe(
        f"{stream}.>", durable="d", stream=stream, config=ConsumerConfig(max_deliver=2, ack_wait=0.2)
    )
    for _ in range(2):
        await hearing.fetch(1, timeout=5)
    try:
        dropped = not await hearing.fetch(1, timeout=1)
    except NatsTimeoutError:
        dropped = True
    still(dropped, "max_deliver -1 and counting deliveries ourselves")


async def test_still_what_is_published_again_after_the_window_is_stored_again(city: City, stream: str) -> None:
    same = {"Nats-Msg-Id": new_id()}
    assert (await city.jetstream.publish(f"{stream}.x", b"1", headers=same)).duplicate is not True
    assert (await city.jetstream.publish(f"{stream}.x", b"1", headers=same)).duplicate is True

    async def stored_again() -> bool:
        await city.jetstream.publish(f"{stream}.x", b"1", headers=same)
        return (await city.jetstream.stream_info(stream)).state.messages > 1

    await eventually(stored_again)
    still(True, "reading a row again before it is published late")


async def test_still_denying_deletion_can_never_be_taken_back(city: City) -> None:
    name = new_id()[-12:]
    config = StreamConfig(name=name, subjects=[f"{name}.>"], deny_delete=True)
    await city.jetstream.add_stream(config)
    try:
        await city.jetstream.update_stream(config.evolve(deny_delete=False))
        refused = False
    except APIError:
        refused = True
    await city.jetstream.delete_stream(name)
    still(refused, "deny_delete staying off")


async def test_still_whoever_may_read_all_inboxes_reads_what_others_pull(city: City, stream: str) -> None:
    listener, consumer = await nats.connect(city.nats_url), await nats.connect(city.nats_url)
    overheard = await listener.subscribe("_INBOX.>")
    await listener.flush()
    await city.jetstream.publish(f"{stream}.x", b"private")
    hearing = await consumer.jetstream().pull_subscribe(f"{stream}.>", durable="d", stream=stream)
    await hearing.fetch(1, timeout=5)
    found = False
    while not found:
        found = (await overheard.next_msg(timeout=5)).data == b"private"
    await consumer.close()
    await listener.close()
    still(found, "an inbox prefix for each user")


async def test_still_one_duplicate_refuses_a_whole_atomic_batch(city: City, stream: str) -> None:
    client = await nats.connect(city.nats_url)
    await city.jetstream.publish(f"{stream}.x", b"1", headers={"Nats-Msg-Id": "known"})
    batch = {"Nats-Batch-Id": new_id()}
    first = batch | {"Nats-Batch-Sequence": "1", "Nats-Msg-Id": "new"}
    await client.request(f"{stream}.x", b"2", headers=first, timeout=5)
    last = batch | {"Nats-Batch-Sequence": "2", "Nats-Msg-Id": "known", "Nats-Batch-Commit": "1"}
    answer = json.loads((await client.request(f"{stream}.x", b"1", headers=last, timeout=5)).data)
    await client.close()
    stored = (await city.jetstream.stream_info(stream)).state.messages
    still(stored == 1 and answer["error"]["err_code"] == DUPLICATE_IN_BATCH, "publishing one by one")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_still_a_publish_may_never_resolve_after_a_crash_of_the_server(tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server:
        client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
        js = client.jetstream()
        await js.add_stream(name="ONE", subjects=["one.>"])
        server.child.send(signal.SIGSTOP)
        publishing = await js.publish_async("one.x", b"1")
        await server.child.kill()
        await server.child.start()

        async def back() -> bool:
            return client.is_connected

        await eventually(back)
        await js.publish("one.x", b"2")
        done, waiting = await asyncio.wait((publishing,), timeout=1)
        publishing.cancel()
        await client.close()
    still(waiting and not done, "the time-out around each publish")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB, half of it taken by the file `filler`."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may make a small disk")
    try:
        (folder / "filler").write_bytes(bytes(6_000_000))
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_still_a_stream_that_met_a_full_disk_refuses_until_its_server_is_started_again(small_disk: Path) -> None:
    async with nats_server(small_disk / "nats") as server:
        client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
        js = client.jetstream(timeout=2)
        await js.add_stream(name="ONE", subjects=["one.>"])
        kept = 0
        with pytest.raises((APIError, NatsTimeoutError)):  # noqa: PT012 - how many fit is not known
            while kept < 1_000:
                await js.publish("one.x", os.urandom(50_000))
                kept += 1
        (small_disk / "filler").unlink()
        try:
            await js.publish("one.x", b"there is room")
            refused = False
        except (APIError, NatsTimeoutError):
            refused = True
        still(refused, "restarting NATS after a full disk (docs/operations/full-disk.md)")
        await server.child.kill()
        await server.child.start()

        async def goes_on() -> bool:
            try:
                await js.publish("one.x", b"there is room")
            except (APIError, NatsError):
                return False
            return True

        await eventually(goes_on)
        assert (await js.stream_info("ONE")).state.messages > kept
        await client.close()
