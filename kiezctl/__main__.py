"""kiezctl: the commands on one page."""

import logging
import sys
from typing import Annotated

import typer
from rich.console import Console

from kiezctl import backup, clock, export, ledger, outbox, parked, reader
from kiezctl.demo.play import demo
from kiezctl.provision import commands as provision
from kiezctl.reset import reset
from kiezctl.status import status
from kiezctl.tail import tail
from kiezctl.token import token
from kiezctl.trouble import told
from kiezctl.up import up
from kiezctl.wire import VARIABLE, trust

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
)  # fmt: skip


@app.callback()
def kiezctl(
    ca: Annotated[
        str, typer.Option(envvar=VARIABLE, help="Call the services over TLS, and trust the authorities in this file.")
    ] = "",
) -> None:
    """Run Kiezwerk on this machine, and look after a Kiezwerk that runs."""
    trust(ca)


app.command()(up)
app.command()(demo)
app.command()(status)
app.command()(tail)
app.add_typer(clock.app, name="clock")
app.add_typer(parked.app, name="parked")
app.add_typer(outbox.app, name="outbox")
app.add_typer(ledger.app, name="ledger")
app.add_typer(export.app, name="export")
app.add_typer(provision.app, name="provision", hidden=True)
app.add_typer(backup.app, name="backup")
app.add_typer(reader.app, name="reader")
app.command()(token)
app.command()(reset)


def main() -> None:
    """Run the command; what a person can mend ends in a sentence and exit code 1, never in a traceback."""
    # Python warns at the end of each TLS connection of nats-py's; that tells a person nothing.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    try:
        app(prog_name="kiezctl")
    except Exception as error:
        sentence = told(error)
        if sentence is None:
            raise
        Console(stderr=True, highlight=False).print(sentence, style="red", markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
