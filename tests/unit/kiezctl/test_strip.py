"""Which single ports a process is given."""

import subprocess
import sys

import pytest

from kiezctl import strip
from kiezctl.ports import BLOCKS, STEP, NoFreePorts, Ports, is_free, open_door
from kiezctl.strip import LENGTH, STRIPS, free_port

ONE_ROUND = LENGTH - 1
PRINT_A_ROUND = f"from kiezctl.strip import free_port; print(*[free_port() for _ in range({ONE_ROUND})]); input()"
FORK = f"""
import os
from kiezctl.strip import free_port

print(*[free_port() for _ in range({ONE_ROUND})], flush=True)
if os.fork() == 0:
    print(free_port(), flush=True)
else:
    os.wait()
"""


def test_a_port_comes_again_only_after_all_others() -> None:
    given = [free_port() for _ in range(ONE_ROUND)]
    passed_over = ONE_ROUND - len(set(given))
    assert passed_over < ONE_ROUND / 2
    assert free_port() == given[passed_over]
    assert is_free(free_port())


def test_no_other_process_is_given_a_port_that_this_one_may_be() -> None:
    mine = {free_port() for _ in range(ONE_ROUND)}
    others = [subprocess.Popen([sys.executable, "-c", PRINT_A_ROUND], stdin=-1, stdout=-1, text=True) for _ in range(3)]
    try:
        theirs = [{int(port) for port in other.stdout.readline().split()} for other in others if other.stdout]
    finally:
        for other in others:
            other.communicate("\n", timeout=30)
    assert [len(given) for given in theirs] == [ONE_ROUND] * 3
    assert len(mine.union(*theirs)) == len(mine) + 3 * ONE_ROUND


def test_a_fork_does_not_go_on_with_its_parents_ports() -> None:
    told = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, timeout=30, check=True).stdout
    *parents, childs = (int(port) for port in told.split())
    assert childs not in parents


def test_no_strip_has_a_port_that_the_system_gives_to_connections_or_a_block_has() -> None:
    given = {port for step in range(BLOCKS) for port in (Ports(step * STEP).door, *Ports(step * STEP).all())}
    assert not given & {port for start in STRIPS for port in range(start, start + LENGTH)}
    assert max(STRIPS) + LENGTH <= 32_768


def test_a_strip_that_is_held_is_given_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    held = open_door(0)
    assert held is not None
    with held:
        monkeypatch.setattr(strip, "STRIPS", (held.getsockname()[1],))
        with pytest.raises(NoFreePorts):
            strip._take_strip()
