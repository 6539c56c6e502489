"""`make bench`: measures every row, prints a table and writes it as JSON."""

import argparse
import importlib
import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from bench import recording
from bench.measure import Row
from bench.rig import QUICK, WHOLE, Sizes
from chassis import logs
from kiezctl.home import ROOT
from tests.support.city import a_city

ROWS = (
    "read", "command", "awards", "relay", "latency", "replay", "consume", "broadcast", "lists", "start", "memory",
)  # fmt: skip
RESULTS = ROOT / "bench" / "results"
PACKAGES = ("grpcio", "motor", "pymongo", "nats-py", "faststream", "pydantic")


def main() -> int:
    """0 when every row that was measured meets its goal, 1 when one does not."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--row", action="append", choices=ROWS, help="only this one; may be repeated")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes: shows that it runs, its numbers mean nothing"
    )
    parser.add_argument("--json", type=Path, default=None, help="where the JSON goes (bench/results/<time>.json)")
    asked = parser.parse_args()
    console = Console()
    logs.set_up("bench", format="text", level="warning")
    recording.listen()
    # As the services run: rows that need no process of their own are measured in this one.
    found = uvloop.run(_measure(asked.row or ROWS, QUICK if asked.quick else WHOLE, console))
    console.print(_table(found))
    for row in found:
        if row.note:
            console.print(f"{row.name}: {row.note}.", style="dim")
    written = _write(found, asked.json, quick=asked.quick)
    console.print(f"Written to {written}.", soft_wrap=True)
    return 0 if all(row.is_met for row in found) else 1


async def _measure(names: Sequence[str], sizes: Sizes, console: Console) -> list[Row]:
    found: list[Row] = []
    for name in names:
        began = time.monotonic()
        # Each row on servers of its own: none carries what another left.
        with tempfile.TemporaryDirectory(prefix="kiez-bench-") as folder:
            async with a_city(Path(folder)) as city:
                found += await importlib.import_module(f"bench.rows.{name}").rows(city, sizes)
        console.print(f"{name}: {time.monotonic() - began:.0f} s", style="dim")
    return found


def _table(found: Sequence[Row]) -> Table:
    table = Table("row", "product", "raw limit", "unit", "ratio", "goal", "")
    for column in (1, 2, 4, 5):
        table.columns[column].justify = "right"
    for row in found:
        goal = f"{'≤' if row.at_most else '≥'} {row.goal:g}"
        met = "[green]met[/]" if row.is_met else "[red]missed[/]"
        table.add_row(row.name, _number(row.product), _number(row.raw), row.unit, f"{row.ratio:.2f}", goal, met)
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def _write(found: Sequence[Row], path: Path | None, *, quick: bool) -> Path:
    at = datetime.now(UTC)
    path = path or RESULTS / f"{at:%Y-%m-%dT%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "at": at.isoformat(timespec="seconds"),
        "quick": quick,
        "store": Path(os.environ.get("KIEZ_STORE_SERVER") or "secantusd-py").name,
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "packages": {name: version(name) for name in PACKAGES},
        "rows": [asdict(row) | {"ratio": round(row.ratio, 3), "met": row.is_met} for row in found],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    raise SystemExit(main())
