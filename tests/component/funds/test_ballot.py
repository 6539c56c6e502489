"""A ballot through gRPC: how it comes from a draft to its result, and who sees what of it on the way."""

import hashlib
import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.ports import new_id
from tests.support.city import Started, eventually
from tests.support.client import refused
from tests.support.funds import OFFICE, REGION
from tests.support.funds_ballot import KNAPSACK, VOTES, a_voting
from tests.support.funds_proposal import propose, read, routed, step

PAPERS = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)


async def test_the_way_of_a_ballot_with_votes(funds: Started) -> None:
    voting = await a_voting(funds, 50_000, 20_000, 30_000, rules=VOTES | {"winners": 2})
    assert [(await read(funds, p)).status for p in voting.proposals] == [4, 4, 4]
    await voting.begin()
    for code in voting.codes[:6]:
        await voting.cast(code, 0)
    for code in voting.codes[6:11]:
        await voting.cast(code, 1, 2)
    await voting.cast(voting.codes[11], 2, votes=2)
    await voting.end()

    assert not (await voting.get()).HasField("result")
    published = await voting.act("PublishBallot", reason="Ausgezählt am Abend.")
    assert [(line.votes, line.position, line.outcome) for line in published.result.lines] == [
        (7, 1, 1),
        (6, 2, 1),
        (5, 3, 3),
    ]
    assert (published.result.papers, published.result.codes_issued, published.result.chosen_cents) == (12, 50, 80_000)
    seen = [await read(funds, p) for p in voting.proposals]
    assert [(p.status, p.place, p.chosen) for p in seen] == [(5, 2, True), (5, 3, False), (5, 1, True)]
    assert seen[0].course[-1].reason == "Ausgezählt am Abend."
    said = await funds.said(voting.ballot_id)
    assert [(m.subject.split(".")[1], m.fact) for m in said] == [
        ("pub", "ballot_opened"),
        ("pub", "ballot_closed"),
        ("pub", "ballot_result_published"),
    ]
    assert said[2].body["result"]["papers"] == 12


async def test_whoever_has_the_terms_can_prove_them_and_the_lot(funds: Started) -> None:
    voting = await a_voting(funds, 100, 100)
    seen = await voting.get()
    assert hashlib.sha256(seen.terms_text.encode()).hexdigest() == seen.terms_sha256
    terms = json.loads(seen.terms_text)
    assert terms["lot_sha256"] == seen.lot_sha256
    assert [option["cost_cents"] for option in terms["options"]] == [100, 100]
    assert seen.lot_seed == ""
    assert (await voting.get(OFFICE)).lot_seed == ""
    await voting.begin()
    for code in voting.codes[:10]:
        await voting.cast(code, 0, 1)
    await voting.end()
    published = await voting.act("PublishBallot")
    assert hashlib.sha256(published.lot_seed.encode()).hexdigest() == seen.lot_sha256
    assert published.terms_text == seen.terms_text


async def test_the_count_leaves_papers_that_lead_to_no_code(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200, codes=600)
    await voting.begin()
    for code in voting.codes[:12]:
        await voting.cast(code, 0)
    seals = {row["_id"] for row in await voting.kept("ballot_votes")}
    await voting.end()

    assert await voting.kept("ballot_votes") == []
    assert await voting.kept("voting_rights") == []
    papers = await voting.kept("ballot_papers")
    assert len(papers) == 12
    assert {frozenset(paper) for paper in papers} == {frozenset({"_id", "_schema", "ballot_id", "piece", "choices"})}
    assert {paper["_id"] for paper in papers} & seals == set()


@given(st.data())
@settings(max_examples=2)
async def test_whatever_people_cast_and_change_the_result_is_that_of_their_last_votes(
    funds: Started, data: st.DataObject
) -> None:
    voting = await a_voting(funds, 100, 200, 300)
    await voting.begin()
    last = {code: data.draw(PAPERS, label="first") for code in voting.codes[:10]}
    changes = data.draw(st.lists(st.tuples(st.sampled_from(voting.codes[:12]), PAPERS), max_size=12), label="changes")
    for code, numbers in [*last.items(), *changes]:
        await voting.cast(code, *numbers)
        last[code] = numbers
    await voting.end()

    result = (await voting.act("PublishBallot")).result
    totals = {line.proposal_id: line.votes for line in result.lines}
    assert [totals[p.id] for p in voting.proposals] == [sum(n in chosen for chosen in last.values()) for n in range(3)]
    assert result.papers == len(last)
    assert (await voting.recount()).agrees


async def test_a_recount_from_the_papers_agrees_and_a_paper_that_was_changed_is_noticed(funds: Started) -> None:
    voting = await a_voting(funds, 60_000, 40_000, 50_000, rules=KNAPSACK)
    with refused("BALLOT_NOT_COUNTED", "FAILED_PRECONDITION"):
        await voting.recount()
    await voting.begin()
    for code in voting.codes[:10]:
        await voting.cast(code, 0, 1)
    await voting.cast(voting.codes[10], 1, 2)
    await voting.end()
    first = await voting.recount()
    assert first.agrees
    assert first.terms_sha256 == (await voting.get()).terms_sha256
    assert [(line.votes, line.outcome) for line in first.result.lines] == [(11, 1), (10, 1), (1, 2)]
    assert (first.result.chosen_cents, first.result.left_cents) == (100_000, 0)

    rows = funds.running.service.store.rows("ballot_papers")
    await rows.update_one(
        {"ballot_id": voting.ballot_id, "choices.proposal_id": voting.proposals[0].id}, {"$set": {"choices": []}}
    )
    assert not (await voting.recount()).agrees


async def test_a_ballot_that_few_came_to_is_told_to_nobody_and_can_be_cancelled(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200)
    await voting.begin()
    for code in voting.codes[:9]:
        await voting.cast(code, 0)
    await voting.end()
    seen = await voting.get(OFFICE)
    assert (seen.result.papers, len(seen.result.lines)) == (9, 0)
    for refusal in (voting.act("PublishBallot"), voting.recount()):
        with refused("TOO_FEW_VOTES", "FAILED_PRECONDITION"):
            await refusal
    await voting.act("CancelBallot", reason="Zu wenige kamen.")
    await funds.move_clock(await funds.now() + timedelta(seconds=1))
    assert await voting.kept("ballot_papers") == []
    assert [(await read(funds, p)).status for p in voting.proposals] == [3, 3]


async def test_a_cancelled_ballot_erases_its_votes_and_frees_its_proposals(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200)
    await voting.begin()
    await voting.cast(voting.codes[0], 0)
    await voting.act("CancelBallot", reason="Ein Vorschlag ist unmöglich geworden.")

    async def erased() -> bool:
        return not await voting.kept("ballot_votes") and not await voting.kept("voting_rights")

    await eventually(erased)
    with refused("BALLOT_CANCELLED", "FAILED_PRECONDITION"):
        await voting.cast(voting.codes[0], 0)
    assert [m.fact for m in await funds.said(voting.ballot_id)] == ["ballot_opened", "ballot_cancelled"]
    seen = await read(funds, voting.proposals[0])
    assert (seen.status, seen.ballot_id, seen.course[-1].reason) == (3, "", "Ein Vorschlag ist unmöglich geworden.")


async def test_a_draft_is_the_offices_alone_also_when_it_is_cancelled(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200, opened=False)
    for cancelled in (False, True):
        if cancelled:
            await voting.act("CancelBallot")
        assert (await voting.get(OFFICE)).id == voting.ballot_id
        for call in (voting.get(), voting.cast(voting.codes[0], 0)):
            with refused("BALLOT_NOT_FOUND", "NOT_FOUND"):
                await call
        for roles, there in (((), False), ((OFFICE,), True)):
            listed = await funds.call("BallotService/ListBallots", {"region": REGION}, *roles)
            assert (voting.ballot_id in [ballot.id for ballot in listed.ballots]) is there
    assert await funds.said(voting.ballot_id) == []


async def test_only_what_is_routed_to_the_vote_here_stands_on_a_ballot(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200, opened=False)
    draft = await voting.get(OFFICE)
    elsewhere = await propose(funds, region="01")
    feasible = await routed(funds, "FEASIBLE", cents=0)
    request = {
        "ballot_id": draft.id,
        "name": draft.name,
        "rules": VOTES,
        "opens_at": voting.opens_at.isoformat(),
        "closes_at": voting.closes_at.isoformat(),
        "proposal_ids": [voting.proposals[0].id, elsewhere.id, feasible.id, new_id()],
    }
    await funds.call("BallotService/ReviseBallot", request, OFFICE)
    with refused("PROPOSALS_NOT_READY", "FAILED_PRECONDITION", "proposal_ids[3]"):
        await voting.act("OpenBallot")
    twice = [voting.proposals[0].id] * 2
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "proposal_ids"):
        await funds.call("BallotService/ReviseBallot", request | {"proposal_ids": twice}, OFFICE)
    two = [proposal.id for proposal in voting.proposals]
    await funds.call("BallotService/ReviseBallot", request | {"proposal_ids": two}, OFFICE)
    await voting.act("OpenBallot")
    with refused("BALLOT_OPEN", "FAILED_PRECONDITION"):
        await funds.call("BallotService/ReviseBallot", request, OFFICE)
    with refused("PROPOSAL_VOTING", "FAILED_PRECONDITION"):
        await step(funds, "RouteProposal", voting.proposals[0], way="PROPOSAL_WAY_VOTE", estimated_cents=1)
