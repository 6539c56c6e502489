"""What is opened is opened once, survives who asked for it, and can always be closed."""

import asyncio

import pytest

from chassis.opened import Opened


class Door:
    """Opens when it is let; counts how often it was tried."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.fails = False
        self.tried = 0

    async def open(self) -> str:
        self.tried += 1
        await self.let.wait()
        if self.fails:
            raise OSError("stuck")
        return "open"


async def test_all_who_ask_share_one_opening() -> None:
    door = Door()
    opened = Opened(door.open)
    asking = [asyncio.create_task(opened.get()) for _ in range(3)]
    door.let.set()

    assert await asyncio.gather(*asking) == ["open"] * 3
    assert door.tried == 1
    assert opened.now == "open"


async def test_who_is_cancelled_while_it_opens_leaves_it_to_be_closed() -> None:
    door = Door()
    opened = Opened(door.open)
    asking = asyncio.create_task(opened.get())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    door.let.set()

    assert await opened.settled() == "open"


async def test_an_opening_that_failed_is_tried_again() -> None:
    door = Door()
    opened = Opened(door.open)
    door.let.set()
    door.fails = True
    with pytest.raises(OSError, match="stuck"):
        await opened.get()
    assert opened.now is None

    door.fails = False
    assert await opened.get() == "open"


async def test_what_never_opens_is_given_up_when_it_is_to_be_closed() -> None:
    opened = Opened(Door().open, seconds=0.01)
    asking = asyncio.create_task(opened.get())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

    assert await opened.settled() is None


async def test_what_nobody_asked_for_is_not_opened_to_be_closed() -> None:
    door = Door()

    assert await Opened(door.open).settled() is None
    assert door.tried == 0
