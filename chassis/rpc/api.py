"""The table of one gRPC service: a line for each rpc."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.descriptor_pool import Default as default_pool  # noqa: N813 - a function in all but its case
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis.ports import Caller, Transaction

C = TypeVar("C")
Locks = Callable[[Any], Awaitable[Iterable[str]]]
USUAL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Rpc:
    """One rpc. A command gets a transaction, a query does not; `answer` names the response's field for the result.

    `unrecorded` leaves nothing that says when it was called, or by whom: no repeats, no log entry, no trace. `guesses` are the reasons
    with which a wrong secret is refused; of those each address has so many a minute. `is_form`: without a token it counts as a form.
    """

    name: str
    takes: type[Any]
    handler: Callable[..., Awaitable[Any]]
    answer: str
    writes: bool
    locks: Locks | None = None
    money: bool = False
    secret: bool = False
    unrecorded: bool = False
    guesses: tuple[str, ...] = ()
    is_form: bool = False
    seconds: float = USUAL_SECONDS


def query(
    name: str,
    takes: type[C],
    handler: Callable[[C, Caller], Awaitable[Any]],
    answer: str = "",
    *,
    seconds: float = USUAL_SECONDS,
) -> Rpc:
    """An rpc that reads; `seconds` is its deadline where the caller sets none."""
    return Rpc(name, takes, handler, answer, writes=False, seconds=seconds)


def command(
    name: str,
    takes: type[C],
    handler: Callable[[Transaction, C, Caller], Awaitable[Any]],
    answer: str = "",
    *,
    locks: Callable[[C], Awaitable[Iterable[str]]] | None = None,
    money: bool = False,
    secret: bool = False,
    unrecorded: bool = False,
    guesses: tuple[str, ...] = (),
    is_form: bool = False,
) -> Rpc:
    """An rpc that writes, in one transaction, behind the locks of the aggregates that `locks` names."""
    return Rpc(
        name,
        takes,
        handler,
        answer,
        writes=True,
        locks=locks or _first_id,
        money=money,
        secret=secret,
        unrecorded=unrecorded,
        guesses=guesses,
        is_form=is_form,
    )


async def _first_id(command: Any) -> Iterable[str]:
    first = next(iter(dataclasses.fields(command)), None)
    if first is None or not first.name.endswith("id"):
        return ()
    return (getattr(command, first.name),)


class Api:
    """One gRPC service of a proto, every rpc of it answered."""

    def __init__(self, name: str, *rpcs: Rpc) -> None:
        load_stubs(name.rpartition(".")[0])
        self.name = name
        self.descriptor: ServiceDescriptor = default_pool().FindServiceByName(name)
        self.rpcs = {rpc.name: rpc for rpc in rpcs}
        promised = set(self.descriptor.methods_by_name)
        if promised != set(self.rpcs):
            raise ValueError(f"{name}: the proto and the table differ in {sorted(promised ^ set(self.rpcs))}")
        self._types = {
            rpc: (GetMessageClass(method.input_type), GetMessageClass(method.output_type))
            for rpc, method in self.descriptor.methods_by_name.items()
        }

    def request_type(self, rpc: str) -> type[Message]:
        return self._types[rpc][0]

    def response_type(self, rpc: str) -> type[Message]:
        return self._types[rpc][1]


def load_stubs(package: str) -> None:
    # A descriptor is known only once its module was imported; a table names services, not modules.
    module = importlib.import_module(package)
    for found in pkgutil.iter_modules(module.__path__):
        if found.name.endswith("_pb2"):
            importlib.import_module(f"{package}.{found.name}")
