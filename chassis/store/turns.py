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

    async def ask(self, call: Callable[[ClientSession], T]) -> T:
        """What `call` answers, made after all that was asked for before; where one fails, those with it are not made, and fail alike."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append((call, future))
        if not self._is_away and len(self._waiting) == 1:
            # Not at once: whoever asks together with this one comes before the loop does.
            loop.call_soon(self._go)
        return await future

    def _go(self) -> None:
        # Whoever went away meanwhile asks for nothing any more.
        asked, self._waiting = [(call, future) for call, future in self._waiting if not future.done()], []
        if not asked:
            return
        self._is_away = True
        made = in_thread(partial(_made, self._session, [call for call, _ in asked]))
        made.add_done_callback(partial(self._tell, asked))

    def _tell(self, asked: Asked, made: "asyncio.Future[tuple[list[Any], BaseException | None]]") -> None:
        self._is_away = False
        answers, error = made.result()
        for place, (_, future) in enumerate(asked):
            if future.done():
                continue
            if place < len(answers):
                future.set_result(answers[place])
            elif error is not None:
                future.set_exception(error)
        if self._waiting:
            self._go()


def _made(session: ClientSession, calls: list[Call]) -> tuple[list[Any], BaseException | None]:
    answers: list[Any] = []
    for call in calls:
        try:
            answers.append(call(session))
        except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
            return answers, error
    return answers, None
