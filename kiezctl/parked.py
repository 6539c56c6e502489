"""`kiezctl parked`: messages that a service could not handle, to look at, drive again or give up."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from uuid6 import uuid7

from kiezctl.answer import AsJson, console, print_json, table
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.ports import SERVICES
from kiezctl.trouble import Trouble
from kiezwerk.operator.v1 import operator_pb2 as pb
from kiezwerk.operator.v1.operator_pb2_grpc import OperatorServiceStub

REDRIVE_SECONDS = 300.0
Id = Annotated[str, typer.Argument(help="As `parked list` shows it: 'funds-actors:0192f3a4-…'.")]

app = typer.Typer(help="Messages that could not be handled.", no_args_is_help=True)


@app.command("list")
def list_parked(as_json: AsJson = False) -> None:
    """List what is parked in all services, oldest first."""
    found = asyncio.run(_list())
    if as_json:
        print_json({"parked": found})
        return
    if not found:
        console().print("Nothing is parked.")
        return
    shown = table("id", "type", "reason", "why")
    for one in found:
        why = "waits behind an earlier message" if one["behind"] else one["sentence"]
        shown.add_row(one["id"], one["type"].removeprefix("kiezwerk."), one["reason"], why)
    console().print(shown)


@app.command("show")
def show(id: Id, as_json: AsJson = False) -> None:
    """Show one parked message with its body."""
    found = asyncio.run(_show(id))
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        if name != "body":
            console().print(f"{name:<13} {value}", markup=False, soft_wrap=True)
    console().print(_pretty(found["body"]), markup=False, soft_wrap=True)


@app.command("redrive")
def redrive(
    id: Annotated[str, typer.Argument(help="One message; without it all of --durable.")] = "",
    durable: Annotated[str, typer.Option(help="All messages of a durable, for example funds-actors.")] = "",
    as_json: AsJson = False,
) -> None:
    """Hand parked messages to the same handler again. Exit code 1 when some stay parked."""
    if bool(id) == bool(durable):
        raise Trouble("Name either one message, or a durable with --durable.")
    handled, still_parked = asyncio.run(_redrive(id, durable))
    if as_json:
        print_json({"handled": handled, "still_parked": still_parked})
    else:
        console().print(f"{handled} handled, {still_parked} still parked.")
    if still_parked:
        raise typer.Exit(1)


@app.command("drop")
def drop(id: Id, reason: Annotated[str, typer.Option(help="Why it may be given up; no person's name.")]) -> None:
    """Give up one parked message for good."""
    asyncio.run(_drop(id, reason))
    console().print("It is given up; what waited behind it can be driven again.")


async def _list() -> list[dict[str, Any]]:
    return [_as_dict(one) for service in SERVICES async for one in _parked_in(service)]


async def _parked_in(service: str) -> AsyncIterator[pb.ParkedMessage]:
    token = ""
    async with channel(running(), service) as opened:
        stub = OperatorServiceStub(opened)
        while True:
            request = pb.ListParkedRequest(page_size=500, page_token=token)
            page = await stub.ListParked(request, metadata=as_operator(), timeout=SECONDS)
            for one in page.parked:
                yield one
            token = page.next_page_token
            if not token:
                return


async def _show(id: str) -> dict[str, Any]:
    async with channel(running(), _service(id)) as opened:
        request = pb.GetParkedRequest(id=id)
        answer = await OperatorServiceStub(opened).GetParked(request, metadata=as_operator(), timeout=SECONDS)
        return _as_dict(answer.parked)


async def _redrive(id: str, durable: str) -> tuple[int, int]:
    async with channel(running(), _service(id or durable)) as opened:
        request = pb.RedriveParkedRequest(id=id, durable=durable, request_id=str(uuid7()))
        stub = OperatorServiceStub(opened)
        answer = await stub.RedriveParked(request, metadata=as_operator(), timeout=REDRIVE_SECONDS)
        return answer.handled, answer.still_parked


async def _drop(id: str, reason: str) -> None:
    async with channel(running(), _service(id)) as opened:
        request = pb.DropParkedRequest(id=id, reason=reason, request_id=str(uuid7()))
        await OperatorServiceStub(opened).DropParked(request, metadata=as_operator(), timeout=SECONDS)


def _service(id: str) -> str:
    """The service whose durable parked it: ids begin with "<service>-<stream>"."""
    service = id.partition("-")[0]
    if service not in SERVICES:
        raise Trouble(f"{id} does not begin with a service's name, as in 'funds-actors:…'.")
    return service


def _as_dict(one: pb.ParkedMessage) -> dict[str, Any]:
    return MessageToDict(one, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
