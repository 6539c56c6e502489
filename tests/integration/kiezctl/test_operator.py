"""What an operator types of parked messages and of the outbox, against services that run and a message that was really parked."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nats
import pytest
import pytest_asyncio

from chassis.bus import streams
from chassis.ports import Role, new_id
from kiezctl.embedded import NatsServer, nats_server
from kiezctl.endpoints import Endpoints
from kiezctl.home import ROOT, Home
from kiezctl.issuer import create_secrets
from kiezctl.ports import SERVICES
from tests.support.actors import COORDINATOR, a_profile_request
from tests.support.city import City, Started, eventually

pytestmark = pytest.mark.timeout(120)
MOST_LINES, COLUMNS = 40, 100
# Nobody is written to here.
OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "notify": {"smtp_host": "127.0.0.1", "smtp_port": 1, "mail_from": "kiez@example.org"}
}


@dataclass(slots=True)
class System:
    """Four running services on a NATS of their own, and the operator's command in front of them."""

    city: City
    server: NatsServer
    services: dict[str, Started]
    env: dict[str, str]

    async def kiezctl(self, *words: str, code: int = 0) -> str:
        """What the command prints, on both ways; it has to end with this code."""
        command = (sys.executable, "-m", "kiezctl", *words)
        done = await asyncio.to_thread(
            subprocess.run, command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90
        )
        said = str(done.stdout) + str(done.stderr)
        assert done.returncode == code, said
        assert "Traceback" not in said
        return said

    async def asked(self, *words: str, code: int = 0) -> Any:
        return json.loads(await self.kiezctl(*words, "--json", code=code))


@pytest_asyncio.fixture
async def system(city: City, tmp_path: Path) -> AsyncIterator[System]:
    home = Home(tmp_path / "home")
    home.create()
    issuer = create_secrets(home)
    async with AsyncExitStack() as held:
        server = await held.enter_async_context(nats_server(tmp_path / "nats"))
        client = await nats.connect(server.url)
        held.push_async_callback(client.close)
        for name in SERVICES:
            # A stream that is there from the start spares every consumer the look five seconds later.
            await streams.provide_stream(client.jetstream(), name, 1)
        own = replace(city, nats_url=server.url, issuer=issuer, jetstream=client.jetstream())
        services = {
            name: await held.enter_async_context(own.service(name, jwks=str(home.jwks), **OF_ITS_OWN.get(name, {})))
            for name in SERVICES
        }
        addresses = {
            name: {"grpc": f"127.0.0.1:{one.running.grpc_port}", "http": one.http} for name, one in services.items()
        }
        endpoints = tmp_path / "endpoints.json"
        endpoints.write_text(json.dumps(Endpoints(addresses, server.url, server.monitor_url).as_json()))
        env = {
            **os.environ,
            "KIEZ_HOME": str(home.folder),
            "KIEZ_ENDPOINTS": str(endpoints),
            "COLUMNS": str(COLUMNS),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))),
        }
        yield System(own, server, services, env)


async def test_a_parked_message_is_listed_shown_driven_again_and_dropped_and_what_waits_behind_it_is_handled(
    system: System,
) -> None:
    actor = new_id()
    bad = await system.city.say_raw("actors", "actor_registered", actor, 1, b"{no json")
    good = await system.city.say_raw("actors", "actor_registered", actor, 2, {"state": _an_actor(actor)})
    first, second = f"funds-actors:{bad}", f"funds-actors:{good}"

    async def both_parked() -> bool:
        return await system.services["funds"].running.inbox.parked_count() == 2

    await eventually(both_parked)
    assert [(one["id"], one["reason"], one["behind"]) for one in await _parked_by_funds(system)] == [
        (first, "UNREADABLE_BODY", False),
        (second, "BEHIND", True),
    ]
    listed = await system.kiezctl("parked", "list")
    # In one piece, to be handed to the next command.
    assert first in listed
    assert second in listed
    assert "{no json" in await system.kiezctl("parked", "show", first)
    assert "PARKED_BEHIND" in await system.kiezctl("parked", "redrive", second, code=1)
    assert "0 handled, 1 still parked." in await system.kiezctl("parked", "redrive", first, code=1)
    await _on_one_screen(system)
    assert "given up" in await system.kiezctl("parked", "drop", first, "--reason", "It holds no JSON.")
    assert "1 handled, 0 still parked." in await system.kiezctl("parked", "redrive", "--durable", "funds-actors")
    await system.services["funds"].knows(actor, 2)
    assert await _parked_by_funds(system) == []


async def test_where_another_identity_provider_signs_the_operator_calls_by_its_token(
    system: System, tmp_path: Path
) -> None:
    own = Home(tmp_path / "own")
    own.create()
    create_secrets(own)
    system.env["KIEZ_HOME"] = str(own.folder)
    file = tmp_path / "operator.token"
    system.env["KIEZ_OPERATOR_TOKEN_FILE"] = str(file)
    # There is no such file yet: the token is one that nobody knows.
    await system.kiezctl("ledger", "verify", code=1)
    file.write_text(system.city.token(Role("operator"), Role("auditor"), sub="operator@city.example") + "\n")
    assert (await system.asked("ledger", "verify"))["correct"] is True
    assert await system.asked("parked", "list") == {"parked": []}


async def test_an_export_is_shown_where_no_file_can_be_written(system: System, tmp_path: Path) -> None:
    words = ("export", "grants-csv", "--region", "11", "--year", "2027", "--out")
    refused = await system.kiezctl(*words, str(tmp_path / "nowhere" / "x.csv"), code=1)
    assert "--out -" in refused
    shown = await system.kiezctl(*words, "-")
    await system.kiezctl(*words, str(tmp_path / "x.csv"))
    assert shown == (tmp_path / "x.csv").read_text(encoding="utf-8-sig" if shown[0] != "\ufeff" else "utf-8")


async def _parked_by_funds(system: System) -> list[dict[str, Any]]:
    """Others hear the same messages, and park them too."""
    return [one for one in (await system.asked("parked", "list"))["parked"] if one["durable"] == "funds-actors"]


async def _on_one_screen(system: System) -> None:
    lines = (await system.kiezctl("status", code=1)).splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= COLUMNS
    assert any(line.startswith("funds") and "messages parked" in line for line in lines)
    assert any("funds     PARKED_BEHIND" in line for line in lines)


async def test_what_a_stream_lacks_is_said_by_status_and_published_again(system: System) -> None:
    actors = system.services["actors"]
    request = {"profile": a_profile_request()}
    answer = await actors.call("ActorService/RegisterActor", request, COORDINATOR)
    said = await actors.published(answer.actor.id)
    await _lose_all(system, "ACTORS")
    shown = await system.kiezctl("outbox", "status", code=1)
    assert [line.split()[-1] for line in shown.splitlines() if line.startswith("actors")] == [str(len(said))]
    compared = (await system.asked("outbox", "reconcile", code=1))["actors"]
    assert (int(compared["published"]), int(compared["lacking"])) == (len(said), len(said))
    assert int((await system.asked("outbox", "republish"))["actors"]["queued"]) == len(said)
    assert [message.headers["ce-id"] for message in await actors.published(answer.actor.id)] == [
        message.headers["ce-id"] for message in said
    ]
    stream = (await system.asked("outbox", "status"))["actors"]["stream"]
    assert (int(stream["published"]), int(stream["lacking"]), int(stream["foreign"])) == (len(said), 0, 0)


async def test_a_comparison_that_cannot_be_made_is_said_in_a_word_beside_what_is_known(system: System) -> None:
    await system.server.child.kill()
    shown = (await system.kiezctl("outbox", "status", code=1)).splitlines()
    assert [line.split()[0] for line in shown if "not known: NATS_AWAY" in line] == list(SERVICES)
    await system.server.child.start()


async def _lose_all(system: System, stream: str) -> None:
    """What the stream holds is gone, and the ids are not remembered for the ten minutes in which it takes none again."""
    js = system.city.jetstream
    config = (await js.stream_info(stream)).config
    await js.update_stream(replace(config, duplicate_window=0.1))
    await js.purge_stream(stream)


def _an_actor(id: str) -> dict[str, Any]:
    return {"id": id, "region": "114009", "name": "Nachbarschaftshaus", "is_public": True,
            "kind": "association", "status": "active"}  # fmt: skip
