"""What every gRPC service of ours promises: refusals that can be read, repeats that change nothing, no bug shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import grpc
import httpx
import pytest
import structlog.testing
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2_grpc

from chassis.ports import Role, Trail, new_id
from chassis.refusals import Unavailable
from chassis.rpc.neighbour import Neighbour
from kiezctl.exposed import figures
from tests.support.city import City
from tests.support.client import Refused, message_type, refused
from tests.support.toy import SERVICE, Toy, a_toy

TREASURER = Role("treasurer")


async def test_a_role_that_does_not_reach_the_region_is_refused(toy: Toy, pot: str) -> None:
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await toy.started.call("PotService/FillPot", {"pot_id": pot, "amount_cents": 1}, Role("treasurer", ("01",)))


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x0a\x02\xff\xfe", b"\x0a\xff\xff\xff\xff\x0f"])
async def test_unreadable_bytes_are_an_invalid_argument(toy: Toy, data: bytes) -> None:
    with refused("UNREADABLE_REQUEST", "INVALID_ARGUMENT"):
        answer = message_type("kiezwerk.toy.v1.GetPotResponse")
        await toy.started.client.call_bytes(f"/{SERVICE}/GetPot", data, answer, "", {})


@pytest.mark.parametrize("path", ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"])
async def test_unreadable_bytes_are_an_invalid_argument_to_health_too(toy: Toy, path: str) -> None:
    channel: Any = toy.started.client.channel
    invoke = channel.unary_unary if path.endswith("Check") else channel.unary_stream
    call = invoke(f"/{path}")(b"\xff\xff", timeout=10)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await (call if path.endswith("Check") else call.read())
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_unreadable_bytes_are_an_invalid_argument_to_reflection_too(toy: Toy) -> None:
    channel: Any = toy.started.client.channel
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    call = channel.stream_stream(path)(iter((b"\x0a\x01\xff",)))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_bug_is_told_as_an_id_and_nothing_else(toy: Toy, pot: str) -> None:
    with pytest.raises(Refused) as caught:
        await toy.started.call("PotService/BreakPot", {"pot_id": pot}, TREASURER, kiez_correlation_id="trace-1")
    assert (caught.value.code, caught.value.reason) == ("INTERNAL", "BUG")
    assert caught.value.details == {"correlation_id": "trace-1"}
    assert "secret" not in caught.value.sentence


async def test_a_call_ends_by_its_deadline(toy: Toy, pot: str) -> None:
    invoke: Any = toy.started.client.channel.unary_unary(f"/{SERVICE}/WatchPot")
    request = message_type("kiezwerk.toy.v1.WatchPotRequest")(pot_id=pot)
    token = toy.started.city.token(TREASURER)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await invoke(request.SerializeToString(), timeout=0.5, metadata=(("authorization", f"Bearer {token}"),))
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_mutation_answers_with_the_sequences_it_said_and_a_read_can_wait_for_them(toy: Toy, pot: str) -> None:
    assert toy.started.client.sequences[pot] == 1
    answer = await toy.started.call("PotService/GetPot", {"pot_id": pot}, kiez_min_seq=f"{pot}=1")
    assert answer.pot.id == pot


async def test_a_read_that_asks_for_what_is_not_known_yet_is_unavailable(
    toy: Toy, pot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.rpc.calls.LONGEST_WAIT_SECONDS", 0.1)
    invoke: Any = toy.started.client.channel.unary_unary(f"/{SERVICE}/GetPot")
    request = message_type("kiezwerk.toy.v1.GetPotRequest")(pot_id=pot)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await invoke(request.SerializeToString(), timeout=15, metadata=(("kiez-min-seq", f"{pot}=9"),))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_each_call_that_failed_is_on_record_a_read_too(
    toy: Toy, pot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.rpc.calls.LONGEST_WAIT_SECONDS", 0.1)
    with structlog.testing.capture_logs() as lines, refused("BEHIND", "UNAVAILABLE"):
        await toy.started.call("PotService/GetPot", {"pot_id": pot}, kiez_min_seq=f"{pot}=9")
    told = [(line["rpc"], line["status"], line["log_level"]) for line in lines if line["event"] == "call"]
    assert told == [("GetPot", "UNAVAILABLE", "info")]


@pytest.mark.parametrize("wanted", ["nonsense", "a=", "=3", "a=-1", "a=99999999999999"])
async def test_a_wish_that_cannot_be_read_is_refused(toy: Toy, pot: str, wanted: str) -> None:
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "kiez-min-seq"):
        await toy.started.call("PotService/GetPot", {"pot_id": pot}, kiez_min_seq=wanted)


async def test_a_foreign_client_finds_the_services_by_reflection(toy: Toy) -> None:
    channel: Any = toy.started.client.channel
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    names: set[str] = set()

    async def ask() -> AsyncIterator[Any]:
        yield message_type("grpc.reflection.v1alpha.ServerReflectionRequest")(list_services="")

    async for answer in stub.ServerReflectionInfo(ask()):
        names = {service.name for service in answer.list_services_response.service}
    assert {SERVICE, "kiezwerk.operator.v1.OperatorService", "grpc.health.v1.Health"} <= names


async def test_health_is_told_for_the_whole_and_for_each_service(toy: Toy) -> None:
    stub: Any = health_pb2_grpc.HealthStub(toy.started.client.channel)
    for name in ("", SERVICE):
        answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_health_tells_that_a_service_ends_and_nothing_takes_it_back(city: City) -> None:
    told: list[int] = []
    async with a_toy(city) as toy:
        stub: Any = health_pb2_grpc.HealthStub(toy.started.client.channel)
        server = toy.started.running.server
        watching = stub.Watch(health_pb2.HealthCheckRequest(), timeout=20)
        told.append((await watching.read()).status)
        ending = asyncio.create_task(server.stop(0.5))
        told.append((await watching.read()).status)
        await server.report(ready=True)
        with suppress(grpc.aio.AioRpcError):
            # It ends with the server.
            while True:
                told.append((await watching.read()).status)
        await ending
    assert told == [health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING]


async def test_http_tells_life_readiness_and_metrics(toy: Toy) -> None:
    async with httpx.AsyncClient(base_url=toy.started.http) as client:
        assert (await client.get("/livez")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"], ready.json()["missing"]) == (200, True, {})
        metrics = (await client.get("/metrics")).text
        assert "kiez_outbox_unpublished" in metrics
        assert (await client.get("/nowhere")).status_code == 404


@pytest.mark.parametrize(
    ("rpc", "wish", "answered"),
    [
        ("GetPot", {}, "OK"),
        ("GetPot", {"kiez-min-seq": "POT=9"}, "UNAVAILABLE"),
        ("GetPot", {"kiez-min-seq": "nonsense"}, "INVALID_ARGUMENT"),
        ("BreakPot", {}, "INTERNAL"),
        ("WatchPot", {}, "DEADLINE_EXCEEDED"),
    ],
)
async def test_a_call_is_counted_under_the_status_that_its_caller_got(
    toy: Toy, pot: str, rpc: str, wish: dict[str, str], answered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.http.EXPOSED_SECONDS", 0.0)
    monkeypatch.setattr("chassis.rpc.calls.LONGEST_WAIT_SECONDS", 0.1)
    # The server is to be out of time well before its caller.
    monkeypatch.setattr("chassis.rpc.server.MARGIN_SECONDS", 2.0)
    invoke: Any = toy.started.client.channel.unary_unary(f"/{SERVICE}/{rpc}")
    request = message_type(f"kiezwerk.toy.v1.{rpc}Request")(pot_id=pot).SerializeToString()
    said = [("authorization", f"Bearer {toy.started.city.token(TREASURER)}")]
    said += [(key, value.replace("POT", pot)) for key, value in wish.items()]
    before = await _counted(toy, rpc)
    seconds = 2.5 if answered == "DEADLINE_EXCEEDED" else 15
    call = invoke(request, timeout=seconds, metadata=said)
    assert (await call.code()).name == answered
    after = await _counted(toy, rpc)
    assert {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)} == {
        answered: 1
    }


async def test_failures_of_an_rpc_are_counted_from_0_on(city: City) -> None:
    async with a_toy(city) as toy:
        assert await _counted(toy, "GetPot") == {"OK": 0, "INTERNAL": 0, "UNAVAILABLE": 0, "DEADLINE_EXCEEDED": 0}


async def _counted(toy: Toy, rpc: str) -> dict[str, float]:
    """Calls of an rpc by status, as /metrics shows them."""
    async with httpx.AsyncClient() as browser:
        shown = await figures(browser, toy.started.http)
    return {
        dict(labels)["status"]: value
        for (name, labels), value in shown.values.items()
        if name == "kiez_rpc_calls_total" and dict(labels)["rpc"] == rpc
    }


async def test_a_neighbour_that_is_away_is_asked_once(city: City) -> None:
    asked = 0

    async def answer(data: bytes, context: Any) -> None:
        nonlocal asked
        asked += 1
        await context.abort(grpc.StatusCode.UNAVAILABLE)

    server = grpc.aio.server()
    method: Any = grpc.unary_unary_rpc_method_handler(answer)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("away", {"Ask": method}),))
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    neighbour, request = Neighbour("away", address, city.folder / "token", None), health_pb2.HealthCheckRequest()
    with pytest.raises(Unavailable, match="NEIGHBOUR_AWAY"):
        await neighbour.call("/away/Ask", request, health_pb2.HealthCheckResponse, seconds=5, trail=Trail())
    await neighbour.close()
    await server.stop(None)
    assert asked == 1


async def test_a_stopped_service_leaves_its_port_free_and_its_answers_kept(city: City) -> None:
    request = {"region": "11", "request_id": new_id()}
    async with a_toy(city, "toy_repeat") as toy:
        first = await toy.started.call("PotService/AddPot", request, TREASURER, sub="me")
    async with a_toy(city, "toy_repeat") as toy:
        assert await toy.started.call("PotService/AddPot", request, TREASURER, sub="me") == first
