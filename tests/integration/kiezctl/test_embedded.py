"""The embedded servers keep what they acknowledged, and the mail sink what it accepted."""

import asyncio
import json
import sys
from contextlib import aclosing
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib
import httpx
import nats
import pytest

from kiezctl.child import Child, Program
from kiezctl.embedded import MissingBinary, find_binary, leash, nats_server, store_server
from kiezctl.home import ROOT
from kiezctl.ports import HOST
from kiezctl.probe import connect, get
from kiezctl.said import Said, said, subjects
from kiezctl.strip import free_port
from tests.support.city import eventually
from tests.support.killed_store import committed_until_killed, lost
from tests.support.proxy import Mode, a_proxy


async def test_nats_syncs_each_message_and_keeps_it_when_killed(tmp_path: Path) -> None:
    async with nats_server(tmp_path / 'a "folder" with spaces') as server:
        shown = json.loads(await get(f"{server.monitor_url}/jsz"))
        assert shown["config"]["sync_always"] is True
        client = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
        await client.jetstream().add_stream(name="FUNDS", subjects=["kiez.>"])
        await client.jetstream().publish("kiez.pub.funds.v1.x.11.0.0.0", b"{}")
        await client.close()
        await server.child.kill()
        await server.child.start()
        client = await nats.connect(server.url)
        assert (await client.jetstream().stream_info("FUNDS")).state.messages == 1
        await client.close()


async def test_the_store_keeps_what_it_committed_when_killed(tmp_path: Path) -> None:
    async with store_server(tmp_path / "a store") as server:
        # Without it nearly each kill loses some, but not each.
        assert "--sync-on-commit" in server.child.program.command
        committed = await committed_until_killed(server.child, server.uri)
        await server.child.start()
        assert await lost(server.uri, committed) == []


def test_a_missing_program_is_named() -> None:
    with pytest.raises(MissingBinary, match="nats-serfer"):
        find_binary("nats-serfer")


async def test_the_mail_sink_keeps_a_mail_over_a_crash(tmp_path: Path) -> None:
    smtp, http = free_port(), free_port()
    command = (sys.executable, "-m", "kiezctl.mail_sink", str(tmp_path / "mail"), str(smtp), str(http))
    program = Program("mail sink", command, tmp_path / "log", lambda: connect(http), folder=ROOT)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kiez@example.org", "a@example.org", "Einladung"
    mail.set_content("Grüße")
    with leash() as held:
        child = Child(program, held)
        await child.start()
        await aiosmtplib.send(mail, hostname=HOST, port=smtp, start_tls=False)
        await child.kill()
        await child.start()
        async with httpx.AsyncClient() as client:
            found = (await client.get(f"http://{HOST}:{http}/api/messages")).json()["messages"]
        await child.kill()
    assert [(one["to"], one["subject"], one["text"].strip()) for one in found] == [
        (["a@example.org"], "Einladung", "Grüße")
    ]


async def _publish(url: str, first: int, last: int) -> None:
    client = await nats.connect(url)
    js = client.jetstream()
    for service in ("FUNDS", "EVENTS"):
        await js.add_stream(name=service, subjects=[f"kiez.*.{service.lower()}.v1.>"])
    for number in range(first, last):
        service = "funds" if number % 2 else "events"
        await js.publish(f"kiez.pub.{service}.v1.x.11.1140.114009.0", json.dumps({"n": number}).encode())
    await client.close()


async def _take(
    url: str, count: int, region: str = "", *, from_start: bool, found: list[Said] | None = None
) -> list[Said]:
    found = [] if found is None else found
    async for message in said(url, subjects(region=region), from_start=from_start):
        found.append(message)
        if len(found) == count:
            break
    return found


async def test_from_the_first_message_on_all_streams_come_as_one_sequence(tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server:
        await _publish(server.url, 0, 250)
        reading = asyncio.create_task(_take(server.url, 260, "11", from_start=True))
        await asyncio.wait((reading,), timeout=0.5)
        await _publish(server.url, 250, 260)
        numbers = [message.body["n"] for message in await asyncio.wait_for(reading, 20)]
    assert numbers[:250] == list(range(250))
    assert sorted(numbers) == list(range(260))


async def test_what_was_said_before_comes_whole_though_the_server_is_slow_in_the_middle(tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server, a_proxy(urlsplit(server.url).port or 0) as proxy:
        await _publish(server.url, 0, 400)

        def heal() -> None:
            proxy.mode = Mode.OPEN
            proxy.reset()

        numbers: list[int] = []
        reading: Any = said(f"nats://{HOST}:{proxy.port}", from_start=True)
        async with asyncio.timeout(40), aclosing(reading) as messages:
            async for message in messages:
                numbers.append(message.body["n"])
                if len(numbers) == 10:
                    # A hundred of each stream have come; the other hundred are sent, and get lost.
                    proxy.mode = Mode.HALF
                    asyncio.get_running_loop().call_later(3, heal)
                if len(numbers) == 400:
                    break
    assert numbers == list(range(400))


async def test_a_listener_goes_on_when_the_server_was_started_anew(tmp_path: Path) -> None:
    async with nats_server(tmp_path / "nats") as server:
        await _publish(server.url, 0, 4)
        found: list[Said] = []
        reading = asyncio.create_task(_take(server.url, 8, from_start=True, found=found))

        async def has_read_what_was_there() -> bool:
            return len(found) == 4

        await eventually(has_read_what_was_there)
        await server.child.kill()
        await server.child.start()
        await _publish(server.url, 4, 8)
        numbers = [message.body["n"] for message in await asyncio.wait_for(reading, 40)]
    assert sorted(numbers) == list(range(8))
