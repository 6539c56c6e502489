"""`make soak`: so many kill -9 in the middle of work (1,000 if not said), counted in batches, told as a table.

`python -m tests.faults.soak [kills] [seed]`; exit code 1 when anything but a mail on its way came to harm.
"""

import asyncio
import itertools
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kiezctl.ports import SERVICES
from tests.faults.checker import Report
from tests.faults.installation import kiezctl_up
from tests.faults.rig import SERVERS, Rig, a_rig, rigged

BATCH = 10
# The checker reads everything each time: after so many kills it begins with a new installation.
ANEW = 100
TABLE_WIDTH = 132
FAULTS = {"a service": SERVICES, "a server": SERVERS, "any process": (*SERVICES, *SERVERS, "mail sink")}
COLUMNS = (
    "kills",
    "acknowledged",
    "lost",
    "twice",
    "cents astray",
    "disorder",
    "calendar",
    "decisions",
    "repeats",
    "mails twice",
)
FIELDS = {
    "lost": "lost", "twice": "twice", "cents astray": "astray", "disorder": "disorder", "calendar": "calendar",
    "decisions": "decisions",
}  # fmt: skip


class Tally:
    """What came of each kind of fault, so far."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}
        self.wrong: list[str] = []
        self.repeated: Counter[str] = Counter()

    def add(self, fault: str, kills: int, answered: int, report: Report) -> None:
        counts = report.counts()
        found = {column: counts[field] for column, field in FIELDS.items()}
        found |= {"repeats": counts["repeats"], "mails twice": counts["mails_twice"]}
        self.rows.setdefault(fault, Counter()).update({"kills": kills, "acknowledged": answered, **found})
        self.wrong += report.wrong() + report.repeats
        # A sender that is killed between sending and noting sends again; nothing else does.
        if len(report.mails_twice) > kills:
            self.wrong.append(f"{fault}: {len(report.mails_twice)} mails twice after {kills} kills")

    def asked_again(self) -> str:
        """How often a call was repeated, by the status for which it was."""
        counts = ", ".join(f"{status} {count:,}" for status, count in self.repeated.most_common())
        return f"asked again: {counts or 'never'}"

    def table(self) -> Table:
        table = Table("fault", *COLUMNS)
        for fault, row in self.rows.items():
            table.add_row(fault, *(f"{row[column]:,}" for column in COLUMNS))
        total = sum(self.rows.values(), Counter[str]())
        table.add_row("all", *(f"{total[column]:,}" for column in COLUMNS))
        return table


async def _batch(rig: Rig, fault: str, names: tuple[str, ...], kills: int, chance: random.Random, tally: Tally) -> None:
    before, repeats = len(rig.caller.acknowledged), rig.caller.repeats.copy()
    report = await rig.under(rig.kill(names, kills, chance))
    tally.repeated += rig.caller.repeats - repeats
    tally.add(fault, kills, len(rig.caller.acknowledged) - before, report)


async def _soak(kills: int, seed: int, console: Console) -> int:
    chance, tally, started = random.Random(seed), Tally(), time.monotonic()
    console.print(f"{kills:,} kills, seed {seed}")
    ups = max(1, kills // 20)
    rest = kills - ups
    while rest:
        part = min(rest, ANEW)
        with tempfile.TemporaryDirectory(prefix="soak-") as folder:
            async with a_rig(Path(folder), seed) as rig:
                await _batches(rig, part, chance, tally)
        rest -= part
        console.print(tally.table(), f"{time.monotonic() - started:,.0f} s")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        async with kiezctl_up(Path(folder)) as installation, rigged(installation, seed) as rig:
            await _batch(rig, "kiezctl up", ("kiezctl up",), ups, chance, tally)
    end = (tally.asked_again(), f"{time.monotonic() - started:,.0f} s", *tally.wrong[:50])
    console.print(tally.table(), *end, sep="\n")
    return 1 if tally.wrong else 0


async def _batches(rig: Rig, kills: int, chance: random.Random, tally: Tally) -> None:
    kinds = itertools.cycle(FAULTS.items())
    while kills:
        fault, names = next(kinds)
        count = min(BATCH, kills)
        await _batch(rig, fault, names, count, chance, tally)
        kills -= count


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    kills = given[0] if given else 1_000
    seed = given[1] if len(given) > 1 else secrets.randbelow(2**32)
    # Where no terminal says how wide it is, the table is as wide as it needs.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else TABLE_WIDTH)
    sys.exit(asyncio.run(_soak(kills, seed, console)))
