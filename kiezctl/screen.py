"""The first screen of a running system: what runs where, where mail is read, how to call and to listen."""

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kiezctl.endpoints import Endpoints
from kiezctl.ports import SERVICES
from kiezctl.sentences import COLOURS

OWNS = {
    "actors": "who is active where",
    "funds": "money for the neighbourhood",
    "events": "the calendar",
    "notify": "who is told what",
}


def screen(run: Endpoints) -> RenderableType:
    """What a newcomer needs, at 80 columns and more."""
    return Group(
        Text(),
        Text("Kiezwerk runs.", style="bold"),
        Text(),
        Padding(_services(run), (0, 0, 0, 2)),
        Text(),
        Padding(_rest(run), (0, 0, 0, 2)),
        Text(),
        Text("Ctrl-C ends it; the data stays. Messages, as they pass:"),
        Text(),
    )


def _services(run: Endpoints) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for title in ("service", "what for", "gRPC", "HTTP"):
        table.add_column(title, no_wrap=True)
    for name in SERVICES:
        table.add_row(Text(name, style=COLOURS[name]), OWNS[name], run.grpc(name), run.http(name))
    return table


def _rest(run: Endpoints) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("NATS", f"{run.nats}   listen on kiez.pub.>")
    table.add_row("Mail", f"{run.mail}   every mail lands here and is sent to nobody")
    table.add_row("Pages", f"{run.http('funds')}/regions   what became of the money, for residents")
    table.add_row("Token", "kiezctl token --role fund_office --region 11")
    table.add_row("Demo", "make demo   in a second terminal: a year in Neu-Lichtenberg")
    table.add_row("More", "kiezctl status · kiezctl tail · kiezctl --help   (in .venv/bin/)")
    return table


def show_screen(console: Console, run: Endpoints) -> None:
    console.print(screen(run), highlight=False)
