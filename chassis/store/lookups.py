"""Documents looked up by their id outside of transactions: what many ask for at the same time is one question."""

import asyncio
from functools import partial
from typing import Any

from pymongo.synchronous.collection import Collection

from chassis.store.turns import in_thread

# A question that takes longer (a store that says nothing, a connection that died) is not waited for by the next.
PATIENCE_SECONDS = 0.1

Document = dict[str, Any]
Waiting = dict[str, "list[asyncio.Future[Document | None]]"]


class Lookups:
    """Of one collection. Who comes while a question is under way waits for the next one, which is asked after it came.

    So a service under load asks its store once where it would ask, and change threads, for each caller.
    """

    def __init__(self, rows: Any) -> None:
        self._rows: Collection[Document] = rows.delegate
        self._waiting: Waiting = {}
        self._under_way: asyncio.Future[dict[str, Document]] | None = None

    async def find(self, id: str) -> Document | None:
        """The document `id`, which is nobody's to change; raises the driver's errors."""
        # What no store takes for a text fails here, for whoever asks: not for all that are asked for with it.
        id.encode()
        answer: asyncio.Future[Document | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(id, []).append(answer)
        if self._under_way is None:
            self._ask()
        return await answer

    def _ask(self) -> None:
        asked, self._waiting = self._waiting, {}
        made = self._under_way = in_thread(partial(_found, self._rows, list(asked)))
        patience = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._go_on, made)
        made.add_done_callback(partial(self._tell, asked, patience))

    def _tell(self, asked: Waiting, patience: asyncio.TimerHandle, made: "asyncio.Future[dict[str, Document]]") -> None:
        patience.cancel()
        error = made.exception()
        for id, answers in asked.items():
            for answer in answers:
                if answer.done():
                    continue
                if error is not None:
                    answer.set_exception(error)
                else:
                    answer.set_result(made.result().get(id))
        self._go_on(made)

    def _go_on(self, made: "asyncio.Future[dict[str, Document]]") -> None:
        if self._under_way is made:
            self._under_way = None
            if self._waiting:
                self._ask()


def _found(rows: Collection[Document], ids: list[str]) -> dict[str, Document]:
    return {document["_id"]: document for document in rows.find({"_id": {"$in": ids}})}
