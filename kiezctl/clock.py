"""`kiezctl clock`: the calendar clock of a trial installation, read and moved forward."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from chassis.ports import BERLIN
from kiezctl.answer import AsJson, console, print_json
from kiezctl.calls import running
from kiezctl.clocks import open_clocks
from kiezctl.trouble import Trouble

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

app = typer.Typer(help="Show the calendar clock, or move it forward.", invoke_without_command=True)


@app.callback()
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the calendar clock, or move it forward."""
    if context.invoked_subcommand is None:
        _say(asyncio.run(_move(None)), as_json)


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
    _say(asyncio.run(_move(wanted if wanted.tzinfo else wanted.replace(tzinfo=BERLIN))), as_json)


@app.command("forward")
def forward(
    span: Annotated[str, typer.Argument(help="30m, 12h, 3d or 2w.")],
    as_json: AsJson = False,
) -> None:
    """Move the calendar forward by a span, and wait until all that is due by then has happened."""
    found = re.fullmatch(r"([1-9]\d{0,4})([mhdw])", span)
    if not found:
        raise Trouble(f"{span} is no span; write it like 30m, 12h, 3d or 2w.")
    _say(asyncio.run(_move(timedelta(**{UNITS[found[2]]: int(found[1])}))), as_json)


async def _move(to: datetime | timedelta | None) -> datetime:
    async with open_clocks(running()) as clocks:
        now = await clocks.read()
        if to is None:
            return now
        return await clocks.move(now + to if isinstance(to, timedelta) else to.astimezone(UTC))


def _say(moment: datetime, as_json: bool) -> None:
    if as_json:
        print_json({"time": moment.isoformat()})
    else:
        console().print(f"The calendar reads {moment.astimezone(BERLIN):%A, %d %B %Y, %H:%M} in Berlin.")
