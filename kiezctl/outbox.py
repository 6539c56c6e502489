"""`kiezctl outbox`: how far the facts of each service are published."""

import asyncio
from typing import Any

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from kiezctl.answer import AsJson, console, print_json, table
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.ports import SERVICES
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc

WHOLE_STREAM_SECONDS = 300.0

app = typer.Typer(help="Facts and whether they are published.", no_args_is_help=True)


@app.callback()
def outbox() -> None:
    """Facts and whether they are published."""


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Say for each service how many facts wait, and which are refused. Exit code 1 when some are."""
    found = asyncio.run(_ask_all("GetOutboxStatus", operator_pb2.GetOutboxStatusRequest()))
    if as_json:
        print_json(found)
    else:
        shown = table("service", "facts", "unpublished", "oldest waits", "refused")
        for name, one in found.items():
            refused = ", ".join(f"{b['aggregate_id']}: {b['reason']}" for b in one["blocked"]) or "none"
            shown.add_row(name, one["total"], one["unpublished"], f"{one['oldest_age_seconds']:.1f} s", refused)
        console().print(shown)
    if any(one["blocked"] for one in found.values()):
        raise typer.Exit(1)


@app.command("reconcile")
def reconcile(as_json: AsJson = False) -> None:
    """Compare each outbox with its stream, message by message. Exit code 1 when a stream lacks some."""
    found = asyncio.run(_ask_all("ReconcileOutbox", operator_pb2.ReconcileOutboxRequest()))
    if as_json:
        print_json(found)
    else:
        shown = table("service", "published", "lacking in the stream", "foreign in the stream")
        for name, one in found.items():
            shown.add_row(name, one["published"], one["lacking"], one["foreign"])
        console().print(shown)
    if any(int(one["lacking"]) for one in found.values()):
        raise typer.Exit(1)


@app.command("republish")
def republish(as_json: AsJson = False) -> None:
    """Publish again what a stream lacks, and nothing else: so a lost stream is rebuilt."""
    found = asyncio.run(_ask_all("RepublishOutbox", operator_pb2.RepublishOutboxRequest()))
    if as_json:
        print_json(found)
    else:
        shown = table("service", "queued again")
        for name, one in found.items():
            shown.add_row(name, one["queued"])
        console().print(shown)


async def _ask_all(rpc: str, request: Message) -> dict[str, dict[str, Any]]:
    answers = await asyncio.gather(*(_ask(name, rpc, request) for name in SERVICES))
    return dict(zip(SERVICES, answers, strict=True))


async def _ask(name: str, rpc: str, request: Message) -> dict[str, Any]:
    seconds = SECONDS if rpc == "GetOutboxStatus" else WHOLE_STREAM_SECONDS
    async with channel(running(), name) as opened:
        stub = operator_pb2_grpc.OperatorServiceStub(opened)
        answer = await getattr(stub, rpc)(request, metadata=as_operator(), timeout=seconds)
        return MessageToDict(answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
