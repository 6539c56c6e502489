"""A store that is away: whatever is asked of a service, its answer is a refusal that says so, and never a bug."""

import asyncio
import contextlib
from collections import deque
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from starlette.routing import Route
from structlog.testing import capture_logs

from chassis.ports import Role, new_id
from kiezctl.embedded import store_server
from kiezctl.issuer import ROLES
from kiezctl.ports import SERVICES
from tests.component.test_descriptors import OWN
from tests.faults.fuzz.pool import Pool
from tests.faults.fuzz.values import Values
from tests.support.city import City, Started
from tests.support.client import Refused

# The share of fields that a request lacks, each time that an rpc is asked: some are refused before the store is asked.
LACKING = (0.0, 0.4)
AT_ONCE = asyncio.Semaphore(8)
BUGS = {("INTERNAL", "BUG"), ("UNKNOWN", "")}
EVERYONE = tuple(Role(name) for name in ROLES)


@pytest.mark.parametrize("name", SERVICES)
async def test_whatever_is_asked_while_the_store_is_away_is_told_that(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("chassis.store.connection.LOOK_SECONDS", 0.1)
    # To show each error on a terminal takes longer than all the calls.
    with capture_logs():
        async with (
            store_server(tmp_path) as server,
            city.service(name, store_uri=server.uri, **OWN.get(name, {})) as service,
        ):
            await server.child.kill()
            paths = list(service.running.server._table)
            asked = [(path, lacking) for path in paths for lacking in LACKING]
            answers = await asyncio.gather(*(_ask(service, path, lacking) for path, lacking in asked))
            pages = await _pages(service)
            await server.child.start()
    told: dict[str, set[tuple[str, str]]] = {path: set() for path in paths}
    for (path, _), answer in zip(asked, answers, strict=True):
        told[path].add(answer)
    assert {path: reasons for path, reasons in told.items() if reasons & BUGS} == {}
    assert [page for page, status in pages.items() if status == 500] == []
    # Else nothing was tried: what needs no store, or was refused before, is the smaller part.
    away = {path for path, reasons in told.items() if ("UNAVAILABLE", "STORE_AWAY") in reasons}
    assert len(away) > 0.7 * len(paths), sorted(set(paths) - away)
    assert {path for path in paths if "OperatorService" in path} <= away


async def _ask(service: Started, path: str, lacking: float) -> tuple[str, str]:
    """The status and the reason that one rpc is answered with, asked of records that might be there."""
    api, rpc = service.running.server._table[path]
    random = Random(f"{path}:{lacking}")
    message = api.request_type(rpc.name)()
    Values(random, Pool(ids={"any": deque([new_id()])}), await service.now(), nerve=0.0).fill(message)
    for field in message.DESCRIPTOR.fields:
        if random.random() < lacking:
            message.ClearField(field.name)
    waiting = {} if rpc.writes or random.random() < 0.5 else {"kiez-min-seq": f"{new_id()}=1"}
    token = service.city.token(*EVERYONE, sub=new_id())
    async with AT_ONCE:
        try:
            kind = api.response_type(rpc.name)
            await service.client.call_bytes(path, message.SerializeToString(), kind, token, waiting)
        except Refused as refusal:
            return refusal.code, refusal.reason
    return "OK", ""


async def _pages(service: Started) -> dict[str, int]:
    """The status of each page, and of what each form leads to."""
    answers: dict[str, int] = {}
    async with httpx.AsyncClient(base_url=service.http, timeout=20) as browser:
        for route in service.running.service.routes:
            assert isinstance(route, Route)
            path = route.path_format.format(**dict.fromkeys(route.param_convertors, new_id()))
            for method in sorted((route.methods or set()) - {"HEAD"}):
                sent: dict[str, Any] = {"data": {"email": "kim@example.org"}} if method == "POST" else {}
                with contextlib.suppress(httpx.HTTPError):
                    answers[f"{method} {route.path}"] = (await browser.request(method, path, **sent)).status_code
    return answers
