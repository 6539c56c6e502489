"""Proposals through gRPC: handed in by whom, read by whom, and what is said of them."""

from typing import Any

import pytest

from chassis.ports import Role, new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, REGION, a_pot
from tests.support.funds_proposal import APPLICANT, REFERENCE, TEXT, propose, read, routed, step
from tests.support.funds_round import a_call

COORDINATOR = Role("coordinator", regions=("1140",))
PAPER = {"region": REGION, "channel": "PROPOSAL_CHANNEL_PAPER", "text": TEXT, "agrees_to_publication": True}


async def test_its_words_are_public_once_the_office_has_released_them(funds: Started) -> None:
    proposal = await propose(funds, text=TEXT | {"title": "Bank für Erika Muster, Weg 3"})
    assert not (await read(funds, proposal)).HasField("released")
    assert (await read(funds, proposal, sub="anna")).handed_in.title == "Bank für Erika Muster, Weg 3"

    await step(funds, "ReviewProposal", proposal, text=TEXT | {"title": "Eine Bank"})
    seen = await read(funds, proposal)
    assert seen.released.title == "Eine Bank"
    assert "Erika" not in str(seen)
    assert (await read(funds, proposal, OFFICE)).handed_in.title == "Bank für Erika Muster, Weg 3"


async def test_the_course_is_public_with_reasons_and_instants_and_without_names(funds: Started) -> None:
    proposal = await routed(funds, "FEASIBLE", cents=0)
    await step(funds, "PutToCouncil", proposal, reason="Machbar.", reference=REFERENCE)
    await step(funds, "DecideProposal", proposal, reference=REFERENCE, outcome="COUNCIL_OUTCOME_ACCEPTED")
    await step(funds, "StartImplementation", proposal)
    await step(funds, "FinishImplementation", proposal, reason="Die Bank steht.")
    seen = await read(funds, proposal)
    assert [s.status for s in seen.course] == [1, 2, 3, 6, 7, 8, 9]
    assert (seen.course[3].reason, seen.course[3].reference.number) == ("Machbar.", "DS/0815/IX")
    assert all(s.HasField("at") and not s.by for s in seen.course)
    assert [s.by for s in (await read(funds, proposal, OFFICE)).course] == ["anna", *(["office"] * 6)]
    assert [s.by for s in (await read(funds, proposal, APPLICANT, sub="anna")).course] == ["anna", *([""] * 6)]


async def test_everyone_hears_of_each_step_and_only_our_own_services_of_the_person(funds: Started) -> None:
    proposal = await routed(funds)
    said = await funds.said(proposal.id)
    assert [(m.subject.split(".")[1], m.fact) for m in said] == [
        ("pub", "proposal_submitted"),
        ("pub", "proposal_status_changed"),
        ("int", "proposal_answered"),
        ("pub", "proposal_status_changed"),
        ("int", "proposal_answered"),
    ]
    assert all("contact_refs" not in m.body["state"] for m in said if ".pub." in m.subject)
    assert said[0].body["state"]["title"] == ""
    ref = said[2].body["state"]["contact_refs"][0]
    person = await funds.call("ContactService/ResolveContact", {"person_ref": ref}, Role("service"))
    assert person.email == "anna@example.org"


async def test_an_office_enters_what_came_on_paper_and_nobody_need_be_named(funds: Started) -> None:
    entered = (await funds.call("ProposalService/SubmitProposal", PAPER, COORDINATOR, sub="kim")).proposal
    assert entered.entered_by == "kim"
    await step(funds, "ReviewProposal", entered, text=TEXT)
    assert [m.fact for m in await funds.said(entered.id)] == ["proposal_submitted", "proposal_status_changed"]
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("ProposalService/SubmitProposal", PAPER | {"region": "01"}, COORDINATOR)


@pytest.mark.parametrize(
    ("more", "reason", "field"),
    [
        ({"agrees_to_publication": False}, "PUBLICATION_NOT_AGREED", "agrees_to_publication"),
        ({"contact": None}, "CONTACT_NEEDED", "contact"),
        ({"channel": "PROPOSAL_CHANNEL_PAPER"}, "CHANNEL_NOT_YOURS", "channel"),
        ({"channel": "PROPOSAL_CHANNEL_UNSPECIFIED"}, "INVALID_FIELDS", "channel"),
        ({"region": "99"}, "INVALID_FIELDS", "region"),
        ({"text": TEXT | {"description": ""}}, "INVALID_FIELDS", "text.description"),
        ({"text": TEXT | {"description": "x" * 5_001}}, "INVALID_FIELDS", "text.description"),
        ({"text": TEXT | {"topics": ["Grün"]}}, "INVALID_FIELDS", "text.topics[0]"),
        ({"text": TEXT | {"topics": ["a"] * 11}}, "INVALID_FIELDS", "text.topics"),
    ],
)
async def test_what_cannot_be_handed_in_is_refused_with_its_field(
    funds: Started, more: dict[str, Any], reason: str, field: str
) -> None:
    with refused(reason, "INVALID_ARGUMENT", field):
        await propose(funds, **more)


async def test_an_office_does_not_propose_online(funds: Started) -> None:
    with refused("CHANNEL_NOT_YOURS", "INVALID_ARGUMENT", "channel"):
        await funds.call("ProposalService/SubmitProposal", PAPER | {"channel": "PROPOSAL_CHANNEL_ONLINE"}, OFFICE)


async def test_no_step_is_taken_without_a_reason_that_everyone_may_read(funds: Started) -> None:
    proposal = await propose(funds)
    for reason in ("", "   ", "x" * 2_001):
        with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "reason"):
            await step(funds, "RejectProposal", proposal, reason=reason)


async def test_who_votes_must_know_the_cost_and_a_fund_must_give_there(funds: Started) -> None:
    proposal = await routed(funds, "IMPOSSIBLE", cents=0)
    pot = await a_pot(funds, released_cents=0)
    with refused("ESTIMATE_NEEDED", "INVALID_ARGUMENT", "estimated_cents"):
        await step(funds, "RouteProposal", proposal, way="PROPOSAL_WAY_VOTE")
    with refused("FUND_NOT_FITTING", "INVALID_ARGUMENT", "fund_id"):
        await step(funds, "RouteProposal", proposal, way="PROPOSAL_WAY_FUND")
    with refused("FUND_NOT_FITTING", "INVALID_ARGUMENT", "fund_id"):
        await step(funds, "RouteProposal", proposal, way="PROPOSAL_WAY_FEASIBLE", fund_id=pot.fund_id)
    with refused("FUND_NOT_FOUND", "NOT_FOUND"):
        await step(funds, "RouteProposal", proposal, way="PROPOSAL_WAY_FUND", fund_id=new_id())


async def test_a_proposal_in_a_fund_is_linked_with_its_application_which_stays_inside(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    proposal = await routed(funds, "FUND", cents=0, fund_id=call.pot.fund_id)
    draft = await call.draft()
    for wrong in (draft.id, new_id()):
        with refused("APPLICATION_NOT_FITTING", "INVALID_ARGUMENT", "application_id"):
            await step(funds, "LinkApplication", proposal, application_id=wrong)
    application = await call.submit(draft)
    linked = await step(funds, "LinkApplication", proposal, application_id=application.id)
    assert linked.application_id == application.id
    assert application.id not in str(await read(funds, proposal))
    assert application.id not in str([m.body for m in await funds.said(proposal.id)])
    decided = await step(funds, "DecideProposal", proposal, reference=REFERENCE, outcome="COUNCIL_OUTCOME_REJECTED")
    assert decided.decision.number == "DS/0815/IX"


async def test_a_merged_proposal_leads_to_the_one_that_goes_on_today(funds: Started) -> None:
    first, second, third = [await propose(funds) for _ in range(3)]
    await step(funds, "MergeProposal", first, into_proposal_id=second.id)
    await step(funds, "MergeProposal", second, into_proposal_id=third.id)
    assert (await read(funds, first)).merged_into == third.id
    assert list((await read(funds, third)).merged_from) == [second.id]
    assert [m.fact for m in await funds.said(third.id)].count("proposal_status_changed") == 1
    with refused("PROPOSAL_MERGED", "FAILED_PRECONDITION"):
        await step(funds, "MergeProposal", third, into_proposal_id=first.id)
    with refused("MERGED_INTO_ITSELF", "INVALID_ARGUMENT", "into_proposal_id"):
        await step(funds, "MergeProposal", third, into_proposal_id=third.id)


async def test_lists_are_by_region_status_and_way_and_ones_own(funds: Started) -> None:
    sub = f"anna-{new_id()}"
    mine = await propose(funds, sub=sub, region="113006")
    other = await propose(funds, sub=f"bodo-{new_id()}", region="11300614")

    async def ids(*roles: Role, sub: str = "", **filter: object) -> list[str]:
        answer = await funds.call("ProposalService/ListProposals", dict(filter), *roles, sub=sub)
        return [p.id for p in answer.proposals]

    assert await ids(region="113006") == [other.id, mine.id]
    assert await ids(APPLICANT, sub=sub, mine=True) == [mine.id]
    await step(funds, "RejectProposal", other)
    assert await ids(region="113006", status="PROPOSAL_STATUS_REJECTED") == [other.id]
    assert await ids(region="113006", way="PROPOSAL_WAY_VOTE") == []
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await ids(mine=True)


async def test_a_step_on_what_has_changed_meanwhile_is_refused(funds: Started) -> None:
    proposal = await propose(funds)
    await step(funds, "ReviewProposal", proposal, text=TEXT)
    with refused("ETAG_MISMATCH", "ABORTED"):
        await step(funds, "RejectProposal", proposal, etag=proposal.etag)


async def withdraw(funds: Started, proposal: Any, *, sub: str = "anna", reason: str = "") -> Any:
    request = {"proposal_id": proposal.id, "reason": reason}
    return (await funds.call("ProposalService/WithdrawProposal", request, APPLICANT, sub=sub)).proposal


async def test_who_proposed_it_takes_it_back_and_its_words_leave_the_public(funds: Started) -> None:
    proposal = await routed(funds)
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await withdraw(funds, proposal, sub="bodo")
    with refused("WITHDRAWAL_REASON_WRONG", "INVALID_ARGUMENT", "reason"):
        await withdraw(funds, proposal, reason="Erika Muster hat mich darum gebeten")
    gone = await withdraw(funds, proposal)
    assert (gone.handed_in.title, gone.HasField("released")) == (TEXT["title"], False)

    seen = await read(funds, proposal)
    assert (seen.HasField("released"), seen.course[-1].reason) == (False, "Withdrawn by the person who proposed it.")
    said = (await funds.said(proposal.id))[-2:]
    assert [m.fact for m in said] == ["proposal_status_changed", "proposal_answered"]
    assert {(m.body["state"]["status"], m.body["state"]["title"]) for m in said} == {("withdrawn", "")}
    for rpc, fields in (("RewordProposal", {"text": TEXT}), ("RouteProposal", {"way": "PROPOSAL_WAY_IMPOSSIBLE"})):
        with refused("PROPOSAL_WITHDRAWN", "FAILED_PRECONDITION"):
            await step(funds, rpc, proposal, **fields)


async def test_an_office_withdraws_for_somebody_and_says_why(funds: Started) -> None:
    entered = (await funds.call("ProposalService/SubmitProposal", PAPER, COORDINATOR, sub="kim")).proposal
    with refused("WITHDRAWAL_REASON_WRONG", "INVALID_ARGUMENT", "reason"):
        await step(funds, "WithdrawProposal", entered, reason="  ")
    gone = await step(funds, "WithdrawProposal", entered, reason="Auf Bitte per Brief.")
    assert (gone.status, gone.course[-1].reason) == (13, "Auf Bitte per Brief.")


async def test_what_others_were_joined_with_is_not_taken_from_them(funds: Started) -> None:
    first, second = await propose(funds, sub="bodo"), await propose(funds)
    await step(funds, "MergeProposal", first, into_proposal_id=second.id)
    with refused("OTHERS_ARE_JOINED", "FAILED_PRECONDITION"):
        await withdraw(funds, second)
    with refused("PROPOSAL_MERGED", "FAILED_PRECONDITION"):
        await withdraw(funds, first, sub="bodo")
    assert (await step(funds, "WithdrawProposal", second)).status == 13
