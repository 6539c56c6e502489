"""Days end in Berlin, also when the clocks change; ids sort by time; queues are fair; persons are known by no name."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.locks import Locks
from chassis.persons import person_ref
from chassis.ports import berlin_day, end_of_day, new_id

BETWEEN = (datetime(1901, 1, 1), datetime(2199, 12, 31))  # noqa: DTZ001 - the zone is drawn beside


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2027, 1, 22), datetime(2027, 1, 22, 23, tzinfo=UTC)),
        (date(2027, 7, 1), datetime(2027, 7, 1, 22, tzinfo=UTC)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (date(2027, 10, 30), datetime(2027, 10, 30, 22, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_deadline_ends_at_midnight_in_berlin_in_winter_and_in_summer(day: date, ends: datetime) -> None:
    assert end_of_day(day) == ends


@given(st.datetimes(*BETWEEN, timezones=st.just(UTC)))
def test_an_instant_lies_before_the_end_of_its_day_and_not_before_the_end_of_the_day_before(instant: datetime) -> None:
    day = berlin_day(instant)
    assert instant < end_of_day(day)
    assert instant >= end_of_day(date.fromordinal(day.toordinal() - 1))


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


async def test_a_lock_is_given_in_the_order_of_asking() -> None:
    locks, order = Locks(), list[int]()

    async def work(number: int) -> None:
        async with locks.hold(["a"]):
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(work(n) for n in range(10)))
    assert order == list(range(10))


async def test_two_holders_of_the_same_locks_never_wait_for_each_other() -> None:
    locks = Locks()

    async def work(names: list[str]) -> None:
        for _ in range(20):
            async with locks.hold(names):
                await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await asyncio.gather(work(["a", "b"]), work(["b", "a"]))


async def test_a_lock_whose_waiter_was_cancelled_is_free_for_the_next() -> None:
    locks = Locks()
    async with locks.hold(["a"]):
        waiter = asyncio.create_task(locks.hold(["a"]).__aenter__())
        await asyncio.sleep(0)
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
    async with asyncio.timeout(1), locks.hold(["a"]):
        pass


def test_one_address_is_one_person_however_it_is_spelt() -> None:
    key = b"k" * 32
    assert person_ref(key, " Nachbarin@Example.org ") == person_ref(key, "nachbarin@example.org")
    assert person_ref(key, "a@example.org") != person_ref(b"other" * 8, "a@example.org")
    assert "nachbarin" not in person_ref(key, "nachbarin@example.org")


@pytest.mark.parametrize(
    "other", ["anna.\u017fchmidt@example.org", "anna.schmi\u00dft@example.org", "a\ufb00e@example.org"]
)
def test_what_mail_servers_tell_apart_is_not_one_person(other: str) -> None:
    key = b"k" * 32
    assert person_ref(key, other) != person_ref(key, other.casefold())


def test_a_domain_with_umlauts_is_one_however_it_is_written() -> None:
    key = b"k" * 32
    spelt = ("kim@müller.example", "Kim@MÜLLER.example", "kim@mu\u0308ller.example", "kim@xn--mller-kva.example")
    assert len({person_ref(key, address) for address in spelt}) == 1


@pytest.mark.parametrize(
    ("address", "ref"),
    [
        ("Kim.Beispiel@Example.org", "00fa830c40928eac03e84c59cc675b84"),
        ("kim@Müller.example", "0691241d860c036d2a58c056eb4be24c"),
    ],
)
def test_a_person_stays_who_they_are_from_release_to_release(address: str, ref: str) -> None:
    assert person_ref(b"k" * 32, address) == ref
