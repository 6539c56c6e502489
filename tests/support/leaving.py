"""A caller who leaves: its call is stopped before each of its store operations in turn, and given up there; then it asks the same again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from chassis.ports import new_id
from tests.support.city import Started, eventually
from tests.support.client import Refused
from tests.support.gate import GATE
from tests.support.interleaving import Command, told

# What says of itself that the same may be asked again.
ASK_AGAIN = {"ABORTED", "UNAVAILABLE", "DEADLINE_EXCEEDED"}
GONE = ("CANCELLED", "DEADLINE_EXCEEDED")


def cancels(call: asyncio.Task[Any]) -> None:
    """Goes away, and says so."""
    call.cancel()


def waits_too_long(call: asyncio.Task[Any]) -> None:
    """Does nothing: its deadline passes."""


async def left_at_every_step(
    service: Started, prepare: Callable[[], Awaitable[tuple[Command, Command]]], leave: Callable[[Any], None]
) -> AsyncIterator[Any]:
    """The answer that the caller got in the end, for each operation in turn, freshly prepared each time.

    `prepare` gives one request twice: as it is left, and as it is asked again, while the first still stands in the store.
    """
    stop_at = 1
    while True:
        first, again = await prepare()
        if not await _is_left(service, first, leave, stop_at):
            break
        asked = asyncio.create_task(_answered(again))
        GATE.release()
        answer = await asked
        assert await again() == answer
        yield answer
        stop_at += 1
    assert stop_at > 4, "the call was hardly left at all"


async def _is_left(service: Started, first: Command, leave: Callable[[Any], None], stop_at: int) -> bool:
    """False when the call was answered: it has fewer operations."""
    gone, correlation_id = _gone(service), new_id()
    GATE.arm(stop_at, correlation_id)
    call = asyncio.create_task(told(first, correlation_id))
    stopped = asyncio.create_task(GATE.stopped.wait())
    await asyncio.wait((call, stopped), return_when=asyncio.FIRST_COMPLETED)
    if call.done() and not isinstance(call.result(), Refused):
        stopped.cancel()
        GATE.release()
        return False
    leave(call)
    await asyncio.wait((call,))
    stopped.cancel()
    assert call.cancelled() or call.result().code == "DEADLINE_EXCEEDED", call.result()

    async def is_known_to_be_gone() -> bool:
        return _gone(service) > gone

    await eventually(is_known_to_be_gone)
    return True


def _gone(service: Started) -> float:
    """How many calls the service has seen ending without an answer."""
    (family,) = service.running.service.metrics.calls.collect()
    return sum(s.value for s in family.samples if s.name.endswith("_total") and s.labels["status"] in GONE)


async def _answered(command: Command) -> Any:
    while isinstance(answer := await told(command, new_id()), Refused):
        assert answer.code in ASK_AGAIN, answer
    return answer
