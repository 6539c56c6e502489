"""Who asks too often is told when to come again, over gRPC and over HTTP, and what supervisors ask for is always answered."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest
import pytest_asyncio
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from chassis.ports import Role, new_id
from tests.support.city import City
from tests.support.client import refused
from tests.support.toy import SERVICE, Toy, a_toy

TREASURER = Role("treasurer")
# One call, and the next one hours later.
ONE = 0.0001


@pytest_asyncio.fixture(scope="module")
async def strict(city: City) -> AsyncIterator[Toy]:
    few: dict[str, Any] = {
        "KIEZ_CALLS_PER_SECOND": ONE,
        "KIEZ_OPEN_CALLS_PER_SECOND": ONE,
        "KIEZ_POSTS_PER_MINUTE": ONE,
    }
    async with a_toy(city, KIEZ_UNCOUNTED_NETWORKS="", **few) as toy:
        # The address has had its one call from here on, whichever test runs first.
        with pytest.raises(Exception, match="NOT_FOUND"):
            await toy.started.call("PotService/GetPot", {"pot_id": new_id()})
        yield toy


async def test_a_sub_that_calls_too_often_is_refused_and_others_are_not(strict: Toy) -> None:
    fill = "PotService/AddPot"
    await strict.started.call(fill, {"region": "114009"}, TREASURER, sub="anna")
    with refused("RATE_LIMITED", "RESOURCE_EXHAUSTED"):
        await strict.started.call(fill, {"region": "114009"}, TREASURER, sub="anna")
    await strict.started.call(fill, {"region": "114009"}, TREASURER, sub="bodo")


async def test_the_refusal_says_when_to_come_again(strict: Toy) -> None:
    invoke: Any = strict.started.client.channel.unary_unary(f"/{SERVICE}/GetPot")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await invoke(b"", timeout=10)
    status: Any = rpc_status.from_call(caught.value)  # type: ignore[arg-type]  # an aio error has what it reads
    retry = error_details_pb2.RetryInfo()
    assert any(detail.Unpack(retry) for detail in status.details)
    assert retry.retry_delay.ToTimedelta().total_seconds() > 3_600


async def test_trying_tokens_that_do_not_hold_is_counted_by_address(strict: Toy) -> None:
    with refused("RATE_LIMITED", "RESOURCE_EXHAUSTED"):
        await strict.started.client.call("PotService/GetPot", {"pot_id": new_id()}, token="x", metadata={})


async def test_over_http_too_but_not_for_those_who_supervise(strict: Toy) -> None:
    async with httpx.AsyncClient(base_url=strict.started.http) as web:
        answer = await web.get("/anything")
        assert (answer.status_code, answer.json()["reason"]) == (429, "RATE_LIMITED")
        assert int(answer.headers["retry-after"]) > 3_600
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await web.get(path)).status_code == 200
        page = (await web.get("/metrics")).text
    assert 'kiez_refusals_total{reason="RATE_LIMITED"}' in page


async def test_from_this_machine_nobody_is_limited_by_default(toy: Toy) -> None:
    pot = await toy.add()
    for _ in range(150):
        await toy.started.call("PotService/GetPot", {"pot_id": pot.id})


async def test_behind_a_proxy_of_this_machine_it_is_the_address_that_the_proxy_names_which_is_counted(
    city: City,
) -> None:
    async with (
        a_toy(city, KIEZ_OPEN_CALLS_PER_SECOND=ONE) as toy,
        httpx.AsyncClient(base_url=toy.started.http) as proxy,
    ):
        named = [{"x-forwarded-for": address} for address in ("203.0.113.7", "203.0.113.7", "198.51.100.1")]
        assert [(await proxy.get("/anything", headers=one)).status_code for one in named] == [404, 429, 404]
