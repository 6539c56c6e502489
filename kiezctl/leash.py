"""A small script that ties a command to the process which started it: whatever ends that one, even kill -9, ends this.

Called as `python -I -S leash.py <kernel|pipe> <pid of the starter> <command …>`; the command takes the script's place, so
the pid stays. `kernel` asks Linux for a signal when the starter dies; `pipe` works everywhere: a minder, child of the
command, waits for the end of stdin, whose other end the starter alone holds.
"""

import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1


def ask_kernel(starter: int) -> None:
    import ctypes  # noqa: PLC0415 - not needed, and slow to load, on the other path

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have died before the kernel was asked; then nobody would ever tell.
    if os.getppid() != starter:
        os._exit(1)


def leave_minder() -> None:
    command = os.getpid()
    if os.fork():
        return
    # As long as the command lives it is this process's parent, so no foreign process can be hit.
    while os.getppid() == command:
        if select.select([0], [], [], 1.0)[0] and not os.read(0, 1):
            if os.getppid() == command:
                os.kill(command, signal.SIGKILL)
            break
    os._exit(0)


if __name__ == "__main__":
    way, starter, *command = sys.argv[1:]
    if way == "kernel":
        ask_kernel(int(starter))
    else:
        leave_minder()
    os.execv(command[0], command)  # noqa: S606 - a shell would take the pid for itself
