"""Handing out voting codes, taking them back before voting begins, and voting with one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from annotated_types import Ge, Le, MaxLen, MinLen

from chassis.fields import Id, Line, OptionalLine, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import Region, within
from services.funds.domain.ballot import Ballot
from services.funds.domain.ballot_terms import BallotChoice
from services.funds.domain.ballot_vote import BallotVote, VotingRight
from services.funds.domain.code_batch import CodeBatch
from services.funds.domain.refusals.ballot import BallotNotFound, CodeUnknown, RegionOutsideBallot
from services.funds.domain.voting_code import SECRET_BYTES, printed, read_code
from services.funds.usecases.ports import Ballots, BallotVotes, CodeBatches, CodeSeals, VotingRights
from services.funds.usecases.proposal_course import PublicReason

NewSecret = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class IssueCodes:
    """Fewer at once would tell, to whoever reads the store, where a vote came from."""

    ballot_id: Id
    region: Region
    purpose: Line
    count: Annotated[int, Ge(50), Le(1_000)]
    etag: str = ""


@dataclass(frozen=True, slots=True)
class IssuedCodes:
    """The only time that the codes are told."""

    batch: CodeBatch
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevokeCodes:
    batch_id: Id
    reason: PublicReason


@dataclass(frozen=True, slots=True)
class ListCodeBatches:
    ballot_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class CastBallot:
    ballot_id: Id
    code: Annotated[OptionalLine, MinLen(1), MaxLen(40)]
    choices: Annotated[tuple[BallotChoice, ...], MaxLen(200)] = ()


class VotingCodeUseCases:
    def __init__(
        self,
        ballots: Ballots,
        batches: CodeBatches,
        rights: VotingRights,
        votes: BallotVotes,
        seals: CodeSeals,
        new_secret: NewSecret,
    ) -> None:
        self._ballots, self._batches, self._rights, self._votes = ballots, batches, rights, votes
        self._seals, self._new_secret = seals, new_secret

    async def issue_codes(self, tx: Transaction, command: IssueCodes, caller: Caller) -> IssuedCodes:
        ballot = await self._ballots.get(command.ballot_id, tx, etag=command.etag)
        caller.require("fund_office", region=ballot.region)
        if not within(command.region, ballot.region):
            raise RegionOutsideBallot(ballot.region)
        await self._ballots.save(tx, ballot.issue_codes(command.count, tx.at))
        batch = CodeBatch(
            id=new_id(),
            region=command.region,
            ballot_id=ballot.id,
            purpose=command.purpose,
            count=command.count,
            issued_by=caller.sub,
            issued_at=tx.at,
        )
        codes = tuple(printed(self._new_secret(SECRET_BYTES)) for _ in range(command.count))
        await self._keep(tx, batch, codes)
        return IssuedCodes(await self._batches.add(tx, batch), codes)

    async def revoke_codes(self, tx: Transaction, command: RevokeCodes, caller: Caller) -> CodeBatch:
        batch = await self._batches.get(command.batch_id, tx)
        ballot = await self._ballots.get(batch.ballot_id, tx)
        caller.require("fund_office", region=ballot.region)
        revoked = batch.revoke(command.reason)
        await self._ballots.save(tx, ballot.revoke_codes(batch.count, tx.at))
        rights = await self._rights.of_batch(tx, batch.id)
        await self._rights.remove_all(tx, (right.id for right in rights))
        return await self._batches.save(tx, revoked)

    async def list_code_batches(self, query: ListCodeBatches, caller: Caller) -> Page[CodeBatch]:
        ballot = await self._ballots.get(query.ballot_id)
        caller.require("fund_office", "auditor", region=ballot.region)
        return await self._batches.listed(ballot.id, PageRequest(query.page_size, query.page_token, caller.sub))

    async def cast_ballot(self, tx: Transaction, command: CastBallot, caller: Caller) -> Ballot:
        """Keep this choice in place of an earlier one. Neither caller nor time is kept, and nothing is said.

        It reads the ballot and writes the vote alone: votes do not wait for one another.
        """
        ballot = await self._ballots.find(command.ballot_id, tx)
        if ballot is None or not ballot.is_public:
            raise BallotNotFound(command.ballot_id)
        choices = ballot.voting_terms(tx.at).paper(command.choices)
        code = read_code(command.code)
        right = await self._rights.find(self._seals.right(code), tx)
        vote = await self._votes.find(self._seals.vote(code), tx)
        if right is None or vote is None or right.ballot_id != ballot.id:
            raise CodeUnknown
        await self._votes.put(tx, replace(vote, choices=choices))
        return ballot

    async def code_locks(self, command: CastBallot) -> tuple[str, ...]:
        """Votes with one code queue; those with others do not."""
        return (self._seals.vote(command.code),)

    async def _keep(self, tx: Transaction, batch: CodeBatch, codes: tuple[str, ...]) -> None:
        """Rights and empty votes, each in the order of their seals: neither its place nor the moment of its making tells of a code."""
        typed = [read_code(code) for code in codes]
        rights = sorted(self._seals.right(code) for code in typed)
        votes = sorted(self._seals.vote(code) for code in typed)
        await self._rights.insert_all(tx, (VotingRight(id, batch.ballot_id, batch.id) for id in rights))
        await self._votes.insert_all(tx, (BallotVote(id, batch.ballot_id) for id in votes))
