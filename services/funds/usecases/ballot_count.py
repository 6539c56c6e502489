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
AT_ONCE = 500
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
        """The `close_ballot` timer: closes, then counts or erases piece by piece until nothing is left under a code.

        Every row is removed, also an empty one: a vote that was cast in time and is not kept yet meets its removal in the store, and one of
        both is done anew. No vote that was acknowledged is lost.
        """
        ballot = await self._ballots.get(ballot_id, tx)
        if ballot.status is BallotStatus.OPEN:
            closed = ballot.close()
            await self._ballots.save(tx, closed, BallotClosed(closed))
            tx.set_timer(ballot.id, CLOSE_BALLOT, tx.at)
            return
        votes = await self._take(tx, ballot)
        rights = await self._rights.some(tx, ballot.id, AT_ONCE)
        await self._rights.remove_all(tx, (right.id for right in rights))
        if ballot.status is BallotStatus.CLOSED:
            await self._count(tx, ballot, votes)
        else:
            await self._erase_papers(tx, ballot)
        if votes or rights:
            tx.set_timer(ballot.id, CLOSE_BALLOT, tx.at)

    async def recompute_ballot(self, query: RecomputeBallot, caller: Caller) -> BallotRecount:
        ballot = await self._ballots.get(query.ballot_id)
        caller.require("fund_office", "auditor", region=ballot.region)
        ballot.check_enough()
        if ballot.terms is None:
            raise BallotNotCounted
        tally: tuple[ProposalVotes, ...] = ()
        papers = 0
        async for paper in self._papers.every(ballot.id):
            tally, papers = add_papers(tally, (paper.choices,)), papers + 1
        result = work_out(ballot.terms, tally, ballot.secret_seed, papers, ballot.codes_issued)
        return BallotRecount(result, ballot.terms.sha256, result == ballot.result)

    async def _take(self, tx: Transaction, ballot: Ballot) -> tuple[BallotVote, ...]:
        """The next piece; all are of about one size, so that no last one is so small that it tells on its voters."""
        left = await self._votes.left(tx, ballot.id)
        pieces = -(-left // AT_ONCE)
        votes = await self._votes.some(tx, ballot.id, -(-left // pieces)) if pieces else ()
        await self._votes.remove_all(tx, (vote.id for vote in votes))
        return votes

    async def _count(self, tx: Transaction, ballot: Ballot, votes: tuple[BallotVote, ...]) -> None:
        if not votes:
            await self._ballots.save(tx, ballot.finish_count())
            return
        cast = [vote.choices for vote in votes if vote.choices]
        papers = [BallotPaper(self._new_secret(PAPER_ID_BYTES).hex(), ballot.id, choices) for choices in cast]
        # In the order of their random ids: their place tells nothing of the rows that they come from.
        await self._papers.insert_all(tx, sorted(papers, key=lambda paper: paper.id))
        await self._ballots.save(tx, ballot.count(cast))

    async def _erase_papers(self, tx: Transaction, ballot: Ballot) -> None:
        papers = await self._papers.some(tx, ballot.id, AT_ONCE)
        await self._papers.remove_all(tx, (paper.id for paper in papers))
        if papers:
            tx.set_timer(ballot.id, CLOSE_BALLOT, tx.at)
