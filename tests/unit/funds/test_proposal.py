"""Every status of a proposal with every step: what is possible, what is refused, and what everyone may see."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chassis.ports import new_id
from services.funds.domain.names import with_own_name_only
from services.funds.domain.proposal import (
    CouncilOutcome,
    Proposal,
    ProposalChannel,
    ProposalWay,
)
from services.funds.domain.proposal import ProposalStatus as S
from services.funds.domain.refusals.proposal import MergedIntoItself, NotOnThisWay, ProposalInState
from tests.support.funds_proposal import BY, RESOLUTION, a_proposal, a_proposal_in, a_text, at

STEPS: dict[str, Callable[[Proposal], Proposal]] = {
    "review": lambda p: p.review(a_text("Neu"), *BY, at(9)),
    "reword": lambda p: p.reword(a_text("Neu"), *BY, at(9)),
    "route": lambda p: p.route(ProposalWay.FEASIBLE, 0, "", *BY, at(9)),
    "enter_vote": lambda p: p.enter_vote(new_id(), *BY, at(9)),
    "rank": lambda p: p.rank(2, False, *BY, at(9)),
    "leave_vote": lambda p: p.leave_vote(*BY, at(9)),
    "put_to_council": lambda p: p.put_to_council(None, *BY, at(9)),
    "accept": lambda p: p.decide(CouncilOutcome.ACCEPTED, RESOLUTION, *BY, at(9)),
    "turn_down": lambda p: p.decide(CouncilOutcome.REJECTED, RESOLUTION, *BY, at(9)),
    "start": lambda p: p.start_implementation(*BY, at(9)),
    "finish": lambda p: p.finish_implementation(*BY, at(9)),
    "reject": lambda p: p.reject(*BY, at(9)),
    "forward": lambda p: p.forward("Senat", *BY, at(9)),
    "withdraw": lambda p: p.withdraw(*BY, at(9)),
    "merge": lambda p: p.merge_into(a_proposal(), *BY, at(9))[0],
    "be_merged_into": lambda p: a_proposal().merge_into(p, *BY, at(9))[1],
    "link": lambda p: p.link_application(new_id(), *BY, at(9)),
}
# The status after the step; a pair that is not here is refused. ROUTED is on the way to the vote.
POSSIBLE: dict[tuple[S, str], S] = {
    (S.SUBMITTED, "review"): S.IN_REVIEW,
    (S.SUBMITTED, "reject"): S.REJECTED,
    (S.SUBMITTED, "forward"): S.FORWARDED,
    (S.SUBMITTED, "merge"): S.MERGED,
    (S.SUBMITTED, "be_merged_into"): S.SUBMITTED,
    (S.SUBMITTED, "withdraw"): S.WITHDRAWN,
    (S.IN_REVIEW, "route"): S.ROUTED,
    (S.IN_REVIEW, "reject"): S.REJECTED,
    (S.IN_REVIEW, "forward"): S.FORWARDED,
    (S.IN_REVIEW, "merge"): S.MERGED,
    (S.IN_REVIEW, "be_merged_into"): S.IN_REVIEW,
    (S.IN_REVIEW, "withdraw"): S.WITHDRAWN,
    (S.ROUTED, "route"): S.ROUTED,
    (S.ROUTED, "enter_vote"): S.VOTING,
    (S.ROUTED, "forward"): S.FORWARDED,
    (S.ROUTED, "merge"): S.MERGED,
    (S.ROUTED, "be_merged_into"): S.ROUTED,
    (S.ROUTED, "withdraw"): S.WITHDRAWN,
    (S.VOTING, "rank"): S.RANKED,
    (S.VOTING, "leave_vote"): S.ROUTED,
    (S.RANKED, "route"): S.ROUTED,
    (S.RANKED, "put_to_council"): S.COUNCIL,
    (S.RANKED, "reject"): S.REJECTED,
    (S.COUNCIL, "accept"): S.ACCEPTED,
    (S.COUNCIL, "turn_down"): S.REJECTED,
    (S.ACCEPTED, "put_to_council"): S.COUNCIL,
    (S.ACCEPTED, "start"): S.IMPLEMENTING,
    (S.IMPLEMENTING, "put_to_council"): S.COUNCIL,
    (S.IMPLEMENTING, "finish"): S.IMPLEMENTED,
} | {(status, "reword"): status for status in S if status not in (S.SUBMITTED, S.VOTING, S.WITHDRAWN)}
OTHER_WAY = {(S.ROUTED, step) for step in ("put_to_council", "accept", "turn_down", "link")}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_possible_where_the_table_says_and_refused_everywhere_else(status: S, step: str) -> None:
    proposal = a_proposal_in(status)
    if (status, step) in POSSIBLE:
        after = STEPS[step](proposal)
        assert after.status is POSSIBLE[status, step]
        assert after.course[:-1] == proposal.course
        assert (after.course[-1].reason, after.course[-1].status) == (BY[0], after.status)
        return
    with pytest.raises(NotOnThisWay if (status, step) in OTHER_WAY else ProposalInState) as caught:
        STEPS[step](proposal)
    wanted = "PROPOSAL_ON_ANOTHER_WAY" if (status, step) in OTHER_WAY else f"PROPOSAL_{status.upper()}"
    assert caught.value.reason == wanted


@pytest.mark.parametrize("way", ProposalWay)
def test_each_way_leads_where_it_says_and_nowhere_else(way: ProposalWay) -> None:
    proposal = a_proposal_in(S.ROUTED, way)
    on = {
        "enter_vote": {ProposalWay.VOTE},
        "put_to_council": {ProposalWay.FEASIBLE, ProposalWay.IMPOSSIBLE},
        "accept": {ProposalWay.FUND},
        "turn_down": {ProposalWay.FUND},
        "link": {ProposalWay.FUND},
    }
    for step, ways in on.items():
        if way in ways:
            assert STEPS[step](proposal).course[-1].way == way
        else:
            with pytest.raises(NotOnThisWay):
                STEPS[step](proposal)


def test_only_what_the_office_released_is_public_and_never_the_person() -> None:
    for status in S:
        seen = a_proposal_in(status).public()
        assert seen.handed_in is None
        assert (seen.proposer_sub, seen.entered_by, seen.contact_refs, seen.application_id) == ("", "", (), "")
        assert {step.by for step in seen.course} == {""}
    assert a_proposal_in(S.SUBMITTED).title == ""
    assert a_proposal_in(S.IN_REVIEW).public().title == "Eine Bank am See"


def test_what_is_entered_on_behalf_belongs_to_nobodys_token() -> None:
    entered = a_proposal(ProposalChannel.PAPER)
    assert (entered.proposer_sub, entered.entered_by) == ("", "anna")
    assert (a_proposal().proposer_sub, a_proposal().entered_by) == ("anna", "")


def test_merging_keeps_both_courses_and_tells_both_proposers() -> None:
    one, other = a_proposal_in(S.IN_REVIEW), a_proposal_in(S.ROUTED)
    merged, joined = one.merge_into(other, *BY, at(9))

    assert (merged.merged_into, joined.merged_from) == (other.id, (one.id,))
    assert (len(merged.course), len(joined.course)) == (len(one.course) + 1, len(other.course) + 1)
    assert joined.contact_refs == (*other.contact_refs, *one.contact_refs)
    same_person = replace(one, contact_refs=other.contact_refs)
    assert same_person.merge_into(other, *BY, at(9))[1].contact_refs == other.contact_refs


def test_nothing_is_merged_into_itself_or_round_in_a_circle() -> None:
    one, other = a_proposal_in(S.IN_REVIEW), a_proposal_in(S.IN_REVIEW)
    with pytest.raises(MergedIntoItself):
        one.merge_into(one, *BY, at(9))
    merged, joined = one.merge_into(other, *BY, at(9))
    with pytest.raises(ProposalInState):
        joined.merge_into(merged, *BY, at(10))


def test_what_is_withdrawn_keeps_its_course_and_has_no_words_in_public() -> None:
    withdrawn = a_proposal_in(S.ROUTED).withdraw(*BY, at(9))
    assert (withdrawn.title, withdrawn.public().released, len(withdrawn.course)) == ("", None, 4)


def test_who_proposed_it_reads_the_whole_course_and_not_who_took_its_steps() -> None:
    seen = with_own_name_only(a_proposal_in(S.COUNCIL), "anna")
    assert [step.by for step in seen.course] == ["anna", "", "", ""]
    assert seen.handed_in is not None


def test_what_is_routed_anew_has_no_place_and_no_ballot() -> None:
    again = a_proposal_in(S.RANKED).route(ProposalWay.VOTE, 100, "", *BY, at(9))
    assert (again.place, again.chosen, again.ballot_id, again.estimated_cents) == (0, False, "", 100)
