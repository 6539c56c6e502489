"""`kiezctl outbox`: how far the facts of each service are published."""

import asyncio
from typing import Any

import grpc
import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from kiezctl.answer import AsJson, console, print_json, table
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.ports import SERVICES
from kiezctl.trouble import reason_of
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc

WHOLE_STREAM_SECONDS = 300.0
# Who asks how it stands waits no longer than this for the comparison.
STATUS_SECONDS = 30.0

app = typer.Typer(help="Facts and whether they are published.", no_args_is_help=True)


@app.callback()
def outbox() -> None:
    """Facts and whether they are published."""


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Say for each service how many facts wait, which are refused, and how many published ones its stream lacks.

    Exit code 1 when some are refused or lacking, or when outbox and stream could not be compared.
    """
    found = asyncio.run(_status())
    if as_json:
        print_json(found)
    else:
        shown = table("service", "facts", "unpublished", "oldest waits", "refused", "lacking in the stream")
        for name, one in found.items():
            refused = ", ".join(f"{b['aggregate_id']}: {b['reason']}" for b in one["blocked"]) or "none"
            lacking = f"not known: {one['not_compared']}" if one["not_compared"] else one["stream"]["lacking"]
            waits = f"{one['oldest_age_seconds']:.1f} s"
            shown.add_row(name, one["total"], one["unpublished"], waits, refused, lacking)
        console().print(shown)
    if any(one["blocked"] or one["not_compared"] or int(one["stream"]["lacking"]) for one in found.values()):
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
    """Publish again what a stream lacks, and nothing else: so a lost stream is rebuilt.

    A stream that lives takes nothing again that it took within the last ten minutes: repeat it then.
    """
    found = asyncio.run(_ask_all("RepublishOutbox", operator_pb2.RepublishOutboxRequest()))
    if as_json:
        print_json(found)
    else:
        shown = table("service", "queued again")
        for name, one in found.items():
            shown.add_row(name, one["queued"])
        console().print(shown)


async def _status() -> dict[str, dict[str, Any]]:
    """How far each outbox is published; and `stream`, how its stream compares, or in `not_compared` why nobody knows."""
    found, compared = await asyncio.gather(
        _ask_all("GetOutboxStatus", operator_pb2.GetOutboxStatusRequest(), SECONDS),
        asyncio.gather(*(_compare(name) for name in SERVICES)),
    )
    return {name: found[name] | one for name, one in zip(SERVICES, compared, strict=True)}


async def _compare(name: str) -> dict[str, Any]:
    try:
        stream = await _ask(name, "ReconcileOutbox", operator_pb2.ReconcileOutboxRequest(), STATUS_SECONDS)
    except grpc.aio.AioRpcError as error:
        return {"stream": None, "not_compared": reason_of(error) or error.code().name}
    return {"stream": stream, "not_compared": ""}


async def _ask_all(rpc: str, request: Message, seconds: float = WHOLE_STREAM_SECONDS) -> dict[str, dict[str, Any]]:
    answers = await asyncio.gather(*(_ask(name, rpc, request, seconds) for name in SERVICES))
    return dict(zip(SERVICES, answers, strict=True))


async def _ask(name: str, rpc: str, request: Message, seconds: float) -> dict[str, Any]:
    async with channel(running(), name) as opened:
        stub = operator_pb2_grpc.OperatorServiceStub(opened)
        answer = await getattr(stub, rpc)(request, metadata=as_operator(), timeout=seconds)
        return MessageToDict(answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
