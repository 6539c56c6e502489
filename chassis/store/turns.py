"""The calls of one unit of work on its session, one after the other: those asked for at once change threads once."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from motor.frameworks.asyncio import run_on_executor
from pymongo.client_session import ClientSession

T = TypeVar("T")
Call = Callable[[ClientSession], Any]
Asked = list[tuple[Call, "asyncio.Future[Any]"]]


def in_thread(call: Callable[[], T]) -> "asyncio.Future[T]":
    """`call` made in one of the driver's threads, with the context of whoever asks."""
    made: asyncio.Future[T] = run_on_executor(asyncio.get_running_loop(), call)  # type: ignore[no-untyped-call]
    return made


class Turns:
    """A session does one thing at a time, in one of the driver's threads; each change of threads costs more than most calls."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._waiting: Asked = []
        self._is_away = False
        self._is_given_up = False

    async def ask(self, call: Callable[[ClientSession], T]) -> T:
        """What `call` answers, made after all that was asked for before; where one fails, those with it are not made, and fail alike.

        Once somebody did not wait for an answer nothing more is made: what that call was to write may be missing.
        """
        self.go_on()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append((call, future))
        if not self._is_away and len(self._waiting) == 1:
            # Not at once: whoever asks together with this one comes before the loop does.
            loop.call_soon(self._go)
        try:
            return await future
        except asyncio.CancelledError:
            self._is_given_up = True
            raise

    def go_on(self) -> None:
        """Raises once the work is given up; asked in the thread, too, for which the work may have waited longer than its caller.

        By then its locks are another's, and its session is being ended.
        """
        if self._is_given_up:
            raise RuntimeError("a call of this unit of work was cancelled; the work cannot go on without it")

    def _go(self) -> None:
        asked, self._waiting = self._waiting, []
        if self._is_given_up:
            for _, future in asked:
                future.cancel()
            return
        answers: dict[int, Any] = {}
        self._is_away = True
        made = in_thread(partial(_make, self, self._session, [call for call, _ in asked], answers))
        made.add_done_callback(partial(self._tell, asked, answers))

    def _tell(self, asked: Asked, answers: dict[int, Any], made: "asyncio.Future[None]") -> None:
        self._is_away = False
        error = made.exception()
        for place, (_, future) in enumerate(asked):
            if future.done():
                continue
            if place in answers:
                future.set_result(answers[place])
            elif error is not None:
                future.set_exception(error)
        if self._waiting:
            self._go()


def _make(turns: Turns, session: ClientSession, calls: list[Call], answers: dict[int, Any]) -> None:
    """Answer the calls by their places, in their order, up to the first that fails or to where the work is given up."""
    for place, call in enumerate(calls):
        turns.go_on()
        answers[place] = call(session)
