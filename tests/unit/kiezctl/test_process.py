"""Only processes that were started here are ever ended."""

import os
import subprocess
import sys
from pathlib import Path

from kiezctl.home import Home
from kiezctl.ports import Ports
from kiezctl.process import ProcessMark, mark
from kiezctl.run_file import Run, end_leftovers, own_mark, read_run

FOREVER = (sys.executable, "-I", "-S", "-c", "import signal; signal.pause()")
GONE = ProcessMark(2**22 + 1, "1")


def test_a_process_with_a_reused_number_is_another_one() -> None:
    mine = own_mark()
    assert mine.lives()
    assert not ProcessMark(os.getpid(), mine.started + "0").lives()
    assert not ProcessMark(os.getpid(), mine.started + "0").end()


def test_a_process_that_has_ended_does_not_live() -> None:
    with subprocess.Popen(FOREVER) as child:
        seen = mark(child.pid)
        assert seen.lives()
        child.kill()
    assert not seen.lives()


def test_a_start_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with subprocess.Popen(FOREVER) as left, subprocess.Popen(FOREVER) as foreign:
        reused = ProcessMark(foreign.pid, "1")
        Run(Ports(), GONE, {"funds": mark(left.pid), "notify": reused}).save(home.run_file)
        assert end_leftovers(home) == ["funds"]
        assert left.wait(5) != 0
        assert foreign.poll() is None
        foreign.kill()


def test_nothing_is_ended_while_the_supervisor_lives(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with subprocess.Popen(FOREVER) as child:
        Run(Ports(), own_mark(), {"funds": mark(child.pid)}).save(home.run_file)
        assert end_leftovers(home) == []
        assert child.poll() is None
        child.kill()


def test_a_run_is_read_as_it_was_saved(tmp_path: Path) -> None:
    run = Run(Ports(2000), own_mark(), {"funds": GONE})
    run.save(tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == run


def test_a_broken_run_file_is_no_run(tmp_path: Path) -> None:
    for content in ("", "{", "[]", '{"offset": 1}', '{"offset": 0, "supervisor": {"pid": 1}, "children": {}}'):
        (tmp_path / "run.json").write_text(content)
        assert read_run(tmp_path / "run.json") is None
