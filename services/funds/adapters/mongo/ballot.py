"""Ballots, batches of codes, rights, votes and papers in MongoDB, each in a collection of its own."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates, StoredRecords
from lor import ancestors
from services.funds.domain.ballot import MOST_CODES, PIECES, Ballot, BallotStatus
from services.funds.domain.ballot_vote import BallotPaper, BallotVote, VotingRight
from services.funds.domain.code_batch import CodeBatch

Row = VotingRight | BallotVote | BallotPaper
R = TypeVar("R", bound=Row)


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


class _RowsOfBallot(StoredRecords[R]):
    """Found by an equality on their piece: neither how many rows there are nor an order slows the count."""

    def __init__(self, store: Store, collection: str, kind: type[R], noun: str, *indexes: Index) -> None:
        super().__init__(store, collection, kind, noun=noun, derive=_piece, indexes=(Index("piece"), *indexes))

    async def take(self, tx: Transaction, ballot_id: str, pieces: range) -> tuple[R, ...]:
        rows = await self._of(ballot_id, pieces, tx)
        await self.remove_all(tx, (row.id for row in rows))
        return rows

    async def _of(self, ballot_id: str, pieces: range, tx: Transaction | None = None) -> tuple[R, ...]:
        names = [f"{ballot_id}:{piece:02x}" for piece in pieces]
        return await self.where({"piece": {"$in": names}}, tx, limit=MOST_CODES)


def _piece(row: Row) -> dict[str, Any]:
    return {"piece": f"{row.ballot_id}:{row.id[:2]}"}


class MongoVotingRights(_RowsOfBallot[VotingRight]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "voting_rights", VotingRight, "voting_right", Index("batch_id"))

    async def of_batch(self, tx: Transaction, batch_id: str) -> tuple[VotingRight, ...]:
        return await self.where({"batch_id": batch_id}, tx, MOST_CODES)


class MongoBallotVotes(_RowsOfBallot[BallotVote]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "ballot_votes", BallotVote, "vote")


class MongoBallotPapers(_RowsOfBallot[BallotPaper]):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "ballot_papers", BallotPaper, "paper")

    async def pieces(self, ballot_id: str) -> AsyncIterator[tuple[BallotPaper, ...]]:
        for piece in range(PIECES):
            yield await self._of(ballot_id, range(piece, piece + 1))
