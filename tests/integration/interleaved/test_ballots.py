"""Votes interleaved with whatever may meet them: another vote with the same code, the closing of the ballot, its cancellation."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chassis.store import StoreTransaction
from tests.support.city import Started
from tests.support.client import Refused
from tests.support.funds import OFFICE
from tests.support.funds_ballot import AUDITOR, Voting, a_voting
from tests.support.funds_proposal import WHY, read, routed
from tests.support.interleaving import Command, Replicas, at_every_step

pytestmark = pytest.mark.timeout(300)


async def _begun(both: Replicas, *costs: int) -> Voting:
    voting = await a_voting(both.one, *costs)
    await both.reach(voting.opens_at)
    return voting


def _closing(funds: Started, voting: Voting) -> Command:
    """What the timer does when its time has come, though the calendar of the one who votes has not: clocks differ."""
    close = funds.running.timers._handlers["close_ballot"]

    async def work(tx: StoreTransaction) -> None:
        await close(tx, voting.ballot_id)

    async def until_counted() -> None:
        while not (await _result(funds, voting)).HasField("result"):
            await funds.running.service.store.transact(work)

    return until_counted


async def _result(funds: Started, voting: Voting) -> Any:
    request = {"ballot_id": voting.ballot_id}
    return (await funds.call("BallotService/GetBallot", request, AUDITOR)).ballot


async def test_of_two_votes_with_one_code_the_last_one_counts_and_only_it(both: Replicas) -> None:
    voting = await _begun(both, 100, 200)
    codes = iter(voting.codes)
    used: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        used.append(next(codes))
        code = used[-1]
        return lambda: voting.cast(code, 0), lambda: voting.cast(code, 1, funds=both.two)

    async for outcome in at_every_step(prepare):
        assert outcome.done == 2, outcome
        kept = [row["choices"] for row in await voting.kept("ballot_votes") if row["choices"]]
        assert len(kept) == len(used)
        assert all(len(choices) == 1 for choices in kept)
    assert len(used) > 3


async def test_no_vote_that_was_acknowledged_is_lost_when_the_ballot_closes(both: Replicas) -> None:
    lost: list[str] = []
    votings: list[Voting] = []

    async def prepare() -> tuple[Command, Command]:
        voting = await _begun(both, 100, 200)
        await voting.cast(voting.codes[0], 0)
        votings.append(voting)
        return lambda: voting.cast(voting.codes[-1], 1), _closing(both.two, voting)

    async for outcome in at_every_step(prepare):
        voting = votings[-1]
        await _closing(both.two, voting)()
        result = (await _result(both.one, voting)).result
        acknowledged = not isinstance(outcome.first, Refused)
        assert acknowledged or outcome.first.reason == "VOTING_IS_OVER", outcome
        if result.papers != 1 + acknowledged:
            lost.append(str(outcome))
    assert lost == []


async def test_a_proposal_is_not_routed_elsewhere_while_a_ballot_opens_on_it(both: Replicas) -> None:
    votings: list[Voting] = []

    async def prepare() -> tuple[Command, Command]:
        voting = await a_voting(both.one, 100, 200, opened=False, codes=0)
        votings.append(voting)
        elsewhere = {"proposal_id": voting.proposals[0].id, "way": "PROPOSAL_WAY_FEASIBLE"} | WHY
        return lambda: voting.act("OpenBallot"), lambda: both.two.call(
            "ProposalService/RouteProposal", elsewhere, OFFICE
        )

    async for outcome in at_every_step(prepare):
        voting = votings[-1]
        assert outcome.done == 1, outcome
        proposal, ballot = await read(both.one, voting.proposals[0]), await voting.get(OFFICE)
        assert (proposal.status, ballot.status) in {(4, 2), (3, 1)}


async def test_of_two_duplicates_that_are_merged_into_each_other_one_goes_on(both: Replicas) -> None:
    pairs: list[tuple[Any, Any]] = []

    def merge(funds: Started, one: Any, other: Any) -> Callable[[], Awaitable[Any]]:
        request = {"proposal_id": one.id, "into_proposal_id": other.id} | WHY
        return lambda: funds.call("ProposalService/MergeProposal", request, OFFICE)

    async def prepare() -> tuple[Command, Command]:
        one, other = await routed(both.one), await routed(both.one)
        pairs.append((one, other))
        return merge(both.one, one, other), merge(both.two, other, one)

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["PROPOSAL_MERGED"], outcome
        found = [await read(both.one, proposal) for proposal in pairs[-1]]
        assert sorted(proposal.status == 12 for proposal in found) == [False, True]
