"""Codes and votes through gRPC: who may vote with what, what is kept of it, and that codes are told once."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.ports import new_id
from tests.support.city import Started
from tests.support.client import Refused, refused
from tests.support.funds import OFFICE, REGION
from tests.support.funds_ballot import AUDITOR, KNAPSACK, a_voting
from tests.support.funds_proposal import WHY


async def test_nothing_is_kept_of_a_vote_but_its_seal_and_its_choice(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200)
    rows = funds.running.service.store.rows
    rights, made = await voting.kept("voting_rights"), await voting.kept("ballot_votes")
    ballot = await rows("ballots").find_one({"_id": voting.ballot_id})
    await voting.begin()
    others = ("outbox", "idempotency", "timers", "persons")
    before = {name: await rows(name).distinct("_id") for name in others}
    await voting.cast(voting.codes[7], 1)
    await voting.cast(voting.codes[3], 0)
    await voting.cast(voting.codes[7], 0, 1)

    kept = await voting.kept("ballot_votes")
    assert {frozenset(row) for row in kept} == {frozenset({"_id", "_schema", "ballot_id", "piece", "choices"})}
    # A row for each code was there before, and stays where it was.
    assert [row["_id"] for row in kept] == [row["_id"] for row in made]
    assert all(len(row["_id"]) == 64 and not row["choices"] for row in made)
    cast = [row["choices"] for row in kept if row["choices"]]
    assert sorted(len(choices) for choices in cast) == [1, 2]
    assert {frozenset(choice) for choices in cast for choice in choices} == {frozenset({"proposal_id", "votes"})}
    assert await voting.kept("voting_rights") == rights
    assert {row["_id"] for row in rights} & {row["_id"] for row in kept} == set()
    assert await rows("ballots").find_one({"_id": voting.ballot_id}) == ballot
    assert {name: await rows(name).distinct("_id") for name in others} == before


async def test_rows_lie_in_the_order_of_their_seals_so_that_their_place_tells_nothing(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200)
    for name in ("ballot_votes", "voting_rights"):
        ids = [row["_id"] for row in await voting.kept(name)]
        assert ids == sorted(ids)


async def test_a_vote_is_changed_until_closing_and_the_last_one_counts(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200)
    await voting.begin()
    for code in voting.codes[:10]:
        await voting.cast(code, 0)
        answer = await voting.cast(code.lower().replace("-", " "), 1)
        assert answer.closes_at.ToDatetime().replace(tzinfo=voting.closes_at.tzinfo) == voting.closes_at
    await voting.end()
    assert [line.votes for line in (await voting.act("PublishBallot")).result.lines] == [10, 0]
    with refused("VOTING_IS_OVER", "FAILED_PRECONDITION"):
        await voting.cast(voting.codes[0], 0)


async def test_a_code_that_does_not_hold_is_told_the_same_whatever_is_wrong_with_it(funds: Started) -> None:
    other = await a_voting(funds, 100, 200)
    voting = await a_voting(funds, 100, 200)
    holding = voting.codes
    await voting.issue()
    revoked = voting.codes
    await funds.call("VotingService/RevokeCodes", {"batch_id": voting.batch_id} | WHY, OFFICE)
    await voting.begin()
    answers = set()
    for code in (other.codes[0], revoked[0], "0000-0000-0000-0000-0"):
        with pytest.raises(Refused) as told:
            await voting.cast(code, 0)
        answers.add((told.value.code, told.value.reason, str(told.value)))
    assert [answer[:2] for answer in answers] == [("PERMISSION_DENIED", "CODE_UNKNOWN")]
    with refused("CODE_MISTYPED", "INVALID_ARGUMENT", "code"):
        await voting.cast("0000-0000-0000-0000-1", 0)
    await voting.cast(holding[0], 0)
    assert (await voting.get()).codes_issued == 50


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ([], "NOTHING_CHOSEN"),
        ([{"proposal_id": new_id()}], "NOT_ON_THIS_BALLOT"),
        ([(0, 1), (0, 1)], "CHOSEN_TWICE"),
        ([(0, 1), (1, 1)], "PURSE_EXCEEDED"),
        ([(0, 2)], "TOO_MANY_VOTES"),
        ([(0, 51)], "INVALID_FIELDS"),
        ([(0, -1)], "INVALID_FIELDS"),
    ],
)
async def test_what_the_rules_do_not_allow_is_refused_and_the_earlier_vote_stays(
    funds: Started, choices: list[Any], reason: str
) -> None:
    voting = await a_voting(funds, 70_000, 40_000, rules=KNAPSACK)
    await voting.begin()
    await voting.cast(voting.codes[0], 1)
    kept = await voting.kept("ballot_votes")
    wrong = [
        choice if isinstance(choice, dict) else {"proposal_id": voting.proposals[choice[0]].id, "votes": choice[1]}
        for choice in choices
    ]
    with refused(reason, "INVALID_ARGUMENT"):
        await voting.cast(voting.codes[0], choices=wrong)
    assert await voting.kept("ballot_votes") == kept


async def test_codes_are_told_once_and_are_nowhere_after_that(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200, codes=0)
    request = {"ballot_id": voting.ballot_id, "region": REGION, "purpose": "Bibliothek", "count": 50}
    once = {"request_id": new_id()}
    with capture_logs() as entries:
        codes = (await funds.call("VotingService/IssueCodes", request | once, OFFICE, sub="office")).codes
    assert len(set(codes)) == 50
    with refused("ANSWERED_BEFORE", "ALREADY_EXISTS"):
        await funds.call("VotingService/IssueCodes", request | once, OFFICE, sub="office")
    listed = await funds.call("VotingService/ListCodeBatches", {"ballot_id": voting.ballot_id}, AUDITOR)
    assert [(batch.count, batch.purpose) for batch in listed.batches] == [(50, "Bibliothek")]
    database = funds.running.service.store._database
    everything = [
        str(await database[name].find({}).to_list(100_000)) for name in await database.list_collection_names()
    ]
    everything.append(str(entries))
    bare = [form for code in codes for form in (code, code.replace("-", ""), code.replace("-", "")[:-1])]
    assert [form for form in bare for text in everything if form in text] == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"count": 49}, "INVALID_FIELDS"),
        ({"count": 1_001}, "INVALID_FIELDS"),
        ({"region": "01"}, "REGION_OUTSIDE"),
        ({"purpose": ""}, "INVALID_FIELDS"),
    ],
)
async def test_batches_that_would_tell_on_their_voters_are_not_made(
    funds: Started, more: dict[str, Any], reason: str
) -> None:
    voting = await a_voting(funds, 100, 200, codes=0, opened=False)
    with refused(reason, "INVALID_ARGUMENT"):
        await voting.issue(**more)


async def test_once_voting_has_begun_no_code_is_taken_back(funds: Started) -> None:
    voting = await a_voting(funds, 100, 200)
    await voting.begin()
    with refused("VOTING_HAS_BEGUN", "FAILED_PRECONDITION"):
        await funds.call("VotingService/RevokeCodes", {"batch_id": voting.batch_id} | WHY, OFFICE)
    await voting.issue()
    await voting.cast(voting.codes[0], 0)
