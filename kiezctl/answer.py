"""How a command answers: JSON for programs, a table or a sentence for people."""

import json
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
# Addresses, ids and counts are of use in one piece only.
SHORT = (
    "id",
    "service",
    "state",
    "gRPC",
    "HTTP",
    "outbox",
    "oldest",
    "blocked",
    "behind",
    "parked",
    "calls",
    "95 % take",
)


def console() -> Console:
    return Console(highlight=False)


def print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def table(*titles: str) -> Table:
    """An empty table in the style of all commands."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        made.add_column(title, overflow="fold", no_wrap=title in SHORT)
    return made
