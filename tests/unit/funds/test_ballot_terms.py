"""Frozen terms: whoever has their text can hash it; and what a voter may choose under them."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.ballot_rules import BallotRules
from services.funds.domain.ballot_terms import BallotTerms
from services.funds.domain.refusals.ballot import (
    BallotRulesWrong,
    ChosenTwice,
    NothingChosen,
    NotOnThisBallot,
    PurseExceeded,
    TooManyVotes,
)
from tests.support.funds_ballot import choose, knapsack_rules, some_terms, votes_rules

TEXT = (
    '{"ballot_id":"b","closes_at":"2027-03-12T11:00:00.000Z",'
    '"lot_sha256":"2a1a5e4f","opens_at":"2027-03-11T11:00:00.000Z","options":['
    '{"cost_cents":100,"proposal_id":"00000000-0000-7000-8000-000000000000","title":"Nr. 0"},'
    '{"cost_cents":200,"proposal_id":"00000001-0000-7000-8000-000000000000","title":"Nr. 1"}],"region":"114009",'
    '"rules":{"budget_cents":0,"kind":"votes","min_votes":10,"tie_rule":"lower_cost","votes_per_person":3,'
    '"votes_per_proposal":2,"winners":2}}'
)


def test_the_hashed_text_is_what_the_documents_say() -> None:
    terms = some_terms(votes_rules(), 100, 200)
    wanted = TEXT.replace("2a1a5e4f", hashlib.sha256(b"00112233445566778899aabbccddeeff").hexdigest())
    assert terms.text == wanted
    assert terms.sha256 == hashlib.sha256(wanted.encode()).hexdigest()


def test_the_text_needs_no_encoding_and_no_order_of_the_proposals() -> None:
    terms = some_terms(votes_rules(), 100, 200)
    turned = BallotTerms(**{name: getattr(terms, name) for name in BallotTerms.__dataclass_fields__} | {"options": terms.options[::-1]})  # fmt: skip
    assert turned.sha256 == terms.sha256
    assert json.loads(terms.text)["options"][1]["cost_cents"] == 200
    assert terms.text.isascii()


@pytest.mark.parametrize(
    "other",
    [
        some_terms(votes_rules(), 100, 201),
        some_terms(votes_rules(winners=1), 100, 200),
        some_terms(votes_rules(min_votes=11), 100, 200),
        some_terms(votes_rules(), 100, 200, 300),
    ],
)
def test_other_terms_have_another_hash(other: BallotTerms) -> None:
    assert other.sha256 != some_terms(votes_rules(), 100, 200).sha256


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=5))
def test_votes_are_taken_exactly_where_the_rules_allow_them(given_: list[tuple[int, int]]) -> None:
    terms = some_terms(votes_rules(), 100, 200, 300)
    choices = [choose(number, votes=votes)[0] for number, votes in given_]
    numbers = [number for number, _ in given_]
    allowed = (
        bool(given_)
        and 3 not in numbers
        and len(set(numbers)) == len(numbers)
        and sum(votes for _, votes in given_) <= 3
        and all(votes <= 2 for _, votes in given_)
    )
    if allowed:
        assert set(terms.paper(choices)) == set(choices)
    else:
        with pytest.raises((NothingChosen, NotOnThisBallot, ChosenTwice, TooManyVotes)):
            terms.paper(choices)


@given(st.sets(st.integers(0, 5), min_size=1))
def test_a_purse_holds_what_costs_at_most_the_budget(numbers: set[int]) -> None:
    costs = [100, 200, 300, 400, 500, 600]
    terms = some_terms(knapsack_rules(1_000), *costs)
    if sum(costs[number] for number in numbers) <= 1_000:
        assert len(terms.paper(choose(*numbers))) == len(numbers)
    else:
        with pytest.raises(PurseExceeded):
            terms.paper(choose(*numbers))


def test_in_a_purse_each_proposal_lies_once() -> None:
    with pytest.raises(TooManyVotes):
        some_terms(knapsack_rules(), 100).paper(choose(0, votes=2))


def test_papers_are_kept_in_one_order_whatever_was_typed_first() -> None:
    terms = some_terms(votes_rules(), 100, 200)
    assert terms.paper(choose(1, 0)) == terms.paper(choose(0, 1))


@pytest.mark.parametrize(
    ("rules", "fields"),
    [
        (votes_rules(votes_per_person=0), {"rules.votes_per_person", "rules.votes_per_proposal"}),
        (votes_rules(votes_per_proposal=0), {"rules.votes_per_proposal"}),
        (votes_rules(votes_per_proposal=4), {"rules.votes_per_proposal"}),
        (votes_rules(winners=0), {"rules.winners"}),
        (knapsack_rules(0), {"rules.budget_cents"}),
        (knapsack_rules(votes_per_person=3), {"rules.votes_per_person"}),
        (knapsack_rules(votes_per_proposal=1), {"rules.votes_per_proposal"}),
    ],
)
def test_rules_that_leave_open_what_wins_are_refused_field_by_field(rules: BallotRules, fields: set[str]) -> None:
    with pytest.raises(BallotRulesWrong) as caught:
        rules.check()
    assert set(caught.value.fields) == fields


def test_rules_that_say_what_wins_are_not() -> None:
    for rules in (votes_rules(), votes_rules(winners=0, budget_cents=1), knapsack_rules(), knapsack_rules(winners=3)):
        rules.check()
