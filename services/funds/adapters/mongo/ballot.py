"""Ballots, batches of codes, rights, votes and papers in MongoDB, each in a collection of its own."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates, StoredRecords
from lor import ancestors
from services.funds.adapters.mongo.paging import every
from services.funds.domain.ballot import MOST_CODES, Ballot, BallotStatus
from services.funds.domain.ballot_vote import BallotPaper, BallotVote, VotingRight
from services.funds.domain.code_batch import CodeBatch

T = TypeVar("T")


def _derived(ballot: Ballot) -> dict[str, Any]:
    regions = ancestors(ballot.region)
    return {"regions": regions, "public_regions": regions if ballot.is_public else ()}


class MongoBallots(StoredAggregates[Ballot]):
    def __init__(self, store: Store) -> None:
        indexes = (Index("regions"), Index("public_regions"))
        super().__init__(store, "ballots", Ballot, noun="ballot", derive=_derived, indexes=indexes)

    async def listed(
        self, region: str, status: BallotStatus | None, inside: bool, request: PageRequest
    ) -> Page[Ballot]:
        filter: dict[str, Any] = {"regions" if inside else "public_regions": region}
        filter |= {"status": status} if status else {}
        return await self.page(filter, request, order="-_id")


class MongoCodeBatches(StoredAggregates[CodeBatch]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "code_batches", CodeBatch, noun="code_batch", indexes=(Index("ballot_id"),))

    async def listed(self, ballot_id: str, request: PageRequest) -> Page[CodeBatch]:
        return await self.page({"ballot_id": ballot_id}, request, order="-_id")


class _RowsOfBallot(StoredRecords[T]):
    async def some(self, tx: Transaction, ballot_id: str, limit: int) -> tuple[T, ...]:
        return await self.where({"ballot_id": ballot_id}, tx, limit)

    async def left(self, tx: Transaction, ballot_id: str) -> int:
        return await self.count({"ballot_id": ballot_id}, tx)


class MongoVotingRights(_RowsOfBallot[VotingRight]):
    def __init__(self, store: Store) -> None:
        indexes = (Index("ballot_id"), Index("batch_id"))
        super().__init__(store, "voting_rights", VotingRight, noun="voting_right", indexes=indexes)

    async def of_batch(self, tx: Transaction, batch_id: str) -> tuple[VotingRight, ...]:
        return await self.where({"batch_id": batch_id}, tx, MOST_CODES)


class MongoBallotVotes(_RowsOfBallot[BallotVote]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "ballot_votes", BallotVote, noun="vote", indexes=(Index("ballot_id"),))


class MongoBallotPapers(_RowsOfBallot[BallotPaper]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "ballot_papers", BallotPaper, noun="paper", indexes=(Index("ballot_id"),))

    def every(self, ballot_id: str) -> AsyncIterator[BallotPaper]:
        return every(lambda request: self.page({"ballot_id": ballot_id}, request))
