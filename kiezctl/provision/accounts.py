"""Has every running server of NATS read its accounts and certificates anew."""

import json
from pathlib import Path

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from kiezctl.trouble import Trouble
from kiezctl.wire import nats_options

RELOAD_SECONDS = 5.0
# What an account imports that comes with one reload is there from the next one on.
TIMES = 2
# Every two seconds: it may be starting just now.
CONNECT_TIMES = 15


async def reload_nats(url: str, login: Path) -> int:
    """How many servers read them; `login` is the system's. Raises Trouble when one does not take what it reads, or none answers."""
    options = nats_options(url) | {"nkeys_seed": str(login), "inbox_prefix": b"_INBOX"}
    try:
        client = await nats.connect(**options | {"max_reconnect_attempts": CONNECT_TIMES})
        try:
            servers = await _servers(client)
            for server in servers * TIMES:
                await _reload(client, server)
        finally:
            await client.close()
    except (NatsError, OSError, TimeoutError) as error:
        raise Trouble(
            f"NATS does not answer ({type(error).__name__}): `docker compose ps nats`. What it does not read now, it reads when it starts."
        ) from error
    return len(servers)


async def _reload(client: Client, server: str) -> None:
    answer = json.loads((await client.request(f"$SYS.REQ.SERVER.{server}.RELOAD", b"", timeout=RELOAD_SECONDS)).data)
    if "error" in answer:
        raise Trouble(f"NATS does not take its new accounts: {answer['error']}")


async def _servers(client: Client) -> list[str]:
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    await client.publish("$SYS.REQ.SERVER.PING", b"", reply=inbox)
    found: list[str] = []
    try:
        while True:
            found.append(json.loads((await answers.next_msg(timeout=1)).data)["server"]["id"])
    except TimeoutError:
        return found
