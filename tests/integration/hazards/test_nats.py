"""What nats-py does that we work around: each test fails when it is no longer so."""

import asyncio
import gc
import ssl
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import nats
from nats.aio.client import DEFAULT_MAX_OUTSTANDING_PINGS, DEFAULT_PING_INTERVAL

from chassis.ports import new_id
from chassis.tls import trusting
from kiezctl.strip import free_port
from tests.support.certificates import an_authority
from tests.support.city import City, eventually
from tests.support.hazard import still
from tests.support.nkeys import a_guarded_nats, a_login
from tests.support.proxy import Mode, a_proxy

INFO = b'INFO {"server_id":"x","version":"2.12.0","proto":1,"max_payload":1048576}\r\n'


async def _quiet(_: Exception) -> None:
    return None


async def test_still_a_reconnect_that_fails_leaves_its_connection_to_the_collector() -> None:
    came = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        if came == 1:
            writer.write(INFO)
            while not (await reader.readline()).startswith(b"PING"):
                pass
            writer.write(b"PONG\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        client = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.01, error_cb=_quiet)

        async def tried_again() -> bool:
            return came > 4

        await eventually(tried_again)
        await client.close()
        del client
        await asyncio.sleep(0)
        gc.collect()
    server.close()
    still(
        [warning for warning in told if "unclosed <StreamWriter" in str(warning.message)],
        "the filter of pyproject.toml",
    )


async def test_still_what_is_said_while_the_server_is_away_is_said_when_it_is_back_however_late(city: City) -> None:
    server, subject = urlsplit(city.nats_url), new_id()
    assert server.port
    listener = await nats.connect(city.nats_url)
    heard = await listener.subscribe(subject)
    await listener.flush()
    async with a_proxy(server.port) as proxy:
        url = f"nats://{server.hostname}:{proxy.port}"
        client = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.01, error_cb=_quiet)
        proxy.mode = Mode.REFUSED
        proxy.reset()

        async def is_cut_off() -> bool:
            return not client.is_connected

        await eventually(is_cut_off)
        await client.publish(subject, b"late")
        await proxy.heal()
        said = (await heard.next_msg(timeout=10)).data
        await client.close()
    await listener.close()
    still(said == b"late", "a connection of the relay that keeps nothing for a server that is away")


async def test_still_a_connection_whose_handshake_failed_is_never_closed(tmp_path: Path) -> None:
    login, trusted, other = a_login(tmp_path, "toy"), an_authority(tmp_path), an_authority(tmp_path, "other")
    refused, port = asyncio.Event(), free_port()

    async def note(error: Exception) -> None:
        if isinstance(error, ssl.SSLError):
            refused.set()

    async with a_guarded_nats(tmp_path, trusted, login, port=port) as url:
        client = await nats.connect(
            url, tls=trusting(trusted.ca), tls_handshake_first=True, nkeys_seed=str(login.seed),
            max_reconnect_attempts=-1, reconnect_time_wait=0.1, error_cb=note,
        )  # fmt: skip
    async with a_guarded_nats(tmp_path, other, login, port=port):
        await asyncio.wait_for(refused.wait(), 20)
        try:
            await asyncio.wait_for(client.close(), 2)
            is_closed = True
        except TimeoutError:
            is_closed = False
    still(not is_closed, "the bound of closing")


async def test_still_a_server_that_is_frozen_is_noticed_after_minutes(city: City) -> None:
    client = await nats.connect(city.nats_url)
    seconds = client.options["ping_interval"] * (client.options["max_outstanding_pings"] + 1)
    await client.close()
    assert seconds == DEFAULT_PING_INTERVAL * (DEFAULT_MAX_OUTSTANDING_PINGS + 1)
    still(seconds > 60, "a ping each 10 s")
