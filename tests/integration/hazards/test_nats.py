"""What nats-py does that we work around: each test fails when it is no longer so."""

import asyncio
import gc
import warnings

import nats

from tests.support.city import eventually
from tests.support.hazard import still

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
