"""A district's year: thirteen pots, five hundred applications, every rule on the way; and what it comes to, counted by others."""

import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chassis.ports import new_id
from kiezctl.ports import HOST
from tests.support.city import City
from tests.support.client import Client
from tests.support.forked import Forked
from tests.year.district import APPLICATIONS, POT_CENTS, District
from tests.year.office import Office
from tests.year.recount import heard, recount
from tests.year.watched_store import a_watched_store

pytestmark = pytest.mark.timeout(900)
SEED = os.environ.get("YEAR_SEED", "lichtenberg")


@asynccontextmanager
async def an_office(city: City) -> AsyncIterator[Office]:
    open_to_all = {"KIEZ_CALLS_PER_SECOND": "0", "KIEZ_OPEN_CALLS_PER_SECOND": "0"}
    name = f"funds_{new_id()[-12:]}"
    async with a_watched_store(city, name) as own:
        funds = Forked(own, "funds", name, FUNDS_ACTORS_ADDRESS=f"{HOST}:1", **open_to_all)
        client = Client(await funds.start(), "funds")
        client.seconds, client.patience = 60.0, 60
        try:
            yield Office(own, client)
        finally:
            await client.channel.close()
            funds.kill()


async def test_a_year_of_a_district_comes_out_to_the_cent(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    async with an_office(city) as office:
        year = (await office.today()).year + 1
        district = District(office, random.Random(SEED), year)
        await district.play()
        played = time.monotonic()
        proof = await district.verified()
    found = recount(await heard(city.jetstream))
    with capsys.disabled():
        calls = sum(office.calls.values())
        print(  # noqa: T201 - what a year took is what one wants to know of it
            f"\n{calls:,} calls in {played - began:.0f} s; {dict(found.items)} in {found.sessions} sessions; "
            f"{proof.postings:,} postings; refused: {dict(office.refusals)}; repeated: {office.client.repeated}"
        )

    assert proof.correct, proof.differences
    assert found.wrong == []
    assert office.calls["SubmitApplication"] == APPLICATIONS
    assert office.calls["ReopenProof"] > 0
    assert len(found.states) == 13
    assert found.sessions == 26
    # Nothing is left open, and every cent of every pot is either paid or has lapsed.
    for budget, state in found.states.items():
        books = found.budgets[budget]
        assert state["status"] == "closed"
        assert (books["title"], books["committed"], books["receivable"]) == (-POT_CENTS, 0, 0)
        assert books["paid"] + books["lapsed"] == POT_CENTS
    assert sum(found.items.values()) > APPLICATIONS * 0.8
    # The pots ran dry before the wishes did.
    assert office.refusals["BUDGET_EXCEEDED"] > 5
