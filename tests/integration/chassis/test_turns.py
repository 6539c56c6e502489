"""What is asked for together inside of a unit of work: one change of threads, the order kept, the first failure told."""

import asyncio
from typing import Any

import pytest

from chassis.ports import Transaction, new_id, together
from chassis.refusals import NotFound
from chassis.store import StoreTransaction, turns
from tests.support.toy import Copy, Pot, Toy


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many calls went with each change of threads."""
    made: list[int] = []
    inner = turns._made

    def counted(session: Any, calls: list[turns.Call]) -> Any:
        made.append(len(calls))
        return inner(session, calls)

    monkeypatch.setattr(turns, "_made", counted)
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
        await together(toy.copies.get("none", tx), toy.pots.get("none", tx), slow(tx))

    with pytest.raises(NotFound, match="COPY_NOT_FOUND"):
        await toy.store.transact(work)
    # None goes on with a session that is another's by then.
    assert ended == ["slow"]


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
