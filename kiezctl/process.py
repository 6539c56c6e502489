"""A process on this machine, told from another that got the same number later."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessMark:
    """A pid with the start time that the system gives for it: together they name one process for ever."""

    pid: int
    started: str

    def lives(self) -> bool:
        return self.started != "" and mark(self.pid) == self

    def end(self, *, within: float = 2.0) -> bool:
        """End it, politely first; False when it had ended before."""
        if not self.lives():
            return False
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + within
        while self.lives() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.lives():
            os.kill(self.pid, signal.SIGKILL)
        return True


def mark(pid: int) -> ProcessMark:
    """The mark of a living process; `started` is empty when there is none (a zombie is none)."""
    state, started = _from_proc(pid) if sys.platform == "linux" else _from_ps(pid)
    return ProcessMark(pid, "" if state.startswith(("Z", "X")) else started)


def _from_proc(pid: int) -> tuple[str, str]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "X", ""
    # The second field is the name in parentheses and may hold spaces; counting starts after it.
    fields = stat.rpartition(")")[2].split()
    return fields[0], fields[19]


def _from_ps(pid: int) -> tuple[str, str]:
    shown = subprocess.run(["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = shown.stdout.strip().partition(" ")
    return state or "X", started.strip()
