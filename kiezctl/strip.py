"""A strip of ports for tests and measurements: each process hands out those of its own, so that none takes another's."""

import atexit
import itertools
import os
import secrets
from collections.abc import Iterator

from kiezctl.ports import STEP, NoFreePorts, is_free, open_door

LENGTH = 100
# Below those that systems give to connections, and between the blocks.
STRIPS = tuple(start for start in range(20_000, 32_000, LENGTH) if start % STEP >= STEP / 2)

_of_process: dict[int, Iterator[int]] = {}


def free_port() -> int:
    """A port that nobody listens on now, that no other process is given, and that comes again only after all others.

    So a server that is down for a moment finds its port free when it starts again. Raises NoFreePorts.
    """
    ports = _of_process.get(os.getpid())
    if ports is None:
        # What a fork has of its parent's strip is its parent's.
        _of_process.clear()
        ports = _of_process[os.getpid()] = itertools.cycle(_take_strip())
    for port in itertools.islice(ports, LENGTH):
        if is_free(port):
            return port
    raise NoFreePorts(f"No free port: this process itself listens on all {LENGTH} of its strip.")


def _take_strip() -> range:
    """The ports behind a door that this process holds as long as it lives."""
    for start in secrets.SystemRandom().sample(STRIPS, len(STRIPS)):
        door = open_door(start)
        if door is not None:
            atexit.register(door.close)
            return range(start + 1, start + LENGTH)
    raise NoFreePorts(f"No free port: each of the {len(STRIPS)} strips from {STRIPS[0]} on is another process'.")
