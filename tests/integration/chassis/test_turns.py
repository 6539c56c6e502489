"""What is asked for together inside of a unit of work: one change of threads, the order kept, the first failure told."""

import asyncio
import threading
from typing import Any

import pytest
from motor.frameworks.asyncio import max_workers

from chassis.ports import Transaction, new_id, together
from chassis.refusals import NotFound, Unavailable
from chassis.store import StoreTransaction, turns, writes
from tests.support.city import City, eventually
from tests.support.toy import Copy, Pot, Toy


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many calls went with each change of threads."""
    made: list[int] = []
    inner = turns._make

    def counted(work: turns.Turns, session: Any, calls: list[turns.Call], answers: dict[int, Any]) -> None:
        made.append(len(calls))
        inner(work, session, calls, answers)

    monkeypatch.setattr(turns, "_make", counted)
    return made


async def test_reads_asked_for_together_go_together_and_so_do_the_writes_with_the_commit(
    toy: Toy, changes: list[int]
) -> None:
    one, other = await toy.add(), await toy.add()
    changes.clear()

    async def work(tx: Transaction) -> None:
        first, second = await together(toy.pots.get(one.id, tx), toy.pots.get(other.id, tx))
        await toy.pots.save(tx, first)
        await toy.pots.save(tx, second)

    await toy.store.transact(work)
    assert changes == [2, 1]


async def test_what_was_written_is_seen_by_reads_asked_for_together(toy: Toy) -> None:
    pot, copy = Pot(new_id(), cents=7), Copy(new_id(), 8)

    async def work(tx: Transaction) -> tuple[Pot, Copy, int]:
        await toy.pots.add(tx, pot)
        await toy.copies.put(tx, copy)
        return await together(
            toy.pots.get(pot.id, tx), toy.copies.get(copy.id, tx), toy.pots.count({"_id": pot.id}, tx)
        )

    found, kept, count = await toy.store.transact(work)
    assert (found.cents, kept, count) == (7, copy, 1)


async def test_of_several_that_fail_the_first_is_raised_when_all_are_done(toy: Toy) -> None:
    pot, ended = await toy.add(), []

    async def slow(tx: Transaction) -> None:
        await toy.pots.get(pot.id, tx)
        await toy.pots.get(pot.id, tx)
        ended.append("slow")

    async def work(tx: Transaction) -> None:
        with pytest.raises(NotFound, match="COPY_NOT_FOUND"):
            await together(toy.copies.get("none", tx), toy.pots.get("none", tx), slow(tx))
        # None goes on with a session that is over by then.
        assert ended == ["slow"]

    await toy.store.transact(work)


async def test_a_call_that_fails_ends_those_that_go_with_it_and_the_next_ones_go_on(toy: Toy) -> None:
    def breaks(_: Any) -> None:
        raise ZeroDivisionError

    async def work(tx: StoreTransaction) -> list[Any]:
        after: list[str] = []
        told = await asyncio.gather(
            tx.ask(lambda _: "before"), tx.ask(breaks), tx.ask(lambda _: after.append("made")), return_exceptions=True
        )
        return [told[0], *map(type, told[1:]), after, await tx.ask(lambda _: "next")]

    assert await toy.store.transact(work) == ["before", ZeroDivisionError, ZeroDivisionError, [], "next"]


@pytest.mark.parametrize(("type", "looked_at"), [("thing_done", 2), ("thing_known", 3)])
async def test_a_message_is_looked_for_in_one_change_of_threads_and_done_in_another(
    city: City, toy: Toy, changes: list[int], type: str, looked_at: int
) -> None:
    await city.say("other", type, {"id": new_id(), "region": "00", "cents": 1})

    async def was_done() -> bool:
        return len(changes) >= 2

    await eventually(was_done)
    assert changes == [looked_at, 1]


async def test_work_that_goes_on_after_a_cancelled_read_is_not_committed_without_what_went_with_it(toy: Toy) -> None:
    pot, other = Pot(new_id(), cents=7), await toy.add()

    async def work(tx: Transaction) -> None:
        await toy.pots.add(tx, pot)
        reading = asyncio.create_task(toy.pots.get(other.id, tx))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait((reading,))

    with pytest.raises(RuntimeError, match="cancelled"):
        await toy.store.transact(work)
    assert await toy.pots.find(pot.id) is None


async def test_a_read_that_waits_for_a_cancelled_one_ends(toy: Toy) -> None:
    pot, is_away, go = await toy.add(), asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def stands(_: Any) -> None:
        loop.call_soon_threadsafe(is_away.set)
        go.wait(20)

    async def work(tx: StoreTransaction) -> None:
        standing = asyncio.create_task(tx.ask(stands))
        await is_away.wait()
        waiting = asyncio.create_task(toy.pots.get(pot.id, tx))
        await asyncio.sleep(0)
        standing.cancel()
        await asyncio.wait((standing,))
        go.set()
        await asyncio.wait((waiting,))
        assert waiting.cancelled()

    with pytest.raises(RuntimeError, match="cancelled"):
        await toy.store.transact(work)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[BaseException | None]:
    """How each unit of work ended in its thread, after a caller who waits for a quarter of a second."""
    monkeypatch.setattr("chassis.store.connection.TRANSACTION_SECONDS", 0.25)
    monkeypatch.setattr("chassis.store.connection.LEAVE_SECONDS", 0.1)
    how: list[BaseException | None] = []
    inner = turns._make

    def told(work: turns.Turns, session: Any, calls: list[turns.Call], answers: dict[int, Any]) -> None:
        error: BaseException | None = None
        try:
            inner(work, session, calls, answers)
        except BaseException as raised:
            error = raised
            raise
        finally:
            how.append(error)

    monkeypatch.setattr(turns, "_make", told)
    return how


async def _one_has(ended: list[BaseException | None]) -> None:
    async def has() -> bool:
        return bool(ended)

    await eventually(has)


async def test_what_waited_for_a_thread_longer_than_its_caller_is_not_made(
    toy: Toy, ended: list[BaseException | None]
) -> None:
    made: list[str] = []
    go = threading.Event()

    async def work(tx: StoreTransaction) -> None:
        await tx.ask(lambda _: made.append("late"))

    standing = [turns.in_thread(lambda: go.wait(20)) for _ in range(max_workers)]
    try:
        with pytest.raises(Unavailable, match="OUTCOME_UNKNOWN"):
            await toy.store.transact(work)
    finally:
        go.set()
        await asyncio.wait(standing)

    await _one_has(ended)
    assert made == []


async def test_calls_that_follow_one_whose_caller_went_away_are_not_made(
    toy: Toy, ended: list[BaseException | None]
) -> None:
    made: list[str] = []
    go = threading.Event()

    async def work(tx: StoreTransaction) -> None:
        await asyncio.gather(tx.ask(lambda _: go.wait(20)), tx.ask(lambda _: made.append("next")))

    with pytest.raises(Unavailable, match="OUTCOME_UNKNOWN"):
        await toy.store.transact(work)
    go.set()

    await _one_has(ended)
    assert made == []


async def test_what_is_written_when_its_caller_has_gone_is_not_committed(
    toy: Toy, ended: list[BaseException | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pot, go, send = Pot(new_id(), cents=7), threading.Event(), writes.send

    def slow(session: Any, waiting: Any) -> None:
        send(session, waiting)
        go.wait(20)

    monkeypatch.setattr(writes, "send", slow)

    async def work(tx: StoreTransaction) -> None:
        await toy.pots.add(tx, pot)

    with pytest.raises(Unavailable, match="OUTCOME_UNKNOWN"):
        await toy.store.transact(work)
    go.set()

    await _one_has(ended)
    assert "cancelled" in str(ended[0])
    assert await toy.pots.find(pot.id) is None
