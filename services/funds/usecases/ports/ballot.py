"""Where ballots, codes and votes are kept."""

from collections.abc import AsyncIterator
from typing import Protocol, TypeVar

from chassis.ports import Aggregates, Page, PageRequest, Records, Transaction
from services.funds.domain.ballot import Ballot, BallotStatus
from services.funds.domain.ballot_vote import BallotPaper, BallotVote, VotingRight
from services.funds.domain.code_batch import CodeBatch

T = TypeVar("T")


class Ballots(Aggregates[Ballot], Protocol):
    async def listed(
        self, region: str, status: BallotStatus | None, inside: bool, request: PageRequest
    ) -> Page[Ballot]:
        """Those at home in `region` or below it, newest first; those that were never opened for insiders alone."""
        ...


class CodeBatches(Aggregates[CodeBatch], Protocol):
    async def listed(self, ballot_id: str, request: PageRequest) -> Page[CodeBatch]: ...


class RowsOfBallot(Records[T], Protocol[T]):
    """Rows of ballots, in pieces by the first byte of their id (0 to 255), which is as good as random."""

    async def take(self, tx: Transaction, ballot_id: str, pieces: range) -> tuple[T, ...]:
        """Remove all rows of these pieces, and answer what they were."""
        ...


class VotingRights(RowsOfBallot[VotingRight], Protocol):
    async def of_batch(self, tx: Transaction, batch_id: str) -> tuple[VotingRight, ...]: ...


class BallotVotes(RowsOfBallot[BallotVote], Protocol):
    """One row for each code, from its issue to the count."""


class BallotPapers(RowsOfBallot[BallotPaper], Protocol):
    def pieces(self, ballot_id: str) -> AsyncIterator[tuple[BallotPaper, ...]]:
        """All papers of a ballot, piece by piece."""
        ...


class CodeSeals(Protocol):
    """Turns a code into what it is found under; nobody without the installation's key can go either way, or from one to the other."""

    def right(self, code: str) -> str: ...
    def vote(self, code: str) -> str: ...
