"""The project that docker keeps apart under one name: the operator's commands on it, and its containers."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kiezctl.home import ROOT

PROJECT = "kiezwerk-test"
DOWN = ("--profile", "*", "down", "--volumes", "--timeout", "5")


class Failed(Exception):
    """A command of docker's that did not succeed; the text is its last words."""


@dataclass(frozen=True, slots=True)
class Project:
    """The containers of one name, by commands in this environment."""

    env: dict[str, str]

    def run(
        self, *words: str, check: bool = True, seconds: float = 600, env: Mapping[str, str] = MappingProxyType({})
    ) -> str:
        """A command of the operator's, in the folder of the project; `env` is what it finds set beside the usual."""
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            failed = Failed(f"{' '.join(words)}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
            if "up" in words:
                failed.add_note(self.compose("logs", "--tail", "20", check=False)[-10_000:])
            raise failed
        return done.stdout

    def docker(self, *words: str, **how: Any) -> str:
        return self.run("docker", *words, **how)

    def compose(self, *words: str, **how: Any) -> str:
        return self.docker("compose", *words, **how)

    def operator(self, *words: str) -> str:
        return self.compose("exec", "-T", "operator", *words)

    def inspect(self, service: str) -> dict[str, Any]:
        identity = self.compose("ps", "--all", "--quiet", service).split()[0]
        found: list[dict[str, Any]] = json.loads(self.docker("inspect", identity))
        return found[0]

    def address(self, service: str, network: str) -> str:
        """Where a container is on one of its networks; this machine is the gateway of all of them."""
        return str(self.inspect(service)["NetworkSettings"]["Networks"][f"{PROJECT}_{network}"]["IPAddress"])

    def kill(self, service: str) -> None:
        """End its process as a crash does; the engine starts it again."""
        pid = self.inspect(service)["State"]["Pid"]
        if pid:
            os.kill(pid, signal.SIGKILL)
