"""`make bench` measures what it says: each row runs, and compares two numbers that were both measured."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import ROWS
from kiezctl.home import ROOT

# The rest start a whole system of their own, or wait for it to idle.
SHORT = ("read", "command", "relay", "replay", "consume", "broadcast")


def test_the_rows_that_take_long_are_named_here() -> None:
    assert set(ROWS) - set(SHORT) == {"awards", "latency", "lists", "start", "memory"}


@pytest.mark.timeout(180)
def test_each_short_row_runs_and_is_written_as_a_ratio(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    rows = [word for name in SHORT for word in ("--row", name)]
    command = (sys.executable, "-m", "bench", "--quick", "--json", str(file), *rows)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode in {0, 1}, done.stderr
    found = json.loads(file.read_text(encoding="utf-8"))
    assert len(found["rows"]) == len(SHORT)
    for row in found["rows"]:
        assert row["product"] > 0
        assert row["raw"] > 0
        assert row["ratio"] == pytest.approx(row["product"] / row["raw"], abs=0.001)
    assert found["quick"] is True
    assert "ratio" in done.stdout
