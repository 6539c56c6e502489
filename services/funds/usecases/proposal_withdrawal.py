"""Taking a proposal back: by who handed it in, or by the office for somebody who has no token."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Id, OptionalText
from chassis.ports import Caller, Transaction
from services.funds.domain.proposal import Proposal
from services.funds.domain.refusals.proposal import OthersAreJoined, WithdrawalReasonWrong
from services.funds.usecases.ports import Proposals
from services.funds.usecases.proposal import as_seen_by, is_own
from services.funds.usecases.proposal_course import take_step

# What the proposer writes would be public without anybody having read it.
BY_PROPOSER = "Withdrawn by the person who proposed it."


@dataclass(frozen=True, slots=True)
class WithdrawProposal:
    proposal_id: Id
    reason: Annotated[OptionalText, MaxLen(2_000)] = ""
    etag: str = ""


class ProposalWithdrawalUseCases:
    def __init__(self, proposals: Proposals) -> None:
        self._proposals = proposals

    async def withdraw_proposal(self, tx: Transaction, command: WithdrawProposal, caller: Caller) -> Proposal:
        proposal = await self._proposals.get(command.proposal_id, tx, etag=command.etag)
        reason = command.reason.strip()
        if is_own(proposal, caller):
            if reason:
                raise WithdrawalReasonWrong("must be empty: it would be published unread")
            if proposal.merged_from:
                raise OthersAreJoined
            reason = BY_PROPOSER
        else:
            caller.require("fund_office", region=proposal.region)
            if not reason:
                raise WithdrawalReasonWrong("must say why, for everyone to read")
        withdrawn = await take_step(self._proposals, tx, proposal.withdraw(reason, caller.sub, tx.at))
        return as_seen_by(withdrawn, caller)
