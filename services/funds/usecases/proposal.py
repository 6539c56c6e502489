"""Handing proposals in, online or on behalf of somebody, and reading them."""

from dataclasses import dataclass, replace
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Email, Id, Line, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from chassis.refusals import Unauthenticated
from lor import CITY, OptionalRegion, Region
from services.funds.domain.facts.proposal import ProposalSubmitted
from services.funds.domain.names import with_own_name_only
from services.funds.domain.person import Language
from services.funds.domain.proposal import (
    Proposal,
    ProposalChannel,
    ProposalStatus,
    ProposalWay,
    submit_proposal,
)
from services.funds.domain.proposal_text import ProposalText
from services.funds.domain.refusals.proposal import ChannelNotYours, ContactNeeded, PublicationNotAgreed
from services.funds.usecases.ports import Persons, Proposals

ENTERS = ("fund_office", "coordinator")
# With all their words: what a client takes at once is 4 MiB.
MOST_IN_PAGE = 100
INSIDE = ("fund_office", "coordinator", "auditor")


@dataclass(frozen=True, slots=True)
class ProposerContact:
    """Whom to tell what becomes of the proposal."""

    name: Line
    email: Email
    language: Language = Language.DE


@dataclass(frozen=True, slots=True)
class SubmitProposal:
    region: Region
    channel: ProposalChannel
    text: ProposalText
    agrees_to_publication: bool = False
    contact: ProposerContact | None = None


@dataclass(frozen=True, slots=True)
class GetProposal:
    proposal_id: Id


@dataclass(frozen=True, slots=True)
class ListProposals:
    region: OptionalRegion = ""
    status: ProposalStatus | None = None
    way: ProposalWay | None = None
    mine: bool = False
    page_size: Annotated[int, Ge(0), Le(MOST_IN_PAGE)] = 0
    page_token: PageToken = ""


def as_seen_by(proposal: Proposal, caller: Caller) -> Proposal:
    """All of it for the offices of its region, for who proposed it all but who did what; what is public for everyone else."""
    if caller.may(*INSIDE, region=proposal.region):
        return proposal
    return with_own_name_only(proposal, caller.sub) if is_own(proposal, caller) else proposal.public()


def is_own(proposal: Proposal, caller: Caller) -> bool:
    return bool(proposal.proposer_sub) and proposal.proposer_sub == caller.sub


class ProposalUseCases:
    def __init__(self, proposals: Proposals, persons: Persons) -> None:
        self._proposals, self._persons = proposals, persons

    async def submit_proposal(self, tx: Transaction, command: SubmitProposal, caller: Caller) -> Proposal:
        self._require_right_to_propose(command, caller)
        if not command.agrees_to_publication:
            raise PublicationNotAgreed
        submitted = submit_proposal(
            id=new_id(),
            region=command.region,
            channel=command.channel,
            text=command.text,
            by=caller.sub,
            contact_refs=await self._contact(
                tx, command, caller.sub if command.channel is ProposalChannel.ONLINE else ""
            ),
            at=tx.at,
        )
        return await self._proposals.add(tx, submitted, ProposalSubmitted(submitted))

    async def get_proposal(self, query: GetProposal, caller: Caller) -> Proposal:
        proposal = await self._proposals.get(query.proposal_id)
        seen = as_seen_by(proposal, caller)
        return replace(seen, merged_into=await self._leads_to(proposal))

    async def list_proposals(self, query: ListProposals, caller: Caller) -> Page[Proposal]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        if query.mine:
            if caller.is_public:
                raise Unauthenticated("NO_TOKEN", "Your own proposals are listed for your own token alone.")
            page = await self._proposals.proposed_by(caller.sub, request)
        else:
            page = await self._proposals.listed(query.region or CITY, query.status, query.way, request)
        return Page(tuple(as_seen_by(proposal, caller) for proposal in page.items), page.next_page_token)

    def _require_right_to_propose(self, command: SubmitProposal, caller: Caller) -> None:
        if command.channel is ProposalChannel.ONLINE:
            if not any(role.name == "applicant" for role in caller.roles):
                raise ChannelNotYours("must be paper or in_person where an office enters it")
        elif not caller.may(*ENTERS, region=command.region):
            if any(role.name == "applicant" for role in caller.roles):
                raise ChannelNotYours("must be online where one proposes for oneself")
            caller.require(*ENTERS, region=command.region)

    async def _contact(self, tx: Transaction, command: SubmitProposal, by: str) -> tuple[str, ...]:
        contact = command.contact
        if contact is not None:
            return (await self._persons.keep(tx, contact.name, contact.email, contact.language, by=by),)
        if command.channel is ProposalChannel.ONLINE:
            raise ContactNeeded
        # On paper one may stay unnamed, and is told nothing then.
        return ()

    async def _leads_to(self, proposal: Proposal) -> str:
        """Where a merged proposal goes on today, also when that one was merged later: nobody rewrites a stored id."""
        found = proposal
        while found.merged_into:
            found = await self._proposals.get(found.merged_into)
        return "" if found.id == proposal.id else found.id
