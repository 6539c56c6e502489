"""`make fuzz`: a million hostile inputs by default; `--replay` sends one of them again."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvloop

from tests.faults.fuzz.campaign import Campaign, a_seed
from tests.faults.fuzz.rules import Case
from tests.faults.fuzz.target import a_target

EVERY_SECONDS = 5.0
# The fuller the embedded store, the slower: a system gets no more than this.
SHARE = 62_500


def main() -> int:
    """0 when every rule held, 1 with a line for each failure."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--calls", type=int, default=1_000_000, help="how many inputs (1,000,000)")
    parser.add_argument("--seed", default="", help="the seed of an earlier run")
    parser.add_argument("--jobs", type=int, default=1, help=f"so many systems at once, each with {SHARE:,} at most")
    parser.add_argument("--replay", default="", help="SEED:NUMBER, or a file with a failure's line of JSON")
    asked = parser.parse_args()
    seed = asked.seed or a_seed()
    if asked.calls > SHARE and not asked.replay:
        return _in_shares(seed, asked.calls, asked.jobs)
    # As the services themselves run.
    return uvloop.run(_replay(asked.replay) if asked.replay else _run(seed, asked.calls))


def _in_shares(seed: str, count: int, jobs: int) -> int:
    """Each share on a system of its own, `jobs` at once; each has its own table and its own seed."""
    shares = [min(SHARE, count - start) for start in range(0, count, SHARE)]
    command = (sys.executable, "-m", "tests.faults.fuzz", "--calls")

    def run(number: int, calls: int) -> int:
        return subprocess.call((*command, str(calls), "--seed", f"{seed}-{number}"))

    with ThreadPoolExecutor(jobs) as pool:
        codes = list(pool.map(run, range(1, len(shares) + 1), shares))
    print(f"{count:,} inputs in {len(shares)} shares, {sum(map(bool, codes))} of them with failures")
    return int(any(codes))


async def _run(seed: str, count: int) -> int:
    started = last = time.monotonic()

    def told(done: int) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY_SECONDS:
            last = time.monotonic()
            rate = done / (last - started)
            print(f"\r{done:,} of {count:,} · {rate:,.0f}/s · seed {seed} ", end="", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        async with a_target(Path(folder)) as target:
            started = time.monotonic()
            report = await Campaign(target, seed).run(count, told)
    print(f"\n{report.table()}\nseed {seed}: {len(report.failures)} failures")
    print(*report.failures, sep="\n")
    return 1 if report.failures else 0


async def _replay(what: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with a_target(Path(folder)) as target:
            if Path(what).is_file():
                told = json.loads(Path(what).read_text(encoding="utf-8"))
                campaign, number = Campaign(target, told["seed"]), told["number"]
                case = _case(told)
                answer = await campaign._send(case)
            else:
                seed, _, text = what.rpartition(":")
                campaign, number = Campaign(target, seed), int(text)
                case, answer = await campaign.replay(number)
            campaign._judge(case, answer)
    print(campaign.told(case, answer, "as answered now"), *campaign.report.failures, *target.errors, sep="\n")
    return 1 if campaign.report.failures else 0


def _case(told: dict[str, object]) -> Case:
    metadata = tuple((k, v if plain else bytes.fromhex(v)) for k, v, plain in told["metadata"])  # type: ignore[attr-defined]  # JSON
    data = bytes.fromhex(str(told["request"]))
    return Case(
        int(str(told["number"])), str(told["service"]), str(told["rpc"]), data, metadata, float(str(told["seconds"]))
    )


if __name__ == "__main__":
    sys.exit(main())
