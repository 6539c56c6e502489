"""Looking up by id outside of transactions: asked together, answered each with their own, and nobody waits for one who hangs."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import Transaction, new_id
from chassis.refusals import Unavailable
from chassis.store import Store, StoredRecords, lookups
from tests.support.city import City
from tests.support.toy import Copy, Toy

MANY = 60


class Questions:
    """What the store is asked; while `held`, the first question stands in its thread."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: list[list[str]] = []
        self.held, self.go = False, threading.Event()
        self._found = lookups._found
        patch.setattr(lookups, "_found", self._ask)

    def _ask(self, rows: Any, ids: list[str]) -> Any:
        self.asked.append(ids)
        if self.held and len(self.asked) == 1:
            self.go.wait(20)
        return self._found(rows, ids)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> Questions:
    return Questions(monkeypatch)


@pytest_asyncio.fixture
async def ids(toy: Toy) -> AsyncIterator[list[str]]:
    copies = [Copy(new_id(), cents) for cents in range(MANY)]
    await _put(toy, *copies)
    yield [copy.id for copy in copies]


async def _put(toy: Toy, *copies: Copy) -> None:
    async def work(tx: Transaction) -> None:
        for copy in copies:
            await toy.copies.put(tx, copy)

    await toy.store.transact(work)


async def test_each_of_many_at_once_gets_its_own_and_few_questions_are_asked(
    toy: Toy, ids: list[str], questions: Questions
) -> None:
    wanted = [*ids, new_id(), *ids]
    found = await asyncio.gather(*(toy.copies.find(id) for id in wanted))
    cents = [copy and copy.cents for copy in found]
    assert cents == [*range(MANY), None, *range(MANY)]
    assert len(questions.asked) == 2


async def test_one_asked_while_a_question_is_under_way_sees_what_was_committed_before_it_asked(
    toy: Toy, ids: list[str]
) -> None:
    ended = asyncio.Event()

    async def others() -> None:
        while not ended.is_set():
            await toy.copies.find(ids[0])

    busy = [asyncio.create_task(others()) for _ in range(3)]
    for cents in range(1_000, 1_020):
        changed = Copy(ids[0], cents)
        await _put(toy, changed)
        assert await toy.copies.find(ids[0]) == changed
    ended.set()
    await asyncio.gather(*busy)


async def test_a_question_that_hangs_is_not_waited_for(
    toy: Toy, ids: list[str], questions: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "PATIENCE_SECONDS", 0.01)
    questions.held = True
    hanging = asyncio.create_task(toy.copies.find(ids[0]))
    found = await asyncio.gather(*(toy.copies.find(id) for id in ids[1:]))
    assert [copy.cents for copy in found if copy] == list(range(1, MANY))
    assert not hanging.done()
    questions.go.set()
    first = await hanging
    assert first is not None
    assert first.cents == 0


async def test_one_who_goes_away_takes_nothing_from_the_others(toy: Toy, ids: list[str]) -> None:
    gone, stays = (asyncio.create_task(toy.copies.find(ids[1])) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    found = await stays
    assert found is not None
    assert found.cents == 1


async def test_a_store_that_is_away_is_told_to_each(city: City) -> None:
    store = Store("mongodb://127.0.0.1:1", "away")
    copies: StoredRecords[Copy] = StoredRecords(store, "copies", Copy, noun="copy")
    told = await asyncio.gather(*(copies.find(new_id()) for _ in range(5)), return_exceptions=True)
    assert [type(error) for error in told] == [Unavailable] * 5
    await store.close()


async def test_what_no_store_takes_for_an_id_fails_nobody_else(toy: Toy, ids: list[str]) -> None:
    # The first is asked for alone, the others together.
    wanted = (ids[0], "\ud800", *ids[1:])
    first, broken, *others = await asyncio.gather(*map(toy.copies.find, wanted), return_exceptions=True)
    assert isinstance(broken, UnicodeEncodeError)
    assert [copy.cents for copy in (first, *others) if isinstance(copy, Copy)] == list(range(MANY))
