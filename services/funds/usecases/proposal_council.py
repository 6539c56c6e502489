"""What becomes of a proposal in the council (BVV) and after its resolution."""

from dataclasses import dataclass

from chassis.fields import Id
from chassis.ports import Caller, Transaction
from services.funds.domain.proposal import CouncilOutcome, Proposal
from services.funds.domain.reference import Reference
from services.funds.usecases.ports import Proposals
from services.funds.usecases.proposal_course import PublicReason, take_step


@dataclass(frozen=True, slots=True)
class PutToCouncil:
    proposal_id: Id
    reason: PublicReason
    reference: Reference | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class DecideProposal:
    proposal_id: Id
    reason: PublicReason
    reference: Reference
    outcome: CouncilOutcome
    etag: str = ""


@dataclass(frozen=True, slots=True)
class StepToCarryOut:
    """StartImplementation and FinishImplementation."""

    proposal_id: Id
    reason: PublicReason
    etag: str = ""


class ProposalCouncilUseCases:
    def __init__(self, proposals: Proposals) -> None:
        self._proposals = proposals

    async def put_to_council(self, tx: Transaction, command: PutToCouncil, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        put = proposal.put_to_council(command.reference, command.reason, caller.sub, tx.at)
        return await take_step(self._proposals, tx, put)

    async def decide_proposal(self, tx: Transaction, command: DecideProposal, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        decided = proposal.decide(command.outcome, command.reference, command.reason, caller.sub, tx.at)
        return await take_step(self._proposals, tx, decided)

    async def start_implementation(self, tx: Transaction, command: StepToCarryOut, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        return await take_step(self._proposals, tx, proposal.start_implementation(command.reason, caller.sub, tx.at))

    async def finish_implementation(self, tx: Transaction, command: StepToCarryOut, caller: Caller) -> Proposal:
        proposal = await self._of_office(tx, command.proposal_id, command.etag, caller)
        return await take_step(self._proposals, tx, proposal.finish_implementation(command.reason, caller.sub, tx.at))

    async def _of_office(self, tx: Transaction, proposal_id: str, etag: str, caller: Caller) -> Proposal:
        proposal = await self._proposals.get(proposal_id, tx, etag=etag)
        caller.require("fund_office", region=proposal.region)
        return proposal
