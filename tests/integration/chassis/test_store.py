"""What the store promises: nothing lost between commands at once, whole units of work, unique things once."""

import asyncio
import gc
from dataclasses import dataclass, replace

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.fields import Line
from chassis.ports import PageRequest, Transaction, new_id
from chassis.refusals import Exists, Invalid, NotFound, NotNow, Stale
from chassis.store import StoredRecords
from tests.support.toy import Copy, Pot, PotFilledFact, Toy


async def test_commands_at_once_on_one_aggregate_lose_nothing(toy: Toy) -> None:
    pot = await toy.add()
    await asyncio.gather(*(toy.fill(pot.id) for _ in range(30)))
    assert (await toy.pots.get(pot.id)).cents == 30


async def test_replicas_that_do_not_share_the_lock_lose_nothing_either(toy: Toy) -> None:
    pot = await toy.add()
    await asyncio.gather(*(toy.fill(pot.id, locked=False) for _ in range(5)))
    assert (await toy.pots.get(pot.id)).cents == 5


async def test_a_refusal_whose_caller_went_away_is_no_error_in_the_log(
    toy: Toy, caplog: pytest.LogCaptureFixture
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        begun.set()
        await ended.wait()
        raise NotNow("REFUSED", "No.")

    # What other tests began may still run.
    others = set(toy.store._running)
    caller = asyncio.create_task(toy.store.transact(work))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    (task,) = set(toy.store._running) - others
    ended.set()
    await asyncio.wait((task,))
    del task
    gc.collect()
    await asyncio.sleep(0)
    # Others leave words behind as well, such as a connection of nats-py that the collector ends: docs/hazards.md.
    assert "NotNow" not in caplog.text


@dataclass(frozen=True, slots=True)
class Named:
    """A record with a field that is checked where it comes in."""

    id: str
    name: Line


async def test_what_was_stored_stays_readable_when_a_rule_of_its_field_becomes_stricter(toy: Toy) -> None:
    records = StoredRecords(toy.store, "named", Named, noun="named")
    id = new_id()
    await toy.store.rows("named").insert_one({"_id": id, "name": "two\nlines"})
    assert (await records.get(id)).name == "two\nlines"
    with pytest.raises(ValidationError):
        TypeAdapter(Named).validate_python({"id": id, "name": "two\nlines"})


async def test_an_old_etag_is_stale(toy: Toy) -> None:
    pot = await toy.add()
    await toy.fill(pot.id)
    with pytest.raises(Stale, match="ETAG_MISMATCH"):
        await toy.pots.get(pot.id, etag=str(pot.version))


async def test_what_must_be_unique_is_refused_with_the_reason_of_its_index(toy: Toy) -> None:
    await toy.add(label="one of a kind")
    with pytest.raises(Exists, match="LABEL_TAKEN"):
        await toy.add(label="one of a kind")


async def test_an_unknown_id_is_named_after_its_noun(toy: Toy) -> None:
    with pytest.raises(NotFound, match="POT_NOT_FOUND"):
        await toy.pots.get("nowhere")


async def test_a_refused_command_leaves_nothing(toy: Toy) -> None:
    pot = await toy.add()

    async def half(tx: Transaction) -> None:
        full = replace(await toy.pots.get(pot.id, tx), cents=7)
        await toy.pots.save(tx, full, PotFilledFact(full, 7))
        tx.set_timer(pot.id, "tick", tx.at)
        raise NotFound("NOTHING", "On second thoughts.")

    with pytest.raises(NotFound):
        await toy.store.transact(half)
    assert (await toy.pots.get(pot.id)).cents == 0
    assert len(await toy.started.said(pot.id)) == 1
    assert await toy.store.rows("timers").find_one({"aggregate": pot.id}) is None


async def test_a_cancelled_command_is_done_whole_or_not_at_all(toy: Toy) -> None:
    pot = await toy.add()
    for pause in range(12):
        task = asyncio.create_task(toy.fill(pot.id))
        await asyncio.sleep(pause / 1000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await toy.fill(pot.id)
    # What was cancelled goes on by itself.
    while toy.store._running:
        await asyncio.wait(set(toy.store._running))
    now = await toy.pots.get(pot.id)
    assert len(await toy.started.said(pot.id)) == now.cents + 1 == now.version


async def test_two_guards_on_each_others_aggregate_cannot_both_pass_when_they_hold_it(toy: Toy) -> None:
    one, two = await toy.add(), await toy.add()
    both_have_read = asyncio.Barrier(2)
    first_try = {one.id: True, two.id: True}

    async def fill_if_other_is_empty(mine: Pot, other: Pot) -> bool:
        async def work(tx: Transaction) -> bool:
            seen = await toy.pots.get(other.id, tx)
            if first_try.pop(mine.id, False):
                await both_have_read.wait()
            if seen.cents:
                return False
            await toy.pots.hold(tx, other.id)
            full = replace(await toy.pots.get(mine.id, tx), cents=1)
            await toy.pots.save(tx, full)
            return True

        return await toy.store.transact(work)

    passed = await asyncio.gather(fill_if_other_is_empty(one, two), fill_if_other_is_empty(two, one))
    assert sorted(passed) == [False, True]


async def test_pages_cover_a_list_once_and_in_order(toy: Toy) -> None:
    added = [await toy.add(region="0110") for _ in range(5)]
    first = await toy.pots.page({"region": "0110"}, PageRequest(page_size=3))
    second = await toy.pots.page({"region": "0110"}, PageRequest(3, first.next_page_token))
    assert [p.id for p in (*first.items, *second.items)] == [p.id for p in added]
    assert not second.next_page_token


async def test_a_page_token_of_another_list_is_refused(toy: Toy) -> None:
    for _ in range(2):
        await toy.add(region="0120")
    token = (await toy.pots.page({"region": "0120"}, PageRequest(page_size=1))).next_page_token
    for request, filter in (
        (PageRequest(1, token), {"region": "0130"}),
        (PageRequest(1, token, "someone"), {"region": "0120"}),
    ):
        with pytest.raises(Invalid, match="PAGE_TOKEN_MISMATCH"):
            await toy.pots.page(filter, request)


@pytest.mark.parametrize("token", ["?", "bm9uc2Vuc2U=", "e30=", "x" * 500])
async def test_a_page_token_that_is_none_is_refused(toy: Toy, token: str) -> None:
    with pytest.raises(Invalid, match="PAGE_TOKEN_MISMATCH"):
        await toy.pots.page({"region": "0120"}, PageRequest(1, token))


async def test_a_fact_of_an_aggregate_that_moved_is_said_at_its_old_home_and_then_at_its_new_one(toy: Toy) -> None:
    pot = await toy.add(region="1110")

    async def move(tx: Transaction) -> None:
        moved = replace(await toy.pots.get(pot.id, tx), region="114009")
        await toy.pots.save(tx, moved, PotFilledFact(moved, 0))

    await toy.store.transact(move)
    _, old, new = await toy.started.said(pot.id)
    assert (old.subject.rsplit(".", 4)[1:], old.body["left"]) == (["11", "1110", "0", "0"], True)
    assert (new.subject.rsplit(".", 4)[1:], new.body.get("left")) == (["11", "1140", "114009", "0"], None)
    assert [int(m.headers["ce-sequence"]) for m in (old, new)] == [2, 3]


async def test_many_rows_are_written_in_their_order_and_removed_together_or_not_at_all(toy: Toy) -> None:
    ids = [new_id() for _ in range(5)]
    rows = [Copy(id, cents) for cents, id in enumerate(reversed(ids))]

    async def work(tx: Transaction) -> None:
        await toy.copies.insert_all(tx, rows)
        await toy.copies.remove_all(tx, ids[:2])
        await toy.copies.insert_all(tx, ())
        await toy.copies.remove_all(tx, ())

    async def undone(tx: Transaction) -> None:
        await toy.copies.remove_all(tx, ids)
        raise NotNow("REFUSED", "No.")

    await toy.store.transact(work)
    with pytest.raises(NotNow):
        await toy.store.transact(undone)
    found = [document["_id"] for document in await toy.store.rows("copies").find({}).to_list(10_000)]
    assert [id for id in found if id in ids] == ids[:1:-1]


async def test_totals_miss_none_however_many_there_are(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.store.records.MOST", 2)
    copies = [Copy(new_id(), cents) for cents in (1, 2, 3)]

    async def put(tx: Transaction) -> None:
        for copy in copies:
            await toy.copies.put(tx, copy)

    await toy.store.transact(put)
    totals = await toy.copies.totals({"_id": {"$in": [copy.id for copy in copies]}}, "cents", "_id")
    assert sorted((total.key[0], total.amount) for total in totals) == sorted((one.id, one.cents) for one in copies)
