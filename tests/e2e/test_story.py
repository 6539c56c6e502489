"""The story of a district's year, from a start out of nothing to an end that leaves nothing, as its users play it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _kiezctl(home: Path, *words: str, seconds: int = 30) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiezctl", *words]
    environment = {**os.environ, "KIEZ_HOME": str(home), "COLUMNS": "100"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)


@pytest.mark.timeout(400)
def test_the_story_is_played_to_its_end_and_again_in_the_next_year_on_the_data_of_the_first(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    first = _kiezctl(home, "demo", seconds=190)
    assert first.returncode == 0, first.stdout + first.stderr
    assert _kiezctl(home, "status").returncode != 0, "a demo that started the system must end it"
    with _up(home):
        second = _kiezctl(home, "demo", seconds=190)
        assert second.returncode == 0, second.stdout + second.stderr
        assert _kiezctl(home, "status").returncode == 0, "a demo ends no system that it found"
    years = [int(told.stdout.split("Neu-Lichtenberg: ")[1][:4]) for told in (first, second)]
    assert years[1] == years[0] + 1
    assert "The year is over, and everything was as the story says." in second.stdout


@contextmanager
def _up(home: Path) -> Iterator[None]:
    """The system of this home, still starting when the block begins."""
    command = [sys.executable, "-m", "kiezctl", "up"]
    with subprocess.Popen(command, env={**os.environ, "KIEZ_HOME": str(home)}, stdout=subprocess.DEVNULL) as up:
        try:
            yield
        finally:
            up.send_signal(signal.SIGINT)
            assert up.wait(30) == 0
