"""A step in the course of a proposal: everyone hears of it, and who proposed it is told."""

from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Check, Text
from chassis.ports import Transaction
from services.funds.domain.facts.proposal import ProposalAnswered, ProposalStatusChanged
from services.funds.domain.proposal import Proposal
from services.funds.usecases.ports import Proposals

PublicReason = Annotated[Text, MaxLen(2_000), Check(lambda v: bool(v.strip()), "must say why, for everyone to read")]


async def take_step(proposals: Proposals, tx: Transaction, proposal: Proposal) -> Proposal:
    told = (ProposalAnswered(proposal, proposal.reason),) if proposal.contact_refs else ()
    return await proposals.save(tx, proposal, ProposalStatusChanged(proposal, proposal.reason), *told)
