"""How each rpc is called by which residents take part: proposals and ballots."""

from datetime import timedelta
from typing import Any

from tests.support.access import OWNER, Case, case
from tests.support.city import Started
from tests.support.funds_ballot import VOTES, a_voting
from tests.support.funds_proposal import REFERENCE, TEXT, WHY


def proposals(proposal: Any, other: Any, application_id: str) -> dict[str, Case]:
    one = {"proposal_id": proposal.id} | WHY
    name = "ProposalService/{}".format
    on_paper = {"region": "114009", "channel": "PROPOSAL_CHANNEL_PAPER", "text": TEXT, "agrees_to_publication": True}
    own: dict[str, Any] = {"owner": OWNER}
    return {
        name("SubmitProposal"): case(on_paper),
        name("ReviewProposal"): case(one | {"text": TEXT}),
        name("RewordProposal"): case(one | {"text": TEXT}),
        name("RouteProposal"): case(one | {"way": "PROPOSAL_WAY_FEASIBLE"}),
        name("LinkApplication"): case(one | {"application_id": application_id}),
        name("PutToCouncil"): case(one),
        name("DecideProposal"): case(one | {"reference": REFERENCE, "outcome": "COUNCIL_OUTCOME_ACCEPTED"}),
        name("StartImplementation"): case(one),
        name("FinishImplementation"): case(one),
        name("RejectProposal"): case(one),
        name("ForwardProposal"): case(one | {"authority": "Senat"}),
        name("WithdrawProposal"): case(one, **own),
        name("MergeProposal"): case(one | {"into_proposal_id": other.id}),
        name("GetProposal"): case({"proposal_id": proposal.id}, **own),
        name("ListProposals"): case({"region": "114009"}, **own),
    }


async def ballots(funds: Started, later: Any) -> dict[str, Case]:
    voting = await a_voting(funds, 100, 200, opened=False)
    one = {"ballot_id": voting.ballot_id}
    times = {"opens_at": later.isoformat(), "closes_at": (later + timedelta(days=1)).isoformat()}
    draft = {"name": "Bürgerhaushalt", "rules": VOTES} | times
    name, vote = "BallotService/{}".format, "VotingService/{}".format
    return {
        name("DraftBallot"): case(draft | {"region": "114009"}),
        name("ReviseBallot"): case(one | draft),
        name("OpenBallot"): case(one | WHY),
        name("PublishBallot"): case(one | WHY),
        name("CancelBallot"): case(one | WHY),
        name("RecomputeBallot"): case(one),
        name("GetBallot"): case(one),
        name("ListBallots"): case({"region": "114009"}),
        vote("IssueCodes"): case(one | {"region": "114009", "purpose": "Bibliothek", "count": 50}),
        vote("RevokeCodes"): case({"batch_id": voting.batch_id} | WHY),
        vote("ListCodeBatches"): case(one),
        vote("CastBallot"): case(one | {"code": voting.codes[0]}),
    }
