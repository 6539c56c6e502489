"""The narrator: one sentence a step, and beside it what the outsider received."""

from collections.abc import Sequence
from datetime import datetime

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
                "kiez.pub.*.v1.*.11.>",
                style="dim",
            )
        )

    def act(self, title: str, now: datetime) -> None:
        self._print(Text.assemble(("\n" + title, "bold"), (f"   {now.astimezone(BERLIN):%d %B %Y}", "dim")))

    def step(self, sentence: str, heard: Sequence[Said]) -> None:
        self.steps += 1
        grid = Table.grid(padding=(0, 1), expand=False)
        width = min(self._console.width, WIDEST) - 6
        grid.add_column(width=3, justify="right", style="dim")
        grid.add_column(width=width * 9 // 16)
        grid.add_column(width=width - width * 9 // 16, no_wrap=True, overflow="ellipsis")
        grid.add_row(str(self.steps), sentence, _received(heard))
        self._print(grid)

    def conclude(self, sentence: str) -> None:
        self._print(Text(f"\n{sentence}\n", style="bold green"))

    def _print(self, what_: Table | Text) -> None:
        self._console.print(what_, highlight=False)


def _received(heard: Sequence[Said]) -> Text:
    lines = [_line(message) for message in heard[:MOST]]
    if len(heard) > MOST:
        lines.append(Text(f"… and {len(heard) - MOST} more", style="dim"))
    return Text("\n").join(lines)


def _line(message: Said) -> Text:
    about = details(message)
    return Text.assemble(("‹ ", "dim"), (what(message), COLOURS.get(message.service, "")), f" {about}" if about else "")
