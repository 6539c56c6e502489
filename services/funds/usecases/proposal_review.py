"""What the office does with proposals: reads and releases them, sends them on their way, joins and hands on."""

from dataclasses import dataclass

from chassis.fields import CentsOrZero, Id, Line, OptionalId
from chassis.ports import Caller, Transaction
from lor import within
from services.funds.domain.application import ApplicationStatus
from services.funds.domain.proposal import Proposal, ProposalWay
from services.funds.domain.proposal_text import ProposalText
from services.funds.domain.refusals.proposal import ApplicationNotFitting, EstimateNeeded, FundNotFitting
from services.funds.usecases.ports import Applications, Funds, Proposals
from services.funds.usecases.proposal_course import PublicReason, take_step


@dataclass(frozen=True, slots=True)
class ReviewProposal:
    proposal_id: Id
    reason: PublicReason
    text: ProposalText
    etag: str = ""


@dataclass(frozen=True, slots=True)
class RewordProposal:
    proposal_id: Id
    reason: PublicReason
    text: ProposalText
    etag: str = ""


@dataclass(frozen=True, slots=True)
class RouteProposal:
    proposal_id: Id
    reason: PublicReason
    way: ProposalWay
    estimated_cents: CentsOrZero = 0
    fund_id: OptionalId = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class LinkApplication:
    proposal_id: Id
    reason: PublicReason
    application_id: Id
    etag: str = ""


@dataclass(frozen=True, slots=True)
class RejectProposal:
    proposal_id: Id
    reason: PublicReason
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ForwardProposal:
    proposal_id: Id
    reason: PublicReason
    authority: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class MergeProposal:
    proposal_id: Id
    reason: PublicReason
    into_proposal_id: Id
    etag: str = ""


class ProposalReviewUseCases:
    def __init__(self, proposals: Proposals, funds: Funds, applications: Applications) -> None:
        self._proposals, self._funds, self._applications = proposals, funds, applications

    async def review_proposal(self, tx: Transaction, command: ReviewProposal, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        return await self._step(tx, proposal.review(command.text, command.reason, caller.sub, tx.at))

    async def reword_proposal(self, tx: Transaction, command: RewordProposal, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        return await self._step(tx, proposal.reword(command.text, command.reason, caller.sub, tx.at))

    async def route_proposal(self, tx: Transaction, command: RouteProposal, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        await self._check_way(tx, command, proposal)
        sent = proposal.route(command.way, command.estimated_cents, command.fund_id, command.reason, caller.sub, tx.at)
        return await self._step(tx, sent)

    async def link_application(self, tx: Transaction, command: LinkApplication, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        linked = proposal.link_application(command.application_id, command.reason, caller.sub, tx.at)
        application = await self._applications.find(command.application_id, tx)
        is_there = application is not None and application.status is not ApplicationStatus.DRAFT
        if application is None or not is_there or application.fund_id != proposal.fund_id:
            raise ApplicationNotFitting
        return await self._step(tx, linked)

    async def reject_proposal(self, tx: Transaction, command: RejectProposal, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        return await self._step(tx, proposal.reject(command.reason, caller.sub, tx.at))

    async def forward_proposal(self, tx: Transaction, command: ForwardProposal, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        return await self._step(tx, proposal.forward(command.authority, command.reason, caller.sub, tx.at))

    async def merge_proposal(self, tx: Transaction, command: MergeProposal, caller: Caller) -> Proposal:
        """The merged proposal; the other one goes on with both contacts."""
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        other = await self._of_office(tx, command.into_proposal_id, "", caller)
        merged, joined = proposal.merge_into(other, command.reason, caller.sub, tx.at)
        await self._step(tx, joined)
        return await self._step(tx, merged)

    async def merge_locks(self, command: MergeProposal) -> tuple[str, ...]:
        return (command.proposal_id, command.into_proposal_id)

    async def _check_way(self, tx: Transaction, command: RouteProposal, proposal: Proposal) -> None:
        if command.way is ProposalWay.VOTE and not command.estimated_cents:
            raise EstimateNeeded
        if (command.way is ProposalWay.FUND) is not bool(command.fund_id):
            raise FundNotFitting("is named on the way to a fund, and there alone")
        if command.fund_id:
            fund = await self._funds.get(command.fund_id, tx)
            if not within(proposal.region, fund.region):
                raise FundNotFitting("gives nothing in the proposal's region")

    async def _of_office(self, tx: Transaction, proposal_id: str, etag: str, caller: Caller) -> Proposal:
        proposal = await self._proposals.get(proposal_id, tx, etag=etag)
        caller.require("fund_office", region=proposal.region)
        return proposal

    async def _step(self, tx: Transaction, proposal: Proposal) -> Proposal:
        return await take_step(self._proposals, tx, proposal)
