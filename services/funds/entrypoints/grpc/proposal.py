"""ProposalService: proposals for the district, and their public course."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.proposal import GetProposal, ListProposals, SubmitProposal
from services.funds.usecases.proposal_council import DecideProposal, PutToCouncil, StepToCarryOut
from services.funds.usecases.proposal_review import (
    ForwardProposal,
    LinkApplication,
    MergeProposal,
    RejectProposal,
    ReviewProposal,
    RewordProposal,
    RouteProposal,
)
from services.funds.usecases.proposal_withdrawal import WithdrawProposal


def proposal_api(do: UseCases) -> Api:
    all_, office, council = do.proposals, do.proposal_review, do.proposal_council
    one = "proposal"
    return Api(
        "kiezwerk.funds.v1.ProposalService",
        command("SubmitProposal", SubmitProposal, all_.submit_proposal, one),
        command("ReviewProposal", ReviewProposal, office.review_proposal, one),
        command("RewordProposal", RewordProposal, office.reword_proposal, one),
        command("RouteProposal", RouteProposal, office.route_proposal, one),
        command("LinkApplication", LinkApplication, office.link_application, one),
        command("RejectProposal", RejectProposal, office.reject_proposal, one),
        command("ForwardProposal", ForwardProposal, office.forward_proposal, one),
        command("MergeProposal", MergeProposal, office.merge_proposal, one, locks=office.merge_locks),
        command("WithdrawProposal", WithdrawProposal, do.proposal_withdrawals.withdraw_proposal, one),
        command("PutToCouncil", PutToCouncil, council.put_to_council, one),
        command("DecideProposal", DecideProposal, council.decide_proposal, one),
        command("StartImplementation", StepToCarryOut, council.start_implementation, one),
        command("FinishImplementation", StepToCarryOut, council.finish_implementation, one),
        query("GetProposal", GetProposal, all_.get_proposal, one),
        query("ListProposals", ListProposals, all_.list_proposals, "proposals"),
    )
