"""What the scripts of deploy/ ask of Docker, seen by one that only writes it down."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from kiezctl.home import ROOT
from tests.support.city import eventually

SERVICES = "actors funds events notify"
DOCKER = """#!/bin/sh
echo "$*" >>"$ASKED"
case "$*" in
  *"ps --all --quiet funds"*) echo "$CONTAINERS" ;;
  *"config --services"*) printf 'nats\\nnats-2\\nnats-3\\nfunds\\n' ;;
  *"$STAYS"*) echo "$STAYS" >>"$ASKED.stays"; exec sleep 60 ;;
esac
"""


class Asked:
    """A script that runs, and what it has asked so far."""

    def __init__(self, folder: Path, *words: str, stays: str = "nothing", containers: str = "") -> None:
        (folder / "docker").write_text(DOCKER)
        (folder / "docker").chmod(0o755)
        self._asked = folder / "asked"
        env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "ASKED": str(self._asked)}
        self.process = subprocess.Popen(
            words, cwd=ROOT, env=env | {"STAYS": stays, "CONTAINERS": containers}, start_new_session=True
        )

    def end(self) -> list[str]:
        self.process.wait(20)
        return self._asked.read_text().splitlines()

    async def stays(self) -> bool:
        return self._asked.with_suffix(".stays").exists()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    ("words", "last"),
    [
        (("deploy/backup", "x"), f"compose --progress quiet start {SERVICES}"),
        (("deploy/restore", "x"), "compose --progress quiet up --detach --wait"),
    ],
)
async def test_services_go_on_whoever_ends_a_backup_or_a_restore(
    tmp_path: Path, words: tuple[str, ...], last: str, told: signal.Signals
) -> None:
    if signal.getsignal(told) is signal.SIG_IGN:
        pytest.skip("whoever started these tests has this signal ignored, and a shell cannot trap it then")
    running = Asked(
        tmp_path, *words, stays=words[0].replace("deploy/", "kiezctl backup ").replace("backup backup", "backup take")
    )
    await eventually(running.stays)
    os.killpg(running.process.pid, told)
    assert running.end()[-1] == last
    assert running.process.returncode == 130


def test_a_restore_starts_every_server_of_a_cluster(tmp_path: Path) -> None:
    asked = Asked(tmp_path, "deploy/restore", "x").end()
    assert any("up --detach secrets nats nats-2 nats-3 store-actors" in line for line in asked)


def test_a_roll_hands_out_what_is_new_first_and_starts_what_was_stopped(tmp_path: Path) -> None:
    asked = Asked(tmp_path, "deploy/roll", "funds").end()
    assert asked[0] == "compose up --no-deps --exit-code-from secrets secrets"
    assert asked[1].endswith("backup kiezctl provision reload")
    assert asked[-1] == "compose up --detach --wait --no-deps --no-recreate funds"


def test_a_roll_replaces_each_container(tmp_path: Path) -> None:
    asked = Asked(tmp_path, "deploy/roll", "funds", containers="one two").end()
    replaced = [line for line in asked if line.startswith(("stop", "rm", "compose up --detach"))]
    up = "compose up --detach --wait --no-deps --no-recreate funds"
    assert replaced == ["stop one", "rm one", up, "stop two", "rm two", up, up]
