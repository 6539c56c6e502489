"""Builders for proposals: one as somebody hands it in, and the calls that bring it on its way."""

from datetime import datetime, timedelta
from typing import Any

from chassis.ports import Role, new_id
from services.funds.domain.proposal import (
    CouncilOutcome,
    Proposal,
    ProposalChannel,
    ProposalStatus,
    ProposalWay,
    submit_proposal,
)
from services.funds.domain.proposal_text import ProposalText
from services.funds.domain.reference import Reference, ReferenceKind
from tests.support.city import Started
from tests.support.funds import NOON, OFFICE, REGION

APPLICANT = Role("applicant")
RESOLUTION = Reference(ReferenceKind.RESOLUTION, "DS/0815/IX", "BVV Lichtenberg")
TEXT = {"title": "Eine Bank am See", "description": "Zum Ausruhen.", "place": "Fennpfuhl", "topics": ["grün"]}
REFERENCE = {"kind": "REFERENCE_KIND_RESOLUTION", "number": "DS/0815/IX", "body": "BVV Lichtenberg"}
WHY = {"reason": "So steht es im Protokoll."}
BY = ("Aus gutem Grund.", "office")


def a_text(title: str = "Eine Bank am See") -> ProposalText:
    return ProposalText(title, "Zum Ausruhen.", "Fennpfuhl", ("grün",))


def a_proposal(channel: ProposalChannel = ProposalChannel.ONLINE, **more: Any) -> Proposal:
    usual: dict[str, Any] = {"id": new_id(), "region": REGION, "text": a_text(), "contact_refs": (new_id(),)}
    return submit_proposal(channel=channel, by="anna", at=NOON, **usual | more)


def at(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


def a_proposal_in(status: ProposalStatus, way: ProposalWay = ProposalWay.VOTE) -> Proposal:
    """A proposal that has gone the usual way to this status, on `way` where the status leaves a choice."""
    new = a_proposal()
    review = new.review(a_text(), *BY, at(1))
    routed = review.route(way, 500_00, new_id() if way is ProposalWay.FUND else "", *BY, at(2))
    voting = review.route(ProposalWay.VOTE, 500_00, "", *BY, at(2)).enter_vote(new_id(), *BY, at(3))
    council = review.route(ProposalWay.FEASIBLE, 0, "", *BY, at(2)).put_to_council(None, *BY, at(3))
    accepted = council.decide(CouncilOutcome.ACCEPTED, RESOLUTION, *BY, at(4))
    implementing = accepted.start_implementation(*BY, at(5))
    found = {
        ProposalStatus.SUBMITTED: new,
        ProposalStatus.IN_REVIEW: review,
        ProposalStatus.ROUTED: routed,
        ProposalStatus.VOTING: voting,
        ProposalStatus.RANKED: voting.rank(1, True, *BY, at(4)),
        ProposalStatus.COUNCIL: council,
        ProposalStatus.ACCEPTED: accepted,
        ProposalStatus.IMPLEMENTING: implementing,
        ProposalStatus.IMPLEMENTED: implementing.finish_implementation(*BY, at(6)),
        ProposalStatus.REJECTED: review.reject(*BY, at(2)),
        ProposalStatus.FORWARDED: review.forward("Senat", *BY, at(2)),
        ProposalStatus.WITHDRAWN: review.withdraw(*BY, at(2)),
        ProposalStatus.MERGED: review.merge_into(a_proposal(), *BY, at(2))[0],
    }
    return found[status]


async def propose(funds: Started, *, sub: str = "anna", region: str = REGION, **more: Any) -> Any:
    """A proposal that was handed in online."""
    request = {
        "region": region,
        "channel": "PROPOSAL_CHANNEL_ONLINE",
        "text": TEXT,
        "agrees_to_publication": True,
        "contact": {"name": "Anna Beispiel", "email": "anna@example.org"},
    } | more
    return (await funds.call("ProposalService/SubmitProposal", request, APPLICANT, sub=sub)).proposal


async def step(funds: Started, rpc: str, proposal: Any, **fields: Any) -> Any:
    """An rpc of ProposalService on this proposal, by the office."""
    request = {"proposal_id": proposal.id} | WHY | fields
    return (await funds.call(f"ProposalService/{rpc}", request, OFFICE, sub="office")).proposal


async def routed(funds: Started, way: str = "VOTE", *, cents: int = 50_000, title: str = "", **more: Any) -> Any:
    """A proposal that was handed in, read and sent on this way."""
    proposal = await propose(funds)
    await step(funds, "ReviewProposal", proposal, text=TEXT | ({"title": title} if title else {}))
    return await step(funds, "RouteProposal", proposal, way=f"PROPOSAL_WAY_{way}", **{"estimated_cents": cents} | more)


async def read(funds: Started, proposal: Any, *roles: Role, sub: str = "") -> Any:
    """The proposal as everyone sees it, or these roles."""
    request = {"proposal_id": proposal.id}
    return (await funds.call("ProposalService/GetProposal", request, *roles, sub=sub)).proposal
