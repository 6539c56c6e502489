"""Ballots from the draft to the published result, and who reads what of them."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le, MaxLen

from chassis.fields import Check, Id, Line, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion, Region, within
from services.funds.domain.ballot import Ballot, BallotStatus
from services.funds.domain.ballot_result import BallotOutcome
from services.funds.domain.ballot_rules import BallotRules
from services.funds.domain.ballot_terms import BallotOption
from services.funds.domain.facts.ballot import BallotCancelled, BallotOpened, BallotResultPublished
from services.funds.domain.proposal import Proposal, ProposalStatus, ProposalWay
from services.funds.domain.refusals.ballot import BallotNotFound, ProposalsNotReady
from services.funds.usecases.ballot_count import CLOSE_BALLOT
from services.funds.usecases.funding_round import Instant
from services.funds.usecases.ports import Ballots, Proposals
from services.funds.usecases.proposal_course import PublicReason, take_step
from services.funds.usecases.voting_code import NewSecret

INSIDE = ("fund_office", "auditor")
SEED_BYTES = 16
# With all their terms: what a client takes at once is 4 MiB.
MOST_IN_PAGE = 20
ProposalIds = Annotated[
    tuple[Id, ...], MaxLen(100), Check(lambda ids: len(set(ids)) == len(ids), "must name each proposal once")
]


@dataclass(frozen=True, slots=True)
class DraftBallot:
    region: Region
    name: Line
    rules: BallotRules
    opens_at: Instant
    closes_at: Instant
    proposal_ids: ProposalIds = ()


@dataclass(frozen=True, slots=True)
class ReviseBallot:
    ballot_id: Id
    name: Line
    rules: BallotRules
    opens_at: Instant
    closes_at: Instant
    proposal_ids: ProposalIds = ()
    etag: str = ""


@dataclass(frozen=True, slots=True)
class StepOfBallot:
    """OpenBallot, PublishBallot and CancelBallot; the reason also goes into the course of each proposal."""

    ballot_id: Id
    reason: PublicReason
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetBallot:
    ballot_id: Id


@dataclass(frozen=True, slots=True)
class ListBallots:
    region: OptionalRegion = ""
    status: BallotStatus | None = None
    page_size: Annotated[int, Ge(0), Le(MOST_IN_PAGE)] = 0
    page_token: PageToken = ""


class BallotUseCases:
    def __init__(self, ballots: Ballots, proposals: Proposals, new_secret: NewSecret) -> None:
        self._ballots, self._proposals, self._new_secret = ballots, proposals, new_secret

    async def draft_ballot(self, tx: Transaction, command: DraftBallot, caller: Caller) -> Ballot:
        caller.require("fund_office", region=command.region)
        command.rules.check()
        draft = Ballot(
            id=new_id(),
            region=command.region,
            name=command.name,
            rules=command.rules,
            opens_at=command.opens_at,
            closes_at=command.closes_at,
            proposal_ids=command.proposal_ids,
            secret_seed=self._new_secret(SEED_BYTES).hex(),
        )
        draft.check_times(tx.at)
        return await self._ballots.add(tx, draft)

    async def revise_ballot(self, tx: Transaction, command: ReviseBallot, caller: Caller) -> Ballot:
        ballot = await self._of_office(tx, command.ballot_id, command.etag, caller)
        revised = ballot.revise(command.name, command.rules, command.opens_at, command.closes_at, command.proposal_ids)
        revised.check_times(tx.at)
        return await self._ballots.save(tx, revised)

    async def open_ballot(self, tx: Transaction, command: StepOfBallot, caller: Caller) -> Ballot:
        ballot = await self._of_office(tx, command.ballot_id, command.etag, caller)
        proposals = await self._on(tx, ballot)
        if wrong := [i for i, proposal in enumerate(proposals) if not _is_ready(proposal, ballot)]:
            raise ProposalsNotReady(wrong)
        ready = [proposal for proposal in proposals if proposal is not None]
        options = tuple(BallotOption(p.id, p.title, p.estimated_cents) for p in ready)
        opened = ballot.open(options, command.reason, tx.at)
        for proposal in ready:
            voting = proposal.enter_vote(ballot.id, command.reason, caller.sub, tx.at)
            await take_step(self._proposals, tx, voting)
        tx.set_timer(opened.id, CLOSE_BALLOT, opened.closes_at)
        return await self._ballots.save(tx, opened, BallotOpened(opened))

    async def publish_ballot(self, tx: Transaction, command: StepOfBallot, caller: Caller) -> Ballot:
        """The result, and its place for every proposal that stood on the ballot."""
        ballot = await self._of_office(tx, command.ballot_id, command.etag, caller)
        published = ballot.publish(command.reason)
        lines = {line.proposal_id: line for line in published.counted.lines}
        for proposal in await self._voted_on(tx, ballot):
            line = lines[proposal.id]
            is_chosen = line.outcome is BallotOutcome.CHOSEN
            ranked = proposal.rank(line.position, is_chosen, command.reason, caller.sub, tx.at)
            await take_step(self._proposals, tx, ranked)
        said = BallotResultPublished(published, published.counted, published.lot_seed)
        return await self._ballots.save(tx, published, said)

    async def cancel_ballot(self, tx: Transaction, command: StepOfBallot, caller: Caller) -> Ballot:
        """Its proposals may be voted on another time; its votes are erased by the timer that would have counted them."""
        ballot = await self._of_office(tx, command.ballot_id, command.etag, caller)
        cancelled = ballot.cancel(command.reason)
        for proposal in await self._voted_on(tx, ballot):
            await take_step(self._proposals, tx, proposal.leave_vote(command.reason, caller.sub, tx.at))
        tx.set_timer(cancelled.id, CLOSE_BALLOT, tx.at)
        said = (BallotCancelled(cancelled, command.reason),) if cancelled.is_public else ()
        return await self._ballots.save(tx, cancelled, *said)

    async def get_ballot(self, query: GetBallot, caller: Caller) -> Ballot:
        ballot = await self._ballots.get(query.ballot_id)
        if caller.may(*INSIDE, region=ballot.region):
            return ballot
        if not ballot.is_public:
            raise BallotNotFound(ballot.id)
        return ballot.public()

    async def list_ballots(self, query: ListBallots, caller: Caller) -> Page[Ballot]:
        region = query.region or CITY
        inside = caller.may(*INSIDE, region=region)
        request = PageRequest(query.page_size or MOST_IN_PAGE, query.page_token, caller.sub)
        page = await self._ballots.listed(region, query.status, inside, request)
        return page if inside else Page(tuple(ballot.public() for ballot in page.items), page.next_page_token)

    async def _on(self, tx: Transaction, ballot: Ballot) -> tuple[Proposal | None, ...]:
        found = {proposal.id: proposal for proposal in await self._proposals.many(ballot.proposal_ids, tx)}
        return tuple(found.get(id) for id in ballot.proposal_ids)

    async def _voted_on(self, tx: Transaction, ballot: Ballot) -> tuple[Proposal, ...]:
        return await self._proposals.many((option.proposal_id for option in ballot.options), tx)

    async def _of_office(self, tx: Transaction, ballot_id: str, etag: str, caller: Caller) -> Ballot:
        ballot = await self._ballots.get(ballot_id, tx, etag=etag)
        caller.require("fund_office", region=ballot.region)
        return ballot


def _is_ready(proposal: Proposal | None, ballot: Ballot) -> bool:
    return (
        proposal is not None
        and proposal.status is ProposalStatus.ROUTED
        and proposal.way is ProposalWay.VOTE
        and within(proposal.region, ballot.region)
    )
