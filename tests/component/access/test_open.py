"""Health and reflection of gRPC are open to all, and say nothing but names and whether a service serves."""

from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from kiezctl.home import ROOT
from tests.support.city import Started
from tools.access import OPEN, SERVICES, page

TOKENS = ((), (("authorization", "Bearer nonsense"),))
every_service = pytest.mark.parametrize("name", SERVICES)


@pytest.fixture(scope="module")
def running(actors: Started, funds: Started, events: Started, notify: Started) -> dict[str, Started]:
    return {"actors": actors, "funds": funds, "events": events, "notify": notify}


def _apis(started: Started) -> set[str]:
    return {path.split("/")[1] for path in started.running.server._table}


async def _reflected(started: Started, metadata: Any = (), **asked: str) -> Any:
    # No stubs of types come with this library.
    library: Any = reflection_pb2_grpc
    messages: Any = reflection_pb2
    call = library.ServerReflectionStub(started.client.channel).ServerReflectionInfo
    return await call(iter((messages.ServerReflectionRequest(**asked),)), metadata=metadata, timeout=10).read()


@every_service
@pytest.mark.parametrize("metadata", TOKENS, ids=("no token", "a token that does not hold"))
async def test_anyone_is_told_that_a_service_serves_and_nothing_else(
    running: dict[str, Started], name: str, metadata: Any
) -> None:
    health: Any = health_pb2_grpc.HealthStub(running[name].client.channel)
    for api in ("", *_apis(running[name])):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=api), metadata=metadata, timeout=10)
        assert answer == health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await health.Check(health_pb2.HealthCheckRequest(service="kiezwerk.Nothing"), metadata=metadata, timeout=10)
    assert (caught.value.code(), caught.value.details() or "") == (grpc.StatusCode.NOT_FOUND, "")


@every_service
@pytest.mark.parametrize("metadata", TOKENS, ids=("no token", "a token that does not hold"))
async def test_anyone_is_told_the_names_of_services_and_what_is_open_has_its_line(
    running: dict[str, Started], name: str, metadata: Any
) -> None:
    answer = await _reflected(running[name], metadata, list_services="")
    listed = [service.name for service in answer.list_services_response.service]
    assert set(listed) == _apis(running[name]) | set(OPEN)
    assert all(f"| {open_to_all} | public |" in page() for open_to_all in OPEN)


@every_service
async def test_reflection_describes_what_is_published_in_the_protos_and_no_more(
    running: dict[str, Started], name: str
) -> None:
    for api in _apis(running[name]):
        answer = await _reflected(running[name], file_containing_symbol=api)
        for data in answer.file_descriptor_response.file_descriptor_proto:
            file = FileDescriptorProto.FromString(data)
            assert not file.HasField("source_code_info")
            assert file.name.startswith("google/") or (ROOT / "proto" / file.name).is_file()
