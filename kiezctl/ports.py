"""Ports: the block of numbers that one running copy uses."""

import errno
import socket
from dataclasses import dataclass

from kiezctl.trouble import Trouble

HOST = "127.0.0.1"
SERVICES = ("actors", "funds", "events", "notify")
DOOR = 7100
STEP = 1000
BLOCKS = 25


class NoFreePorts(Trouble):
    """Another program uses one of each block of ports, or of those of a strip."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            return False
        return True


@dataclass(frozen=True)
class Ports:
    """The ports of one copy; copies differ by `offset`, a multiple of 1000."""

    offset: int = 0

    @property
    def door(self) -> int:
        """Held by `kiezctl up` itself, so that two copies that start at once never take one block."""
        return DOOR + self.offset

    @property
    def nats(self) -> int:
        return 7300 + self.offset

    @property
    def nats_monitor(self) -> int:
        return 7301 + self.offset

    @property
    def smtp(self) -> int:
        return 7025 + self.offset

    @property
    def mail(self) -> int:
        return 7280 + self.offset

    def grpc(self, service: str) -> int:
        return 7101 + SERVICES.index(service) + self.offset

    def http(self, service: str) -> int:
        return 7201 + SERVICES.index(service) + self.offset

    def store(self, service: str) -> int:
        return 7401 + SERVICES.index(service) + self.offset

    def all(self) -> tuple[int, ...]:
        """Every port but the door."""
        single = (self.nats, self.nats_monitor, self.smtp, self.mail)
        return single + tuple(port(name) for name in SERVICES for port in (self.grpc, self.http, self.store))


@dataclass(frozen=True)
class Block:
    """A block that this process has taken; it is given back when the door is closed."""

    ports: Ports
    door: socket.socket


def take_block(first: int = 0) -> Block:
    """Take the first block of which all ports are free, none before number `first`; raises NoFreePorts."""
    for step in range(first, BLOCKS):
        ports = Ports(step * STEP)
        door = open_door(ports.door)
        if door is None:
            continue
        if all(is_free(port) for port in ports.all()):
            return Block(ports, door)
        door.close()
    raise NoFreePorts(
        f"No free ports: each of the {BLOCKS} blocks (7025 to 7404, then 1000 higher each) has one that another program uses."
    )


def open_door(port: int) -> socket.socket | None:
    """Listen on a port, as a sign to others that what is behind it is taken; None where somebody does already."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        door.listen()
    except OSError:
        door.close()
        return None
    return door
