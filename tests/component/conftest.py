"""Clients of this ring wait for the store, whose embedded one may be silent for seconds on a busy machine."""

from collections.abc import Iterator

import pytest

from tests.support.client import Client


@pytest.fixture(scope="package", autouse=True)
def _waits_for_the_store() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as within:
        within.setattr(Client, "store_patience", 10)
        yield
