"""Timers: by the calendar clock, once, replaced by name, and through a restart."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from chassis.ports import Role, Transaction, new_id
from tests.support.city import City, eventually
from tests.support.client import refused
from tests.support.toy import Toy, a_toy


async def _due(toy: Toy, id: str, due: datetime | None) -> None:
    async def work(tx: Transaction) -> None:
        if due is None:
            tx.cancel_timer(id, "tick")
        else:
            tx.set_timer(id, "tick", due)

    await toy.store.transact(work)


async def test_a_timer_fires_once_when_its_time_has_come_and_not_before(toy: Toy) -> None:
    pot = await toy.add()
    due = await toy.started.now() + timedelta(days=10)
    await _due(toy, pot.id, due)
    await toy.started.move_clock(due - timedelta(minutes=1))
    assert pot.id not in toy.fired
    await toy.started.move_clock(due + timedelta(minutes=1))
    assert toy.fired.count(pot.id) == 1
    assert (await toy.pots.get(pot.id)).cents == 100
    assert (await toy.started.published(pot.id))[-1].body["amount_cents"] == 100


async def test_a_timer_that_moves_fires_at_its_new_time_alone(toy: Toy) -> None:
    pot, start = await toy.add(), await toy.started.now()
    await _due(toy, pot.id, start + timedelta(days=1))
    await _due(toy, pot.id, start + timedelta(days=3))
    await toy.started.move_clock(start + timedelta(days=2))
    assert pot.id not in toy.fired
    await toy.started.move_clock(start + timedelta(days=4))
    assert toy.fired.count(pot.id) == 1


async def test_a_cancelled_timer_does_not_fire(toy: Toy) -> None:
    pot, start = await toy.add(), await toy.started.now()
    await _due(toy, pot.id, start + timedelta(days=1))
    await _due(toy, pot.id, None)
    await toy.started.move_clock(start + timedelta(days=2))
    assert pot.id not in toy.fired


async def test_timers_and_the_moved_clock_outlive_a_restart(city: City) -> None:
    async with a_toy(city, "toy_timers") as toy:
        pot = await toy.add()
        await toy.started.move_clock(await toy.started.now() + timedelta(days=100))
        moved = await toy.started.now()
        await _due(toy, pot.id, moved + timedelta(hours=1))
    async with a_toy(city, "toy_timers") as toy:
        assert await toy.started.now() >= moved
        await toy.started.move_clock(moved + timedelta(hours=2))
        assert toy.fired == [pot.id]


async def test_the_clock_goes_forward_only(toy: Toy) -> None:
    with refused("TIME_GOES_FORWARD", "FAILED_PRECONDITION"):
        await toy.started.move_clock(await toy.started.now() - timedelta(days=1))


async def test_the_clock_goes_no_further_than_its_dates_can_be_reckoned_with(toy: Toy) -> None:
    for year in (2150, 9999):
        with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "time"):
            await toy.started.move_clock(datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert (await toy.started.now()).year < 2150


async def test_only_an_operator_moves_the_clock(toy: Toy) -> None:
    with refused("ROLE_MISSING", "PERMISSION_DENIED"):
        await toy.started.call(
            "kiezwerk.lab.v1.LabService/SetTime", {"time": "2040-01-01T00:00:00Z"}, Role("fund_office")
        )


async def test_without_a_movable_clock_there_is_no_such_service(city: City) -> None:
    async with a_toy(city, KIEZ_MOVABLE_CLOCK=False) as toy:
        with refused("", "UNIMPLEMENTED"):
            await toy.started.call("kiezwerk.lab.v1.LabService/GetTime", {}, Role("operator"))


async def test_timers_that_fail_keep_no_other_from_firing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.timers.AT_ONCE", 3)
    monkeypatch.setattr("chassis.timers.AGAIN_SECONDS", 60.0)
    # They are tried again and again: to show each error on a terminal takes longer than all else here.
    with capture_logs():
        async with a_toy(city) as toy:
            start = await toy.started.now()
            for minute in range(10, 5, -1):
                await _due(toy, new_id(), start - timedelta(minutes=minute))
            pot = await toy.add()
            await _due(toy, pot.id, start)

            async def fired() -> bool:
                return toy.fired == [pot.id]

            await eventually(fired)
            # As when their rest is over; nothing that failed is tried again before.
            resting = toy.started.running.timers._resting
            resting.update(dict.fromkeys(resting, 0.0))
            registry = toy.started.running.service.metrics.registry

            async def all_tried_again() -> bool:
                failed = registry.get_sample_value("kiez_timers_fired_total", {"purpose": "tick", "outcome": "failed"})
                return bool(failed and failed >= 10)

            await eventually(all_tried_again)
