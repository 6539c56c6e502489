"""A service dies behind every single write of a ballot's life, its count included: no vote is lost, and none counts twice."""

import asyncio
from typing import Any

import pytest

from tests.support.city import City
from tests.support.client import Refused
from tests.support.funds import AUDITOR, OFFICE
from tests.support.funds_ballot import Voting, a_voting
from tests.support.mortal import Mortal, a_mortal

pytestmark = pytest.mark.timeout(420)
VOTERS = 12
# Closing and counting are two transactions, with fewer requests together than these.
MOST_DEATHS = 20


async def test_whatever_write_it_dies_behind_every_vote_counts_once(city: City) -> None:
    async with a_mortal(city) as funds:
        voting = await _voted(funds)
        assert min(funds.deaths[name] for name in ("DraftBallot", "IssueCodes", "OpenBallot", "CastBallot")) > 2, (
            funds.deaths
        )
        behind = 1
        while await _dies_counting(funds, voting, behind):
            await _is_counted_once(voting)
            voting, behind = await _voted(funds), behind + 1
            assert behind < MOST_DEATHS
        assert behind > 6, "closing and counting have more than a few places to die at"
        await _is_counted_once(voting)
        published = await voting.act("PublishBallot")
        assert published.result.papers == VOTERS
        assert funds.deaths["PublishBallot"] > 3, funds.deaths


async def _voted(funds: Mortal) -> Voting:
    """A ballot on which twelve voted for its second proposal, one of them after having voted for the first."""
    there: Any = funds
    voting = await a_voting(there, 100, 200, codes=0, opened=False)
    try:
        await voting.issue()
    except Refused as refusal:
        # It died with the answer, and codes are answered once: they are taken back, and others made.
        if refusal.reason != "ANSWERED_BEFORE":
            raise
        made = await funds.call("VotingService/ListCodeBatches", {"ballot_id": voting.ballot_id}, AUDITOR)
        (batch,) = made.batches
        await funds.call("VotingService/RevokeCodes", {"batch_id": batch.id, "reason": "verloren"}, OFFICE)
        await voting.issue()
    await voting.act("OpenBallot")
    await voting.begin()
    await voting.cast(voting.codes[0], 0, votes=2)
    for code in voting.codes[:VOTERS]:
        await voting.cast(code, 1)
    return voting


async def _dies_counting(funds: Mortal, voting: Voting, behind: int) -> bool:
    """Whether it died behind so many requests of closing and counting; either way the ballot is counted then."""
    funds._arm(behind)
    counted = asyncio.create_task(voting.end())
    cut = asyncio.create_task(funds.proxy.was_cut.wait())
    await asyncio.wait((counted, cut), return_when=asyncio.FIRST_COMPLETED)
    if not cut.done():
        cut.cancel()
        funds.proxy.cut_behind = None
        await counted
        return False
    counted.cancel()
    await funds._born_again()
    await asyncio.gather(counted, return_exceptions=True)
    await voting.end()
    return True


async def _is_counted_once(voting: Voting) -> None:
    ballot = await voting.get(AUDITOR)
    assert (ballot.result.papers, ballot.result.codes_issued) == (VOTERS, 50)
    assert {line.proposal_id: line.votes for line in ballot.result.lines} == {
        voting.proposals[0].id: 0,
        voting.proposals[1].id: VOTERS,
    }
    assert (await voting.recount()).agrees
    with pytest.raises(Refused) as late:
        await voting.cast(voting.codes[0], 0)
    assert late.value.reason == "VOTING_IS_OVER"
