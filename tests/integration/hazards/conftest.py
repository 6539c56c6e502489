"""What the tests of hazards begin with: a stream of their own, and FastStream's bare broker."""

from collections.abc import AsyncIterator

import pytest_asyncio
from faststream.nats import NatsBroker
from nats.js.api import StreamConfig

from chassis.ports import new_id
from tests.support.city import City


@pytest_asyncio.fixture
async def stream(city: City) -> AsyncIterator[str]:
    """A stream of this test alone, with the subjects `<name>.>`."""
    name = new_id()[-12:]
    await city.jetstream.add_stream(
        StreamConfig(name=name, subjects=[f"{name}.>"], duplicate_window=2, allow_atomic=True)
    )
    yield name
    await city.jetstream.delete_stream(name)


@pytest_asyncio.fixture
async def broker(city: City) -> AsyncIterator[NatsBroker]:
    broker = NatsBroker(city.nats_url, logger=None)
    yield broker
    await broker.stop()
