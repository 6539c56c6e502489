"""Has every running server of NATS read its accounts and certificates anew."""

import json
from pathlib import Path

import nats
from nats.aio.client import Client

from kiezctl.trouble import Trouble
from kiezctl.wire import nats_options

RELOAD_SECONDS = 5.0
# What an account imports that comes with one reload is there from the next one on.
TIMES = 2


async def reload_nats(url: str, login: Path) -> int:
    """How many servers read them; `login` is the system's. Raises Trouble when one does not take what it reads."""
    client = await nats.connect(**nats_options(url) | {"nkeys_seed": str(login), "inbox_prefix": b"_INBOX"})
    try:
        servers = await _servers(client)
        for server in servers * TIMES:
            request = f"$SYS.REQ.SERVER.{server}.RELOAD"
            answer = json.loads((await client.request(request, b"", timeout=RELOAD_SECONDS)).data)
            if "error" in answer:
                raise Trouble(f"NATS does not take its new accounts: {answer['error']}")
    finally:
        await client.close()
    return len(servers)


async def _servers(client: Client) -> list[str]:
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    await client.publish("$SYS.REQ.SERVER.PING", b"", reply=inbox)
    found: list[str] = []
    try:
        while True:
            found.append(json.loads((await answers.next_msg(timeout=1)).data)["server"]["id"])
    except nats.errors.TimeoutError:
        return found
