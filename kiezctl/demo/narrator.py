"""The narrator: one sentence a step, and beside it what the outsider received."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chassis.ports import BERLIN
from kiezctl.said import Said
from kiezctl.sentences import COLOURS, details, what

MOST = 8
WIDEST = 140


class Narrator:
    """Prints the story, at 80 columns and more."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.steps = 0

    def introduce(self, year: int) -> None:
        self._print(Text(f"\nA year of the Kiezfonds in Neu-Lichtenberg: {year}", style="bold"))
        self._print(
            Text(
                "The sums and days are those of Lichtenberg, the organisations exist, their applications are made up. "
                "On the left what happens; on the right what a library's system hears that subscribed to "
                "kiez.pub.*.v1.*.11.>: where it is empty, nobody outside is told.",
                style="dim",
            )
        )

    def act(self, number: int, title: str, now: datetime) -> None:
        self._print(Text.assemble((f"\n{number}. {title}", "bold"), (f"   {now.astimezone(BERLIN):%d %B %Y}", "dim")))

    def step(self, sentence: str, heard: Sequence[Said]) -> None:
        self.steps += 1
        grid = Table.grid(padding=(0, 1), expand=False)
        width = min(self._console.width, WIDEST) - 6
        grid.add_column(width=3, justify="right", style="dim")
        grid.add_column(width=width * 9 // 16)
        grid.add_column(width=width - width * 9 // 16)
        grid.add_row(str(self.steps), sentence, _received(heard))
        self._print(grid)

    def conclude(self, sentence: str) -> None:
        self._print(Text(f"\n{sentence}\n", style="bold green"))

    def _print(self, what_: Table | Text) -> None:
        self._console.print(what_, highlight=False)


def _received(heard: Sequence[Said]) -> Table:
    """A line for each message; what reads the same several times in a row is one line."""
    lines = [(list(same), line) for line, same in groupby(heard, key=_line)]
    shown = Table.grid(padding=(0, 1, 0, 0))
    shown.add_column(style="dim", justify="right", no_wrap=True)
    shown.add_column()
    for same, line in lines[:MOST]:
        shown.add_row(f"{len(same)} ×" if len(same) > 1 else "‹", line)
    if len(lines) > MOST:
        shown.add_row("…", Text(f"and {len(lines) - MOST} more", style="dim"))
    return shown


def _line(message: Said) -> Text:
    about = details(message)
    return Text.assemble((what(message), COLOURS.get(message.service, "")), f"  {about}" if about else "")
