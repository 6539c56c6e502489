"""gRPC as tables: which rpc is which use case; the chassis parses, checks, answers, refuses, repeats and drains."""

from chassis.rpc.api import Api, Rpc, command, query
from chassis.rpc.neighbour import Neighbour
from chassis.rpc.server import Server

__all__ = ["Api", "Neighbour", "Rpc", "Server", "command", "query"]
