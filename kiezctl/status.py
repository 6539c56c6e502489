"""`kiezctl status`: which parts run, where, and whether anything waits, is stuck or is wrong."""

import asyncio
import json
import os
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import grpc
import httpx
import typer
from grpc_health.v1 import health_pb2, health_pb2_grpc

from kiezctl.answer import AsJson, console, print_json
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.endpoints import Endpoints
from kiezctl.exposed import Figures, figures, readiness
from kiezctl.overview import show
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.seen import Seen, ServiceStatus, as_measured
from kiezctl.trouble import told
from kiezctl.wire import tls
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc


def status(as_json: AsJson = False) -> None:
    """Say how each service is: health, outbox, lag, parked messages; letters and ledger. Exit code 1 when something is wrong."""
    run = running()
    seen = asyncio.run(_look(run))
    if as_json:
        services = {name: asdict(one) | {"well": one.is_well} for name, one in seen.services.items()}
        about = {"version": _version(), "nats_server": seen.nats_version, "endpoints": run.as_json()}
        ledger = {"differences": seen.ledger_differences, "proved_at": seen.ledger_proved_at}
        print_json(about | {"services": services, "letters": seen.letters, "ledger": ledger})
    else:
        show(console(), run, seen, _version())
    if not seen.is_well:
        raise typer.Exit(1)


async def _look(run: Endpoints) -> Seen:
    async with httpx.AsyncClient(verify=tls() or True, timeout=SECONDS) as browser:
        shown = dict(
            zip(SERVICES, await asyncio.gather(*(figures(browser, run.http(n)) for n in SERVICES)), strict=True)
        )
        found = await asyncio.gather(*(_ask(run, name, browser, shown[name]) for name in SERVICES))
    return Seen(
        services=dict(zip(SERVICES, found, strict=True)),
        letters=shown["notify"].by("kiez_notifications", "status"),
        ledger_differences=int(shown["funds"].value("kiez_ledger_differences")),
        ledger_proved_at=shown["funds"].value("kiez_ledger_proved_timestamp_seconds", 0),
        nats_version=await _nats_version(run),
    )


async def _ask(run: Endpoints, name: str, browser: httpx.AsyncClient, shown: Figures) -> ServiceStatus:
    ready, says = await readiness(browser, run.http(name))
    measured = replace(as_measured(shown), ready=ready, says=says)
    try:
        async with channel(run, name) as opened:
            health: Any = health_pb2_grpc.HealthStub(opened)
            answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
            operator = operator_pb2_grpc.OperatorServiceStub(opened)
            outbox = await operator.GetOutboxStatus(
                operator_pb2.GetOutboxStatusRequest(), metadata=as_operator(), timeout=SECONDS
            )
            return replace(
                measured,
                serving=answer.status == health_pb2.HealthCheckResponse.SERVING,
                unpublished=outbox.unpublished,
                oldest_seconds=outbox.oldest_age_seconds,
                blocked=len(outbox.blocked),
                parked=await count_parked(operator),
            )
    except grpc.aio.AioRpcError as error:
        return replace(measured, problem=told(error) or "")


async def count_parked(operator: "operator_pb2_grpc.OperatorServiceAsyncStub") -> int:
    """How many messages are parked; counted page by page."""
    count, token = 0, ""
    while True:
        request = operator_pb2.ListParkedRequest(page_size=500, page_token=token)
        page = await operator.ListParked(request, metadata=as_operator(), timeout=SECONDS)
        count, token = count + len(page.parked), page.next_page_token
        if not token:
            return count


async def _nats_version(run: Endpoints) -> str:
    try:
        return str(json.loads(await get(f"{run.nats_monitor}/varz"))["version"])
    except (OSError, ValueError, KeyError):
        return ""


def _version() -> str:
    try:
        return version("kiezwerk")
    except PackageNotFoundError:
        # In an image the code is there without its package.
        return os.environ.get("KIEZ_VERSION", "")
