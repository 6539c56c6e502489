"""Closing a ballot and counting it, in pieces of one transaction each, and recounting it from the papers."""

from dataclasses import dataclass

from chassis.fields import Id
from chassis.ports import Caller, Transaction
from services.funds.domain.ballot import Ballot, BallotStatus
from services.funds.domain.ballot_result import BallotResult, ProposalVotes, add_papers, work_out
from services.funds.domain.ballot_vote import BallotPaper, BallotVote
from services.funds.domain.facts.ballot import BallotClosed
from services.funds.domain.refusals.ballot import BallotNotCounted
from services.funds.usecases.ports import BallotPapers, Ballots, BallotVotes, VotingRights
from services.funds.usecases.voting_code import NewSecret

CLOSE_BALLOT = "close_ballot"
PAPER_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class RecomputeBallot:
    ballot_id: Id


@dataclass(frozen=True, slots=True)
class BallotRecount:
    """The result as the papers and the frozen terms give it anew, and whether it is the one that is kept."""

    result: BallotResult
    terms_sha256: str
    agrees: bool


class BallotCountUseCases:
    def __init__(
        self, ballots: Ballots, rights: VotingRights, votes: BallotVotes, papers: BallotPapers, new_secret: NewSecret
    ) -> None:
        self._ballots, self._rights, self._votes, self._papers = ballots, rights, votes, papers
        self._new_secret = new_secret

    async def close_due(self, tx: Transaction, ballot_id: str) -> None:
        """The `close_ballot` timer: closes, then counts or erases piece by piece until no row is left under a code.

        Every row is removed, also an empty one: a vote that was cast in time and is not kept yet meets its removal in the store, and one of
        both is done anew. No vote that was acknowledged is lost.
        """
        ballot = await self._ballots.get(ballot_id, tx)
        if ballot.status is BallotStatus.OPEN:
            closed = ballot.close()
            await self._ballots.save(tx, closed, BallotClosed(closed))
            tx.set_timer(ballot.id, CLOSE_BALLOT, tx.at)
            return
        pieces = ballot.next_pieces
        votes = await self._votes.take(tx, ballot.id, pieces)
        await self._rights.take(tx, ballot.id, pieces)
        if ballot.status is BallotStatus.CLOSED:
            done = await self._count(tx, ballot, votes)
        else:
            await self._papers.take(tx, ballot.id, pieces)
            done = ballot.step()
        await self._ballots.save(tx, done)
        if done.next_pieces:
            tx.set_timer(ballot.id, CLOSE_BALLOT, tx.at)

    async def recompute_ballot(self, query: RecomputeBallot, caller: Caller) -> BallotRecount:
        ballot = await self._ballots.get(query.ballot_id)
        caller.require("fund_office", "auditor", region=ballot.region)
        ballot.check_enough()
        if ballot.terms is None:
            raise BallotNotCounted
        tally: tuple[ProposalVotes, ...] = ()
        count = 0
        async for papers in self._papers.pieces(ballot.id):
            tally, count = add_papers(tally, (paper.choices for paper in papers)), count + len(papers)
        result = work_out(ballot.terms, tally, ballot.secret_seed, count, ballot.codes_issued)
        return BallotRecount(result, ballot.terms.sha256, result == ballot.result)

    async def _count(self, tx: Transaction, ballot: Ballot, votes: tuple[BallotVote, ...]) -> Ballot:
        cast = [vote.choices for vote in votes if vote.choices]
        papers = [BallotPaper(self._new_secret(PAPER_ID_BYTES).hex(), ballot.id, choices) for choices in cast]
        # In the order of their random ids: their place tells nothing of the rows that they come from.
        await self._papers.insert_all(tx, sorted(papers, key=lambda paper: paper.id))
        return ballot.count(cast)
