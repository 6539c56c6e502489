"""`kiezctl clock`: the calendar clock of a trial installation, read and moved forward."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.ports import BERLIN
from kiezctl.answer import AsJson, console, print_json
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.ports import SERVICES
from kiezctl.probe import get
from kiezctl.run_file import Run
from kiezctl.trouble import Trouble
from kiezwerk.lab.v1 import lab_pb2, lab_pb2_grpc
from kiezwerk.operator.v1 import operator_pb2, operator_pb2_grpc

SETTLE_SECONDS = 120.0
ROUNDS = 40
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

app = typer.Typer(help="Show the calendar clock, or move it forward.", invoke_without_command=True)


class NotQuiet(Trouble):
    """The services still had something to do long after the clock was moved."""


@app.callback()
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Without a command: what the calendar reads."""
    if context.invoked_subcommand is None:
        _say(asyncio.run(calendar(running())), as_json)


@app.command("to")
def to(
    moment: Annotated[str, typer.Argument(help="A time in Berlin, for example 2027-01-22T12:00.")],
    as_json: AsJson = False,
) -> None:
    """Move the calendar to a moment, and wait until all that is due by then has happened."""
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError:
        raise Trouble(f"{moment} is no moment; write it like 2027-01-22T12:00.") from None
    aware = wanted if wanted.tzinfo else wanted.replace(tzinfo=BERLIN)
    _say(asyncio.run(move(running(), aware.astimezone(UTC))), as_json)


@app.command("forward")
def forward(span: Annotated[str, typer.Argument(help="30m, 12h, 3d or 2w.")], as_json: AsJson = False) -> None:
    """Move the calendar forward by a span."""
    found = re.fullmatch(r"([1-9]\d{0,4})([mhdw])", span)
    if not found:
        raise Trouble(f"{span} is no span; write it like 30m, 12h, 3d or 2w.")
    step = timedelta(**{UNITS[found[2]]: int(found[1])})
    _say(asyncio.run(_forward(step)), as_json)


async def _forward(step: timedelta) -> datetime:
    run = running()
    return await move(run, await calendar(run) + step)


def _say(moment: datetime, as_json: bool) -> None:
    if as_json:
        print_json({"time": moment.isoformat()})
    else:
        console().print(f"The calendar reads {moment.astimezone(BERLIN):%A, %d %B %Y, %H:%M} in Berlin.")


async def calendar(run: Run) -> datetime:
    """What the calendar reads; where the services differ, the latest."""
    return max(await asyncio.gather(*(_read(run, name) for name in SERVICES)))


async def _read(run: Run, name: str) -> datetime:
    async with channel(run, name) as opened:
        stub = lab_pb2_grpc.LabServiceStub(opened)
        answer = await stub.GetTime(lab_pb2.GetTimeRequest(), metadata=as_operator(), timeout=SECONDS)
        return answer.time.ToDatetime(UTC)


async def move(run: Run, moment: datetime) -> datetime:
    """Move all four calendars to `moment`, and again to where they are until nobody has anything left to say.

    Raises NotQuiet when that takes too long, AioRpcError TIME_GOES_FORWARD for a moment that has passed.
    """
    await asyncio.gather(*(_set(run, name, moment) for name in SERVICES))
    await settle(run)
    return await calendar(run)


async def settle(run: Run) -> None:
    """Wait until all facts are published, all messages handled, and nothing new came of them; raises NotQuiet."""
    before: tuple[int, ...] = ()
    for _ in range(ROUNDS):
        now = await calendar(run)
        await asyncio.gather(*(_set(run, name, now) for name in SERVICES))
        said = tuple(await asyncio.gather(*(_facts(run, name) for name in SERVICES)))
        if said == before and await _all_heard(run):
            return
        before = said
        await asyncio.sleep(0.1)
    raise NotQuiet("The services still have messages to handle; `kiezctl status` and `kiezctl parked list` say where.")


async def _set(run: Run, name: str, moment: datetime) -> None:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    async with channel(run, name) as opened:
        stub = lab_pb2_grpc.LabServiceStub(opened)
        await stub.SetTime(lab_pb2.SetTimeRequest(time=stamp), metadata=as_operator(), timeout=SETTLE_SECONDS)


async def _facts(run: Run, name: str) -> int:
    async with channel(run, name) as opened:
        stub = operator_pb2_grpc.OperatorServiceStub(opened)
        answer = await stub.GetOutboxStatus(
            operator_pb2.GetOutboxStatusRequest(), metadata=as_operator(), timeout=SECONDS
        )
        return answer.total + answer.unpublished * 1_000_000


async def _all_heard(run: Run) -> bool:
    """Whether each durable consumer has handled all that its stream holds for it."""
    shown = json.loads(await get(run.ports.nats_monitor, "/jsz?consumers=true"))
    consumers = (
        consumer
        for account in shown.get("account_details", [])
        for stream in account.get("stream_detail", [])
        for consumer in stream.get("consumer_detail", [])
    )
    durables = [one for one in consumers if one.get("config", {}).get("durable_name") or "-" in one["name"]]
    return all(one["num_pending"] == 0 and one["num_ack_pending"] == 0 for one in durables)
