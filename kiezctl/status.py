"""`kiezctl status`: which parts run, where, and whether anything waits or is stuck."""

import asyncio
import json
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import grpc
import typer
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rich.text import Text

from kiezctl.answer import AsJson, console, print_json, table
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.run_file import Run
from kiezctl.trouble import told
from kiezctl.wire import tls
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc


@dataclass(frozen=True)
class ServiceStatus:
    """One service as seen from outside; counts are -1 while it does not answer."""

    serving: bool
    ready: bool
    unpublished: int = -1
    blocked: int = -1
    parked: int = -1
    problem: str = ""

    @property
    def is_well(self) -> bool:
        return self.serving and self.ready and not self.blocked and not self.parked


def status(as_json: AsJson = False) -> None:
    """Say how each service is: health, outbox, parked messages. Exit code 1 when something is wrong."""
    run = running()
    found, nats_version = asyncio.run(_ask_all(run))
    if as_json:
        services = {name: asdict(one) | {"well": one.is_well} for name, one in found.items()}
        print_json(
            {"version": _version(), "nats_server": nats_version, "endpoints": run.endpoints(), "services": services}
        )
    else:
        _show(run, found, nats_version)
    if not nats_version or not all(one.is_well for one in found.values()):
        raise typer.Exit(1)


async def _ask_all(run: Run) -> tuple[dict[str, ServiceStatus], str]:
    answers = await asyncio.gather(*(_ask(run, name) for name in SERVICES))
    return dict(zip(SERVICES, answers, strict=True)), await _nats_version(run)


async def _ask(run: Run, name: str) -> ServiceStatus:
    ready = await _is_ready(run, name)
    try:
        async with channel(run, name) as opened:
            health: Any = health_pb2_grpc.HealthStub(opened)
            answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
            serving = answer.status == health_pb2.HealthCheckResponse.SERVING
            operator = operator_pb2_grpc.OperatorServiceStub(opened)
            outbox = await operator.GetOutboxStatus(
                operator_pb2.GetOutboxStatusRequest(), metadata=as_operator(), timeout=SECONDS
            )
            return ServiceStatus(serving, ready, outbox.unpublished, len(outbox.blocked), await count_parked(operator))
    except grpc.aio.AioRpcError as error:
        return ServiceStatus(serving=False, ready=ready, problem=told(error) or "")


async def count_parked(operator: "operator_pb2_grpc.OperatorServiceAsyncStub") -> int:
    """How many messages are parked; counted page by page."""
    count, token = 0, ""
    while True:
        request = operator_pb2.ListParkedRequest(page_size=500, page_token=token)
        page = await operator.ListParked(request, metadata=as_operator(), timeout=SECONDS)
        count, token = count + len(page.parked), page.next_page_token
        if not token:
            return count


async def _is_ready(run: Run, name: str) -> bool:
    try:
        await get(run.ports.http(name), "/readyz", tls())
    except (OSError, ValueError):
        return False
    return True


async def _nats_version(run: Run) -> str:
    try:
        return str(json.loads(await get(run.ports.nats_monitor, "/varz"))["version"])
    except (OSError, ValueError, KeyError):
        return ""


def _version() -> str:
    try:
        return version("kiezwerk")
    except PackageNotFoundError:
        return ""


def _show(run: Run, found: dict[str, ServiceStatus], nats_version: str) -> None:
    shown = table("service", "state", "outbox", "parked", "gRPC", "HTTP")
    for name, one in found.items():
        state = Text("well", style="green") if one.is_well else Text(_wrong(one), style="red")
        counts = (str(count) if count >= 0 else "?" for count in (one.unpublished, one.parked))
        shown.add_row(name, state, *counts, run.grpc(name), run.http(name))
    console().print(shown)
    nats_state = f"nats-server {nats_version}" if nats_version else "does not answer"
    console().print(f"\nKiezwerk {_version()}   NATS {run.nats} ({nats_state})   mail {run.mail}", soft_wrap=True)


def _wrong(one: ServiceStatus) -> str:
    if not one.serving:
        return "does not serve"
    if not one.ready:
        return "not ready"
    return "messages parked" if one.parked else "facts refused"
