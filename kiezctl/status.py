"""`kiezctl status`: which parts run, where, and whether anything waits, is stuck or is wrong."""

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import grpc
import httpx
import typer
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rich.text import Text

from kiezctl.answer import AsJson, console, print_json, table
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.endpoints import Endpoints
from kiezctl.exposed import Figures, figures, readiness
from kiezctl.ports import HOST, SERVICES
from kiezctl.probe import get
from kiezctl.trouble import told
from kiezctl.wire import tls
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc

LETTERS = ("queued", "sending", "delivered", "failed", "dropped")


@dataclass(frozen=True)
class ServiceStatus:
    """One service as seen from outside; counts are -1 while it does not answer. `behind` is the lag of each durable."""

    serving: bool
    ready: bool
    unpublished: int = -1
    oldest_seconds: float = -1
    blocked: int = -1
    parked: int = -1
    behind: dict[str, int] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def is_well(self) -> bool:
        return self.serving and self.ready and not self.blocked and not self.parked


@dataclass(frozen=True)
class Seen:
    """The whole system: its services, the letters by state, the ledger's last proof (-1 for none), NATS."""

    services: dict[str, ServiceStatus]
    letters: dict[str, int]
    ledger_differences: int
    ledger_proved_at: float
    nats_version: str

    @property
    def is_well(self) -> bool:
        ledger = self.ledger_differences <= 0
        return ledger and bool(self.nats_version) and all(one.is_well for one in self.services.values())


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
        _show(run, seen)
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
    try:
        async with channel(run, name) as opened:
            health: Any = health_pb2_grpc.HealthStub(opened)
            answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
            operator = operator_pb2_grpc.OperatorServiceStub(opened)
            outbox = await operator.GetOutboxStatus(
                operator_pb2.GetOutboxStatusRequest(), metadata=as_operator(), timeout=SECONDS
            )
            return ServiceStatus(
                serving=answer.status == health_pb2.HealthCheckResponse.SERVING,
                ready=ready,
                unpublished=outbox.unpublished,
                oldest_seconds=outbox.oldest_age_seconds,
                blocked=len(outbox.blocked),
                parked=await count_parked(operator),
                behind=shown.by("kiez_consumer_pending", "durable"),
                says=says,
            )
    except grpc.aio.AioRpcError as error:
        return ServiceStatus(serving=False, ready=ready, says=says, problem=told(error) or "")


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


def _short(address: str, name: str) -> str:
    """An address as it fits into a table: on this machine, or at a host called like the service, the port says all."""
    return address.rpartition("//")[2].removeprefix(f"{HOST}:").removeprefix(f"{name}:")


def _show(run: Endpoints, seen: Seen) -> None:
    shown = table("service", "state", "outbox", "oldest", "behind", "parked", "gRPC", "HTTP")
    for name, one in seen.services.items():
        state = Text("well", style="green") if one.is_well else Text(_wrong(one), style="red")
        shown.add_row(name, state, *_counts(one), _short(run.grpc(name), name), _short(run.http(name), name))
    out = console()
    out.print(shown)
    for name, one in seen.services.items():
        for sentence in one.says:
            out.print(f"{name}: {sentence}", style="yellow", markup=False)
    letters = ", ".join(f"{seen.letters[state]} {state}" for state in LETTERS if state in seen.letters) or "not known"
    out.print(f"\nLetters   {letters}")
    out.print(Text("Ledger    ") + _ledger(seen))
    nats_state = f"nats-server {seen.nats_version}" if seen.nats_version else "does not answer"
    out.print(f"NATS      {run.nats} ({nats_state})", soft_wrap=True)
    if run.mail:
        out.print(f"Mail      {run.mail}", soft_wrap=True)
    out.print(f"\nKiezwerk {_version()}")


def _counts(one: ServiceStatus) -> tuple[str, ...]:
    """What waits in the outbox, for how long, what is not heard yet, what is parked."""
    if one.unpublished < 0:
        return ("?", "?", "?", "?")
    oldest = f"{one.oldest_seconds:.0f} s" if one.unpublished else ""
    return str(one.unpublished), oldest, str(sum(one.behind.values())), str(one.parked)


def _ledger(seen: Seen) -> Text:
    if not seen.ledger_proved_at:
        return Text("not proved yet")
    ago = int(max(time.time() - seen.ledger_proved_at, 0) / 60)
    when = f"proved {ago} minute{'s' if ago > 1 else ''} ago" if ago else "proved just now"
    if seen.ledger_differences:
        return Text(f"{seen.ledger_differences} differences, {when}: `kiezctl ledger verify` names them", style="red")
    return Text(f"right, {when}")


def _wrong(one: ServiceStatus) -> str:
    if not one.serving:
        return "does not serve"
    if not one.ready:
        return "not ready"
    return "messages parked" if one.parked else "facts refused"
